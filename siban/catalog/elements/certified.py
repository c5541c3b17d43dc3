"""What certificates already say of the answers a form asks for: by data element, in the way the field keeps it."""

import re
from datetime import date
from functools import cache
from typing import Any

from . import answers
from .dictionary import HERE, read_file
from .spec import FieldSpec

FIELDS = HERE.parent / "reference" / "certificate_fields.yaml"
DAY = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
UNIT = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*(?:平方米|公顷|亩|万元|元|万立方米|立方米|人|台|个|厅)?$")
NUMBER = ("integer", "decimal")


@cache
def _declared() -> dict[str, Any]:
    return read_file(FIELDS)  # type: ignore[no-any-return]


def fields_of(type_id: str) -> dict[str, str]:
    """Data elements by the Chinese names of a certificate type's fields; empty for a type that says none of them."""
    return _declared()["certificate_fields"].get(type_id, {})  # type: ignore[no-any-return]


def types() -> dict[str, dict[str, str]]:
    """Every declared type with its fields."""
    return _declared()["certificate_fields"]  # type: ignore[no-any-return]


def of_the_licence_itself() -> dict[str, str]:
    """Data elements answered by the licence the item itself grants: its serial number, its last day."""
    return _declared()["of_the_licence_itself"]  # type: ignore[no-any-return]


def answer(spec: FieldSpec, said: str, *, today: date) -> Any:
    """What a certificate says, as this field keeps it; None when it does not fit the field as it stands.

    Nothing is guessed: a label that is not among the options, an unknown way to write a day, a number with an unknown
    unit is left for the person to fill in. Signatures, promises and consents are never answered.
    """
    said = str(said).strip()
    if not said or not spec.reusable or spec.is_given_now or spec.type in ("table", "date_range"):
        return None
    value = _read(spec, said)
    return None if value is None or spec.check(value, values={}, today=today) else value


def _read(spec: FieldSpec, said: str) -> Any:
    by_label = {label: value for value, label in spec.options} | {value: value for value, _ in spec.options}
    if spec.type == "multi_enum":
        chosen = answers.several(said)
        if not spec.options:
            return chosen or None
        return [by_label[c] for c in chosen] if chosen and all(c in by_label for c in chosen) else None
    if spec.options:
        return by_label.get(said)
    if spec.type == "date":
        return _day(said)
    if spec.type in NUMBER:
        found = UNIT.match(said)
        return found[1] if found else None
    return said


def _day(said: str) -> str | None:
    if found := DAY.match(said):
        said = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    day = answers.day(said)
    return day.isoformat() if day else None
