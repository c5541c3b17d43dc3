"""Loading an item library from a workbook by the authority: sound items are published, the others given back marked."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.imports import Imported

from . import loading, rules
from .actions.judging import judge
from .content import read
from .elements import elements
from .loading import Listed
from .models import CatalogItem, ImplementationItem, WorkbookLine
from .workbook import changes, reading, returning, screening
from .workbook.assembling import Entry
from .workbook.places import Fault

TOGETHER = 500  # items kept in one transaction
SHOWN = 20  # faults told one by one
Verdict = WorkbookLine.Verdict


@dataclass(slots=True)
class Outcome:
    """What became of the items of a workbook."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: dict[str, list[Fault]] = field(default_factory=dict)


def load(path: Path, at: datetime) -> list[Imported]:
    """Keep the items of a workbook: new ones published, changed ones by a new version, each piece whole or not at all.

    Raises:
        ImportRefused: nothing of the workbook can be read.
    """
    screening.screen(path)
    book, chief, done = reading.opened(path), loading.authority(), Outcome()
    found = book.items()
    while entries := list(islice(found, TOGETHER)):
        with transaction.atomic():
            _keep(entries, book.absent, done, chief=chief, at=at)
    notes = [str(f) for faults in done.refused.values() for f in faults][:SHOWN] + [
        str(f) for f in book.faults[:SHOWN]
    ]
    if done.refused or book.faults:
        back = path.with_name(f"{path.stem}-退回.xlsx")
        count = _give_back(path, back, done.refused)
        notes.append(f"{count} 项没有导入，已写入 {back.name}，问题所在的单元格已标出。")
    notes += [f"“{sheet}”表的“{heading}”不是本系统的列，没有读取。" for sheet, heading in book.unknown[:SHOWN]]
    return [Imported("实施清单", done.added, done.changed, done.unchanged, tuple(notes))]


def _keep(entries: list[Entry], absent: Any, done: Outcome, *, chief: Actor, at: datetime) -> None:
    codes = [entry.code for entry in entries]
    known = set(ImplementationItem.objects.filter(impl_code__in=codes).values_list("impl_code", flat=True))
    _add([entry for entry in entries if entry.code not in known], done, chief=chief, at=at)
    for judged in judge([entry for entry in entries if entry.code in known], absent=absent, by=chief):
        if judged.verdict == Verdict.UNCHANGED:
            done.unchanged += 1
        elif judged.verdict == Verdict.REFUSED or judged.item is None or judged.content is None:
            done.refused[judged.entry.code] = judged.faults
        else:
            listed = Listed(judged.item.slug, judged.item.org, judged.content, read(judged.content))
            try:
                with transaction.atomic():
                    loading.renew(judged.item, listed, by=chief, at=at)
                done.changed += 1
            except Refused as why:
                done.refused[judged.entry.code] = [_fault(judged.entry, "impl_code", str(why))]


def _fault(entry: Entry, path: str, rule: str) -> Fault:
    return Fault(entry.locate(path), entry.content.get(path), rule)


def _add(entries: list[Entry], done: Outcome, *, chief: Actor, at: datetime) -> None:
    """Publish new items in a few statements."""
    orgs = {
        (org.uscc, org.region.level): org
        for org in Org.objects.filter(uscc__in={entry.code[:18] for entry in entries}).select_related("region")
    }
    slugs = {str(entry.content["id"]) for entry in entries} | {str(entry.content["base_item_id"]) for entry in entries}
    above = {item.slug: item for item in ImplementationItem.objects.filter(slug__in=slugs).order_by()}
    listed: list[Listed] = []
    taken = set(above)
    for entry in entries:
        faults = list(entry.faults) or _faults(entry, orgs, taken, chief)
        if faults:
            done.refused[entry.code] = faults
            continue
        content = {**entry.content, "status": "published", "version": 1}
        slug = str(content["id"])
        taken.add(slug)
        org = orgs[entry.code[:18], int(entry.code[18])]
        listed.append(Listed(slug, org, content, read(content), str(content["base_item_id"] or "")))
    _list_base(listed)
    loading.publish_many(listed, above, by=chief, at=at)
    done.added += len(listed)


def _list_base(listed: list[Listed]) -> None:
    """Base items that are not known yet, and the levels of those that are."""
    known = {row.pk: row for row in CatalogItem.objects.filter(pk__in={one.elements.basic_code for one in listed})}
    loading.keep_catalogue([one for one in listed if one.elements.basic_code not in known])
    more = []
    for one in listed:
        row = known.get(one.elements.basic_code)
        if row is not None and one.elements.exercise_level not in row.exercise_levels:
            row.exercise_levels = sorted({*row.exercise_levels, one.elements.exercise_level})
            more.append(row)
    CatalogItem.objects.bulk_update(more, ["exercise_levels"], batch_size=TOGETHER)


def _faults(entry: Entry, orgs: dict[Any, Org], taken: set[str], chief: Actor) -> list[Fault]:
    """Why a new item cannot be taken."""
    level = entry.code[18:19]
    org = orgs.get((entry.code[:18], int(level) if level.isdigit() else 0))
    if org is None or not chief.covers(org.region_id):
        why = "编码前 18 位不是本地区实施机构的统一社会信用代码，或者第 19 位与机构的层级不符"
        return [_fault(entry, "impl_code", why)]
    try:
        typed = read(entry.content)
    except msgspec.ValidationError:
        return [_fault(entry, "name", "这个事项缺少必须的要素，不能导入")]
    expected = rules.impl_code(org.uscc or "", typed.exercise_level, typed.basic_code)
    faults = []
    if entry.code != expected:
        faults.append(_fault(entry, "basic_code", f"与实施编码不符，按这一格实施编码应为 {expected}"))
    if not typed.id or typed.id in taken:
        faults.append(_fault(entry, "id", "事项标识是空的，或者已有事项使用"))
    if typed.dept_id != org.code:
        faults.append(_fault(entry, "dept_id", f"应为“{org.code}”"))
    faults += [Fault(entry.locate(where), value, rule) for where, value, rule in changes.unlawful(entry.content, None)]
    for at, material in enumerate(typed.materials):
        for place, asked in enumerate(material.form_fields):
            if asked.element not in elements():
                where = entry.locate(f"materials[{at}].form_fields[{place}].element")
                faults.append(Fault(where, asked.element, "数据元字典里没有这个数据元"))
    return faults


def _give_back(path: Path, back: Path, refused: dict[str, list[Fault]]) -> int:
    """Write what was not taken into a workbook of the same layout."""
    book = reading.opened(path)

    def rows() -> Any:
        for entry in book.items():
            if entry.code in refused:
                yield entry.rows, refused[entry.code]
        for fault, (sheet, number, row, part) in zip(book.faults, book.loose, strict=True):
            yield {sheet: [(number, row, part)]}, [fault]

    return returning.give_back(back, rows())
