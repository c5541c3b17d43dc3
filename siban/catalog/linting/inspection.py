"""A whole inspection: every subject of the sources, every finding once, counted by rule and by unit."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siban.kernel.checks import Finding

from . import sharing
from .files import Locator
from .running import TYPE, Linter, linter
from .sources import NOWHERE, Place, Shared, Source, Subject
from .switches import Stored

UNIT_RULE = "R07"


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with its cell."""

    rule: str
    severity: str
    file: str
    place: Place
    unit: str
    item: str
    path: str
    anchor: str
    value: Any
    message: str
    fix: str
    source: str
    title: str


@dataclass(slots=True)
class Summary:
    """What was checked and found, counted."""

    items: int = 0
    errors: int = 0
    warnings: int = 0
    by_rule: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    by_unit: Counter[str] = field(default_factory=Counter)
    by_file: Counter[str] = field(default_factory=Counter)
    not_run: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, row: Row) -> None:
        """One more finding."""
        if row.severity == "E":
            self.errors += 1
        else:
            self.warnings += 1
        self.by_rule[row.rule, row.severity, row.title] += 1
        self.by_unit[row.unit] += 1

    def add(self, other: "Summary") -> None:
        """Count in what another process has counted."""
        self.items += other.items
        self.errors += other.errors
        self.warnings += other.warnings
        self.by_rule.update(other.by_rule)
        self.by_unit.update(other.by_unit)
        self.by_file.update(other.by_file)
        for rule, needs in other.not_run.items():
            self.not_run.setdefault(rule, Counter()).update(needs)


@dataclass(slots=True)
class Inspection:
    """Runs the rules over sources. `select`, `ignore` and `region` as on the command line."""

    sources: Iterable[Source]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    region: str | None = None
    tell: Callable[[int], None] = lambda count: None
    summary: Summary = field(default_factory=Summary)
    by_file: bool = False

    def rows(self) -> Iterator[Row]:
        """Every finding, in the order of the sources. Memory does not grow with the number of items."""
        for source in self.sources:
            yield from self._source(source)

    def portion(self, subjects: Iterable[Subject]) -> tuple[list[Row], Summary]:
        """What is found in some subjects, and the counts of these alone."""
        alone = Inspection((), self.select, self.ignore, self.region, by_file=self.by_file)
        return list(alone._subjects(subjects, Locator())), alone.summary

    def _source(self, source: Source) -> Iterator[Row]:
        cells = Locator()
        if isinstance(source, Shared) and source.is_large():
            for rows, counts in sharing.portions(source, source.workers(), self):
                self.summary.add(counts)
                self.tell(self.summary.items)
                yield from rows
        else:
            yield from self._subjects(source.subjects(), cells)
        if not (source.is_complete or UNIT_RULE in self.select):
            return  # a file is rarely the whole list of an organisation
        for unit in source.units():
            for finding in self._linter(unit.region, unit.switches).unit(unit.subject):
                anchor, place = finding.path, NOWHERE
                if unit.has_lines:
                    place = cells.place(unit.file, anchor)
                name = str(unit.subject.get("name") or unit.subject.get("id"))
                yield self._counted(
                    _as_row(finding, unit.file, place, name, str(unit.subject.get("id")), anchor, anchor)
                )

    def _subjects(self, subjects: Iterable[Subject], cells: Locator) -> Iterator[Row]:
        seen, file, last = set[tuple[str, str]](), "", ""
        for subject in subjects:
            if not subject.is_item:
                yield from self._faults(subject)
                continue
            if subject.file != file:
                file, seen = subject.file, set()
            if subject.id != last or subject.written is None:
                self.summary.items += 1
                if self.by_file:
                    self.summary.by_file[file] += 1
                self.tell(self.summary.items)
            last = subject.id
            found = self._linter(subject.region, subject.context.get("switches", ())).item(
                subject.content, subject.context
            )
            if subject.faults:
                yield from self._faults(subject, found)
            for rule, needs in found.not_run.items():
                self.summary.not_run.setdefault(rule, Counter()).update(needs)
            for finding in found:
                if row := self._row(subject, finding, cells, seen):
                    yield self._counted(row)

    def _faults(self, subject: Subject, also: Iterable[Finding] = ()) -> Iterator[Row]:
        """What reading has found already: cells without one meaning, rows without an item.

        A cell that cannot be read counts as empty. Where a rule misses something there, the fault is that rule's.
        """
        rules = self._linter(subject.region)
        missed = {subject.locate(one.path): one.number for one in also} if subject.locate else {}
        for place, found in subject.faults:
            if (finding := rules.told(found, missed.get(place) or subject.fault_of or TYPE)) is not None:
                yield self._counted(
                    _as_row(finding, subject.file, place, subject.unit, subject.id, found.path, found.path)
                )

    def _linter(self, region: str, stored: Stored = ()) -> Linter:
        return linter(region if self.region is None else self.region, self.select, self.ignore, stored)

    def _row(self, subject: Subject, finding: Finding, cells: Locator, seen: set[tuple[str, str]]) -> Row | None:
        if subject.written is None:
            place = subject.locate(finding.path) if subject.locate else NOWHERE
            if any(place == told for told, _ in subject.faults):
                return None  # a cell that cannot be read counts as empty; it is told once
            return _as_row(finding, subject.file, place, subject.unit, subject.id, finding.path, finding.path)
        at = subject.written(finding.path)
        if (finding.number, at.anchor) in seen:
            return None  # the same cell, seen through another organisation
        seen.add((finding.number, at.anchor))
        return _as_row(
            finding, subject.file, cells.place(subject.file, at.anchor), subject.unit, at.item, at.path, at.anchor
        )

    def _counted(self, row: Row) -> Row:
        self.summary.count(row)
        return row


def _as_row(finding: Finding, file: str, place: Place, unit: str, item: str, path: str, anchor: str) -> Row:
    return Row(
        rule=finding.number, severity=finding.severity, file=file, place=place, unit=unit, item=item, path=path,
        anchor=anchor, value=finding.value, message=finding.message, fix=finding.mend, source=finding.source,
        title=finding.title,
    )  # fmt: skip


NEEDS = {
    "base": "上级事项的内容",
    "catalogue_status": "基本目录的状态",
    "siblings": "本单位其他事项",
    "callable_types": "可调用电子证照清单",
    "grain_types": "颗粒化材料表",
}


def lacking(not_run: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Rules that were not run for some items, each as a sentence."""
    for rule, needs in sorted(not_run.items()):
        count = max(needs.values())
        yield f"{rule} 有 {count} 次没有检查：缺少{'、'.join(NEEDS.get(n, n) for n in needs)}。"
