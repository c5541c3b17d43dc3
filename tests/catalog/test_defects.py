"""The truth test of the linter: nothing in clean data, and every known defect by its rule at its cell."""

from typing import Any

import pytest

from .mutations import defects, documents, found_in

PLACES = {"@catalogue.status": "status", "@duplicate": "basic_code"}


def places(defect: dict[str, Any]) -> set[str]:
    """Where a defect may be found: the cells that were changed."""
    return {_place(change["path"], change["op"]) for change in defect["changes"]}


def _place(path: str, op: str) -> str:
    if op == "remove" and path.startswith("process_steps["):
        return path if "." in path.split("]", 1)[1] else "process_steps"
    return PLACES.get(path, path)


def inside(path: str, outer: set[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in outer)


def test_clean_data_has_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_in([], monkeypatch, whole=True) == []


@pytest.mark.parametrize("defect", defects(), ids=lambda d: d["id"])
def test_each_defect_is_found_by_its_rules_at_its_cell_and_nothing_else(
    defect: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = found_in([(defect["file"], defect["item"], defect["changes"])], monkeypatch)
    copies = {c["value"] for c in defect["changes"] if c["op"] == "duplicate"}
    assert {r.item for r in rows} <= {defect["item"], *copies}
    assert {r.rule for r in rows} == {*defect["expected_rules"], *defect["also_triggers"]}
    assert [(r.rule, r.path) for r in rows if not inside(r.path, places(defect))] == []


def test_all_defects_at_once_are_found_each_in_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = found_in([(d["file"], d["item"], d["changes"]) for d in defects()], monkeypatch, whole=True)
    wanted = {d["item"]: {*d["expected_rules"], *d["also_triggers"]} for d in defects()}
    wanted["education.compulsory_enrol_copy"] = {"R38"}
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.item, set()).add(row.rule)
    assert found == wanted


def test_public_service_guides_are_counted_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = found_in([], monkeypatch, select=("R07",), whole=True)
    assert {r.rule for r in rows} == {"R07"}
    assert len(rows) == sum(name.startswith("departments/") for name in documents())
