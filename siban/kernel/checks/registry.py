"""Declared checks of an object's content: each has a number, a source, what it needs, what it finds, and a mend."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["E", "W"]  # error: must not be published; warning: ought to be looked at
Context = Mapping[str, Any]


class CheckError(ValueError):
    """A check that is declared or selected wrongly; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a check found: where in the object, the value there, what is wrong; its own mend, if it has one."""

    path: str
    value: object
    message: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One declared check. `needs` names what must be in the context; without it the check is not run."""

    number: str
    title: str
    severity: Severity
    source: str
    find: Callable[[Any, Context], Iterable[Found]]
    mend: str
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.severity not in ("E", "W"):
            raise CheckError(f"检查 {self.number} 的级别“{self.severity}”无法识别，应为 E 或 W。")
        for field in ("number", "title", "source", "mend"):
            if not getattr(self, field).strip():
                raise CheckError(f"检查“{self.number or self.title}”缺少 {field}，请补全编号、名称、依据和改法。")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with all that is needed to show it without the check."""

    number: str
    title: str
    severity: Severity
    source: str
    path: str
    value: object
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run found, and which checks could not be run for want of what they need."""

    found: tuple[Finding, ...]
    not_run: Mapping[str, tuple[str, ...]]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that forbid publishing."""
        return tuple(finding for finding in self.found if finding.severity == "E")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that ought to be looked at."""
        return tuple(finding for finding in self.found if finding.severity == "W")

    def at(self, path: str) -> tuple[Finding, ...]:
        """Findings at a place of the object or inside it (`materials` holds `materials[2].name`)."""
        inside = (f"{path}.", f"{path}[")
        return tuple(finding for finding in self.found if finding.path == path or finding.path.startswith(inside))


class Registry:
    """Checks by number, in the order of their numbers."""

    def __init__(self, checks: Iterable[Check] = ()) -> None:
        self._checks: dict[str, Check] = {}
        for check in checks:
            self.add(check)

    def add(self, check: Check) -> Check:
        """Take up a check; a number is given once."""
        if check.number in self._checks:
            raise CheckError(f"检查编号 {check.number} 已用于“{self._checks[check.number].title}”，请换一个编号。")
        self._checks[check.number] = check
        return check

    def check(
        self, number: str, title: str, severity: Severity, *, source: str, mend: str, needs: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Any, Context], Iterable[Found]]], Check]:
        """Declare the decorated function as a check."""

        def declare(find: Callable[[Any, Context], Iterable[Found]]) -> Check:
            return self.add(Check(number, title, severity, source, find, mend, needs))

        return declare

    def __getitem__(self, number: str) -> Check:
        return self._checks[number]

    def __contains__(self, number: object) -> bool:
        return number in self._checks

    def __iter__(self) -> Iterator[Check]:
        return iter(sorted(self._checks.values(), key=lambda check: check.number))

    def __len__(self) -> int:
        return len(self._checks)


def run(
    registry: Registry,
    subject: object,
    context: Context,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Findings:
    """Run the checks on an object: those selected (all if none), without those ignored."""
    for number in (*select, *ignore):
        if number not in registry:
            raise CheckError(f"没有编号为 {number} 的检查，请核对编号。")
    found: list[Finding] = []
    not_run: dict[str, tuple[str, ...]] = {}
    for check in registry:
        if check.number in ignore or (select and check.number not in select):
            continue
        lacking = tuple(need for need in check.needs if need not in context)
        if lacking:
            not_run[check.number] = lacking
            continue
        found.extend(
            Finding(
                number=check.number,
                title=check.title,
                severity=check.severity,
                source=check.source,
                path=one.path,
                value=one.value,
                message=one.message,
                mend=check.mend if one.mend is None else one.mend,
            )
            for one in check.find(subject, context)
        )
    return Findings(tuple(found), not_run)
