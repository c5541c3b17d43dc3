"""`siban indicators`: every declared figure with its parts, of the whole territory or of one unit, today or as recorded of a day."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siban.identity.api import Org, org_by_name
from siban.kernel import clock, measures
from siban.kernel.measures import REGISTRY, Figure, Measure, Pending, Scope, Several, variants_of
from siban.oversight.queries import aims, snapshots
from siban.oversight.queries.figures import place


class Command(BaseCommand):
    help = "查看全部指标：实际、分子、分母、目标；--explain 说明一个指标怎样计算"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--explain", metavar="标识", default="", help="说明一个指标：含义、分子、分母、来源、口径、目标、统计语句"
        )
        parser.add_argument(
            "--day", metavar="日期", default="", help="某一天记录的数，例如 2026-03-02（默认：现在的数）"
        )
        parser.add_argument(
            "--unit", metavar="单位", default="", help="一个单位的数：名称、简称、别名或者机构代码（默认：全部）"
        )
        parser.add_argument("--document", metavar="文件", default="", help="只列某个文件提出要求的指标，例如 000")
        parser.add_argument(
            "--format",
            choices=["text", "json"],
            default="text",
            help="text：一行一个指标，以制表符分隔；json：一个数组",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["explain"]:
            self._explain(options["explain"], options["format"])
            return
        unit = self._unit(options["unit"])
        counted = self._figures(options["day"], unit)
        wanted = aims.all_aims(region_code=settings.SITE_REGION, on=clock.local_day(clock.now()))
        rows = []
        for m in sorted(REGISTRY.values(), key=place):
            targets = wanted.get(m.slug, [])
            if options["document"] and options["document"] not in {t.document_code for t in targets}:
                continue
            rows.append(_row(m, counted.get(m.slug), targets, for_unit=unit is not None))
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write("编号\t标识\t名称\t状态\t数值\t分子\t分母\t目标")
        for row in rows:
            cells = (
                row["code"],
                row["slug"],
                row["title"],
                row["state"],
                row["value"],
                row["hits"],
                row["total"],
                "；".join(row["targets"]),
            )
            self.stdout.write("\t".join("" if c is None else str(c) for c in cells))

    def _unit(self, name: str) -> Org | None:
        if not name:
            return None
        found = Org.objects.filter(code=name).first() or org_by_name(name, region_prefix="")
        if found is None:
            raise CommandError(f"没有叫“{name}”的单位。请写机构的名称、简称、别名或者代码。", returncode=2)
        return found

    def _figures(self, day: str, unit: Org | None) -> dict[str, Figure]:
        if not day:
            scope = Scope(orgs=(unit.pk,)) if unit else Scope()
            return {slug: found[None] for slug, found in measures.figures(REGISTRY.values(), scope=scope).items()}
        try:
            on = date.fromisoformat(day)
        except ValueError:
            raise CommandError(f"--day 要写日期，例如 2026-03-02，写的是“{day}”。", returncode=2) from None
        if not snapshots.is_recorded(on):
            raise CommandError(f"{on}没有记录过指标。", returncode=2)
        if unit is None:
            return snapshots.totals_on(on)
        return {slug: found[unit.pk] for slug, found in snapshots.figures_on(on).items() if unit.pk in found}

    def _explain(self, slug: str, form: str) -> None:
        m = REGISTRY.get(slug) or next((x for x in REGISTRY.values() if x.code == slug), None)
        if m is None:
            raise CommandError(f"没有标识或者编号是“{slug}”的指标。全部指标见 siban indicators。", returncode=2)
        said = explained(m)
        if form == "json":
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for name, value in said.items():
            for line in value if isinstance(value, list) else [value]:
                self.stdout.write(f"{name}：{line}")


def _state(m: Measure) -> str:
    return "已接入" if m.is_computed else "组合" if isinstance(m, Several) else "待接入"


def _row(m: Measure, figure: Figure | None, targets: list[Any], *, for_unit: bool) -> dict[str, Any]:
    asked = [t for t in targets if for_unit or not t.each]
    return {
        "code": m.code, "slug": m.slug, "title": m.title + (f"（{m.variant}）" if m.variant_of else ""), "category": m.category,
        "variant_of": m.variant_of, "state": _state(m), "value": m.text(figure) if m.is_computed else None,
        "hits": figure.hits if figure else None, "total": figure.total if figure else None,
        "targets": [f"{t.document_code} {x}" for t, x in zip(asked, aims.said(m, asked), strict=True)],
    }  # fmt: skip


def explained(m: Measure) -> dict[str, Any]:
    """Everything declared of a measure, in words, with the statement by which it is counted."""
    said: dict[str, Any] = {
        "编号": m.code, "标识": m.slug, "名称": m.title, "类别": m.category, "状态": _state(m), "含义": m.words, "分子": m.numerator,
        "分母": m.denominator, "来源": m.source, "层级": "、".join(measures.LEVELS.get(one, one) for one in m.level), "说明": m.note,
        "口径": [f"{v.variant}（{v.slug}）：{v.words}" for v in variants_of(m.slug)],
        "需要": f"{m.needs}（{m.room}）" if isinstance(m, Pending) else "",
        "组成": [f"{REGISTRY[p].title}（{p}）" for p in m.parts] if isinstance(m, Several) else [],
        "怎样改": [f"{x.words}（工作量 {x.cost}）" for x in m.mends],
    }  # fmt: skip
    rows = aims.Target.objects.filter(measure=m.slug).order_by("document_code", "deadline", "place")
    said["目标"] = [
        f"{t.document_code} {t.document} {t.place} {t.wants(share=m.is_share)} {t.deadline or t.deadline_words}"
        for t in rows
    ]
    if m.is_computed:
        said["明细语句"] = str(measures.rows_behind(m, "hits").order_by().values("pk").query)
    return {k: v for k, v in said.items() if v not in ("", [])}
