"""`siban verify`: prove the journal."""

from typing import Any

from django.core.management.base import BaseCommand

from siban.kernel import journal
from siban.kernel.models import JournalAnchor, JournalEntry


class Command(BaseCommand):
    help = "核对全部操作记录：逐行校验，逐日封存；发现改动时指出是哪一行"

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for fault in journal.verify():
            broken += 1
            number = f"（记录编号 {fault.entry_id}）" if fault.entry_id else ""
            self.stdout.write(f"{fault.subject}{number}：{fault.why}")
        rows, anchors = JournalEntry.objects.count(), JournalAnchor.objects.count()
        if broken:
            self.stderr.write(f"共 {rows} 行记录、{anchors} 个日封存，发现 {broken} 处问题。")
            raise SystemExit(1)
        self.stdout.write(f"共 {rows} 行记录、{anchors} 个日封存，全部完好。")
