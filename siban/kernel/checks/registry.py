"""Declared checks of an object's content: each has a number, a source, what it needs, what it finds, and a mend."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["E", "W"]  # error: must not be published; warning: ought to be looked at
Context = Mapping[str, Any]


class CheckError(ValueError):
    """A check that is declared or selected wrongly; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a check found: where in the object, the value there, what is wrong; its own mend and severity, if any."""

    path: str
    value: object
    message: str
    mend: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A good and a bad object of a check, shown in the documents and run by the tests."""

    good: Mapping[str, Any]
    bad: Mapping[str, Any]
    context: Mapping[str, Any] = field(default_factory=dict)


Fix = Callable[[Any, Found], Mapping[str, object]]
"""A safe mend: (object, what was found) -> new values by path; empty when only a person can tell."""


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
    example: Example | None = None
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if self.severity not in ("E", "W"):
            raise CheckError(f"检查 {self.number} 的级别“{self.severity}”无法识别，应为 E 或 W。")
        for part in ("number", "title", "source", "mend"):
            if not getattr(self, part).strip():
                raise CheckError(f"检查“{self.number or self.title}”缺少 {part}，请补全编号、名称、依据和改法。")


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
        self,
        number: str,
        title: str,
        severity: Severity,
        *,
        source: str,
        mend: str,
        needs: tuple[str, ...] = (),
        example: Example | None = None,
        fix: Fix | None = None,
    ) -> Callable[[Callable[[Any, Context], Iterable[Found]]], Check]:
        """Declare the decorated function as a check."""

        def declare(find: Callable[[Any, Context], Iterable[Found]]) -> Check:
            return self.add(Check(number, title, severity, source, find, mend, needs, example, fix))

        return declare

    def __getitem__(self, number: str) -> Check:
        return self._checks[number]

    def __contains__(self, number: object) -> bool:
        return number in self._checks

    def __iter__(self) -> Iterator[Check]:
        return iter(sorted(self._checks.values(), key=lambda check: check.number))

    def __len__(self) -> int:
        return len(self._checks)


class Plan:
    """The checks of a run, chosen once and then run on any number of objects."""

    def __init__(
        self,
        registry: Registry,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        severities: Mapping[str, Severity] | None = None,
    ) -> None:
        """Choose those selected (all if none), without those ignored; `severities` overrule the declared ones."""
        for number in (*select, *ignore, *(severities or ())):
            if number not in registry:
                raise CheckError(f"没有编号为 {number} 的检查，请核对编号。")
        self.checks = tuple(c for c in registry if c.number not in ignore and (not select or c.number in select))
        self._free = [(c, c.find) for c in self.checks if not c.needs]
        self._needing = [(c, c.find, c.needs) for c in self.checks if c.needs]
        self._severities = dict(severities or {})

    def __call__(self, subject: object, context: Context) -> Findings:
        """Run the checks on an object."""
        hits: list[tuple[Check, Found]] = []
        not_run: dict[str, tuple[str, ...]] = {}
        for check, find in self._free:
            for one in find(subject, context):
                hits.append((check, one))
        for check, find, needs in self._needing:
            for need in needs:
                if need not in context:
                    not_run[check.number] = tuple(n for n in needs if n not in context)
                    break
            else:
                for one in find(subject, context):
                    hits.append((check, one))
        if not hits:
            return NOTHING if not not_run else Findings((), not_run)
        hits.sort(key=lambda hit: hit[0].number)
        return Findings(tuple(self._finding(check, one) for check, one in hits), not_run)

    def _finding(self, check: Check, one: Found) -> Finding:
        severity = self._severities.get(check.number) or one.severity or check.severity
        return Finding(
            number=check.number, title=check.title, severity=severity, source=check.source, path=one.path,
            value=one.value, message=one.message, mend=check.mend if one.mend is None else one.mend,
        )  # fmt: skip


NOTHING = Findings((), {})


def run(
    registry: Registry,
    subject: object,
    context: Context,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Findings:
    """Run the checks on an object: those selected (all if none), without those ignored."""
    return Plan(registry, select, ignore)(subject, context)


DECLARED: dict[str, Registry] = {}


def declare(name: str, registry: Registry) -> Registry:
    """Name a registry, so that its checks are documented."""
    if DECLARED.setdefault(name, registry) is not registry:
        raise CheckError(f"已有名为 {name} 的一组检查，请换一个名称。")
    return registry
