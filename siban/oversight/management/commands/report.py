"""`siban report`: a dispatch table, bulletin or summary of a day as a file; nothing is kept. The same day and instant give the same bytes."""

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from siban.identity.api import Org
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.oversight.actions import documents
from siban.oversight.documents import setting
from siban.oversight.documents.kinds import KINDS


class Command(BaseCommand):
    help = "生成日调度、周通报、月通报或者季度工作总结的草稿文件；同一天、同一时刻所知的数字，生成的文件逐字节相同"

    def add_arguments(self, parser: ArgumentParser) -> None:
        said = "；".join(f"{kind} {words[0]}" for kind, words in KINDS.items())
        parser.add_argument("kind", choices=list(KINDS), metavar="种类", help=said)
        parser.add_argument("--day", metavar="日期", default="", help="统计日，例如 2026-03-20（默认：今天）")
        parser.add_argument(
            "--known-at", metavar="时刻", default="", help="按这一时刻所知的数字，例如 2026-03-20T18:00（默认：现在）"
        )
        parser.add_argument("--org", metavar="机构代码", default="gov_service", help="发文的政务服务管理机构")
        parser.add_argument("--out", metavar="文件", required=True, help="写到哪里；.docx 或者 .pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        out, now = Path(options["out"]), clock.now()
        if out.suffix.lower() not in (".docx", ".pdf"):
            raise CommandError(f"文件名“{out.name}”应以 .docx 或者 .pdf 结尾。")
        try:
            day = date.fromisoformat(options["day"]) if options["day"] else clock.local_day(now)
            at = datetime.fromisoformat(options["known_at"]) if options["known_at"] else now
        except ValueError:
            raise CommandError("日期写成 2026-03-20，时刻写成 2026-03-20T18:00。") from None
        org = Org.objects.select_related("region").filter(code=options["org"]).first()
        if org is None:
            raise CommandError(f"没有代码为“{options['org']}”的机构。可以用 siban indicators --unit 核对单位名称。")
        at = at if at.tzinfo else at.replace(tzinfo=clock.CHINA)
        try:
            made = documents.prepared(kind=options["kind"], day=day, org=org, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        content = setting.content_of(made)
        out.write_bytes(setting.word(content) if out.suffix.lower() == ".docx" else setting.pdf(content))
        self.stdout.write(f"已写到 {out}：《{made.title}》，{len(made.numbers())} 个数字。")
        for found in made.mismatches():
            self.stdout.write(f"勾稽不符：{found.where}：{found.words}")
