"""The house rules a reviewer should never have to say twice."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.ROOT)
CONTRACTS = ConfigParser()
CONTRACTS.read(ROOT / ".importlinter")
RANK = {
    name.strip(): depth
    for depth, line in enumerate(CONTRACTS["importlinter:contract:modules"]["layers"].strip().split("\n"))
    for name in line.split("|")
}
SOURCES = [
    p
    for folder in ("siban", "config", "tests", "bench", "tools")
    for p in (ROOT / folder).rglob("*.py")
    if "migrations" not in p.parts
]
OURS = [m for m in apps.get_models() if m._meta.app_label in RANK]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_clock_reads_the_clock(path: Path) -> None:
    if (
        path.relative_to(ROOT).as_posix() in ("siban/kernel/clock.py", "tests/shape/test_shape.py")
        or path.parts[-2] == "house"
    ):
        return
    found = re.findall(r"(?:timezone\.now|datetime\.now|date\.today|datetime\.utcnow)\(", path.read_text())
    assert found == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "services", "misc"])
def test_no_room_has_a_drawer_for_odds_and_ends(name: str) -> None:
    assert not list((ROOT / "siban").rglob(f"{name}.py"))


def test_foreign_keys_point_downwards() -> None:
    upward = [
        f"{model._meta.label}.{f.name}"
        for model in OURS
        for f in model._meta.get_fields()
        if f.many_to_one and f.related_model and f.related_model._meta.app_label in RANK  # type: ignore[union-attr]
        and RANK[f.related_model._meta.app_label] < RANK[model._meta.app_label]  # type: ignore[union-attr]
    ]  # fmt: skip
    assert upward == []


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_personal_fields_are_declared(model: type) -> None:
    """Fields that by their name hold personal data are in the model's `pii`."""
    telling = {"id_number", "applicant_id_number", "mobile", "applicant_name", "address", "mail_address", "form"}
    held = {f.name for f in model._meta.concrete_fields} & telling  # type: ignore[attr-defined]
    if model.__name__ in ("Enterprise",):
        held -= {"address"}  # a registered seat is public
    assert held <= set(getattr(model, "pii", ()))


@pytest.mark.parametrize("room", sorted(RANK))
def test_every_room_says_what_it_owns(room: str) -> None:
    if room == "kernel":
        assert (ROOT / "siban" / room / "README.md").exists()
        return
    readme = ROOT / "siban" / room / "README.md"
    assert readme.exists(), f"siban/{room}/README.md is missing"
    assert "Owns" in readme.read_text()


TEMPLATES = [p for p in (ROOT / "siban").rglob("*.html") if "forms/widgets" not in p.as_posix()]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_carry_nothing_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text), "inline script"
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), "inline style or handler"
    assert not re.search(r"(?:src|href)=\"https?://", text), "a request to another host"
    assert not re.search(r"\{%\s*(?:if|elif)[^%]*\b(?:case|cert|order)\.state\s*==", text), (
        "a state compared in a template"
    )
