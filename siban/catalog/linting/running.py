"""The rules run on one item: those of its region, on elements of the right kind."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from siban.kernel.checks import CheckError, Finding, Findings, Found, Plan, Severity

from ..checks import ITEM, UNIT, misshapen
from . import naming, paths, switches

TYPE = "TYPE"
MEND_OF_A_CELL = "在表格里改正这一格，再检查一次。"
ALL = tuple(c.number for c in (*ITEM, *UNIT))
NOBODY: Mapping[str, Any] = {}


class Linter:
    """The rules in force in a region, chosen once and run on any number of items."""

    def __init__(self, in_force: switches.InForce, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> None:
        for number in (*select, *ignore):
            if number not in ITEM and number not in UNIT:
                raise CheckError(f"没有编号为 {number} 的规则。规则编号见 docs/checks.md，例如 R01。")
        off, severities = in_force[0], dict(in_force[1])
        wanted = {n for n in ALL if (not select or n in select) and n not in ignore and n not in off}
        self.numbers = tuple(n for n in ALL if n in wanted)
        self._severities = severities
        self._items = _plan(ITEM, wanted - {TYPE}, severities)
        self._units = _plan(UNIT, wanted, severities)
        self._type = _plan(ITEM, {TYPE} & wanted, severities)

    def item(self, content: dict[str, Any], context: Mapping[str, Any]) -> Findings:
        """What the rules find in an item's content."""
        if wrong := misshapen(content):  # rare: the other rules then see the item without those elements
            bad = tuple(one.path for one in wrong)
            found = self._items(paths.without(content, bad), context)
            kept = [f for f in found if not any(paths.touches(f.path, path) for path in bad)]
            return Findings((*kept, *self._type(content, context)), found.not_run)
        return self._items(content, context)

    def told(self, found: Found, number: str = TYPE) -> Finding | None:
        """Something that reading has found, as a finding of a rule, mostly of that on kinds; None where it is off."""
        if number not in self.numbers:
            return None
        check = ITEM[number]
        mend = MEND_OF_A_CELL if number == TYPE else check.mend
        return Finding(
            number=check.number, title=check.title, severity=self._severities.get(number, check.severity),
            source=check.source, path=found.path, value=found.value, message=found.message,
            mend=found.mend if found.mend is not None else mend,
        )  # fmt: skip

    def unit(self, unit: dict[str, Any]) -> Findings:
        """What the rules find in an organisation's whole list."""
        return self._units(unit, NOBODY)


def _plan(registry: Any, wanted: set[str], severities: Mapping[str, Severity]) -> Plan:
    numbers = {c.number for c in registry}
    return Plan(registry, ignore=numbers - wanted, severities={n: s for n, s in severities.items() if n in numbers})


@lru_cache(maxsize=256)
def _linter(in_force: switches.InForce, select: tuple[str, ...], ignore: tuple[str, ...]) -> Linter:
    return Linter(in_force, select, ignore)


def linter(
    region: str = "", select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), stored: switches.Stored = ()
) -> Linter:
    """The linter of a region; regions without anything of their own share one. Raises CheckError for an unknown rule.

    Args:
        stored: what the desk has decided about rules (`switches.Stored`).
    """
    return _linter(switches.of_region(region, stored), select, ignore)


def lint_content(content: dict[str, Any], context: Mapping[str, Any], *, region: str = "") -> Findings:
    """What the rules of a region find in one item.

    Args:
        content: the elements as a plain mapping; a missing key says nothing (null).
        context: what is known around the item; a rule that lacks what it needs is listed as not run.
            `base` content of the item above or None · `catalogue` name and type in the base catalogue ·
            `catalogue_status` active, suspended, cancelled · `siblings` handling codes, by item, of other items in
            force of the same organisation and base item · `callable_types` names of callable certificates by id ·
            `switches` what the desk has decided about rules ·
            `callable_names` (optional) the same the other way round · `grain_types` certificate id by material grain · `probe` answers `url(text)` and `file(path)`.
    """
    return linter(region, stored=context.get("switches", ())).item(content, context)


def lint_unit(unit: dict[str, Any], *, region: str = "") -> Findings:
    """What the rules of a region find in an organisation's list: `{id, name, public_guides}`."""
    return linter(region).unit(unit)


def sentence(finding: Finding) -> str:
    """A finding as one clause with its rule and place, in words."""
    return f"{finding.number} {finding.message.rstrip('。')}（位置：{naming.in_words(finding.path).strip()}）"
