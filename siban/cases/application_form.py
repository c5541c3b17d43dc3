"""How the form of an application is asked on screen and read back, keeping whatever was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from siban.catalog.api import FieldSpec
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui import loose

MOST_ROWS = 50
BOXES = ("year", "month", "day")  # as the three boxes of a day are called on the page
LONGEST = 5000  # characters of one answer that are kept; longer ones belong into an attachment
CHECKED_WHILE_TYPING = ("text", "textarea", "radios", "select")


class TypedDay(ui_forms.DayWidget):
    """Three boxes that show again exactly what was typed, also where it is no day."""

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return super().decompress(value)
        typed = str(value or "").split("-")
        return [*typed, "", "", ""][:3]


class TypedDayField(ui_forms.DayField):
    widget = TypedDay


@dataclass(frozen=True, slots=True)
class Asked:
    """One field on the page: what is asked, what stands in it, from where, and what is wrong with it."""

    spec: FieldSpec
    name: str
    value: Any = ""
    error: str = ""
    source: str = ""
    check_url: str = ""

    @property
    def html(self) -> SafeString:
        """Label, hint, error and control."""
        return loose.field_html(self.name, self._field(self.spec.name), value=self._shown(), error=self.error)

    @property
    def anchor(self) -> str:
        """The id a line of the error summary jumps to."""
        if self.is_table:
            return self.name
        boxes = self.spec.control in ("day", "radios", "checkboxes")
        return f"id_{self.name}_0" if boxes else f"id_{self.name}"

    @property
    def is_table(self) -> bool:
        return self.spec.control == "table"

    @property
    def is_period(self) -> bool:
        return self.spec.control == "date_range"

    @property
    def rows(self) -> "list[list[Asked]]":
        """The lines of a table, at least one."""
        said = [row for row in self.value if isinstance(row, Mapping)] if isinstance(self.value, list) else []
        return [
            [Asked(c, f"{self.name}-{n}-{c.element}", row.get(c.element, "")) for c in self.spec.columns]
            for n, row in enumerate(said or [{}])
        ]

    @property
    def ends(self) -> "list[SafeString]":
        """First and last day of a period."""
        said = self.value if isinstance(self.value, Mapping) else {}
        return [
            loose.field_html(f"{self.name}-{end}", self._day(label), value=said.get(end, ""))
            for end, label in (("from", "开始日期"), ("to", "结束日期"))
        ]

    def _shown(self) -> Any:
        if self.spec.control == "checkbox":
            return self.value is True
        if self.spec.control == "text" and isinstance(self.value, list):
            return "、".join(map(str, self.value))
        return "" if self.value is None else self.value

    def _day(self, label: str) -> Any:
        return TypedDayField(label=label, help_text="", required=self.spec.required)

    def _field(self, label: str) -> Any:
        spec, kind = self.spec, self.spec.control
        hint = "。".join(part.rstrip("。") for part in (spec.hint, self.source) if part)
        if kind == "day":
            return TypedDayField(label=label, help_text=hint, required=spec.required)
        about: dict[str, Any] = {"hint": hint, "required": spec.required, "choices": list(spec.options)}
        if kind == "select" or (kind == "radios" and not spec.required):
            about["choices"] = [("", "请选择" if kind == "select" else "不填"), *spec.options]
        if kind in ("text", "textarea"):
            about |= {"inputmode": spec.inputmode, "autocomplete": spec.autocomplete, "maxlength": spec.max_length}
        if self.check_url and kind in CHECKED_WHILE_TYPING:
            about |= {
                "hx_post": f"{self.check_url}?field={spec.element}", "hx_trigger": "change",
                "hx_target": f"#id_{self.name}_group", "hx_swap": "outerHTML",
            }  # fmt: skip
        return loose.make(kind, label, **about)


@dataclass(frozen=True, slots=True)
class Known:
    """An answer we know already, and where from: shown to the person, who may change it."""

    value: Any
    source: str


def asked(
    specs: Iterable[FieldSpec], values: Mapping[str, Any], *, wrong: Mapping[str, str] = {}, known: Mapping[str, Known] = {},
    check_url: str = "",
) -> list[Asked]:  # fmt: skip
    """The fields of a page. What was answered stands; else what is known and may be reused; signatures never."""
    shown = []
    for spec in specs:
        value, source = values.get(spec.element), ""
        if spec.element not in values and spec.reusable and not spec.is_given_now and spec.element in known:
            value, source = known[spec.element].value, known[spec.element].source
        shown.append(Asked(spec, spec.element, value, wrong.get(spec.element, ""), source, check_url))
    return shown


@dataclass(slots=True)
class Reading:
    """What came back: the answers as they are kept, and what is too much to keep."""

    values: dict[str, Any] = field(default_factory=dict)
    too_much: dict[str, str] = field(default_factory=dict)


def read(specs: Iterable[FieldSpec], data: QueryDict) -> Reading:
    """The answers of a page sent in. Nothing is judged here but what can't be kept at all."""
    found = Reading()
    for spec in specs:
        value = _read(spec, spec.element, data)
        if len(str(value)) > LONGEST * (MOST_ROWS if spec.control == "table" else 1):
            found.too_much[spec.element] = (
                f"“{spec.name}”超过 {LONGEST} 字，存不下。请写得简短些，详细内容放到附件里。"
            )
        elif spec.control == "table" and len(value) > MOST_ROWS:
            found.too_much[spec.element] = f"“{spec.name}”最多填 {MOST_ROWS} 行，其余的请放到附件里。"
        else:
            found.values[spec.element] = value
    return found


def _read(spec: FieldSpec, name: str, data: QueryDict) -> Any:
    match spec.control:
        case "checkbox":
            return name in data
        case "checkboxes":
            return [_clean(value) for value in data.getlist(name)]
        case "day":
            return _day(name, data)
        case "date_range":
            return {end: _day(f"{name}-{end}", data) for end in ("from", "to")}
        case "table":
            return [
                {c.element: _read(c, f"{name}-{n}-{c.element}", data) for c in spec.columns}
                for n in _row_numbers(name, data)
            ]
    return _clean(data.get(name, ""))


def _clean(text: str) -> str:
    """Without blanks around, and without the one character no database keeps."""
    return text.replace("\x00", "").strip()


def _row_numbers(name: str, data: QueryDict) -> list[int]:
    found = set()
    for key in data:
        head, _, rest = key.partition("-")
        number = rest.partition("-")[0]
        if head == name and number.isascii() and number.isdigit() and len(number) < 5:
            found.add(int(number))
    return sorted(found)


def _day(name: str, data: QueryDict) -> str:
    """ISO text of a day; what is no day stays as it was typed."""
    year, month, day = (_clean(data.get(f"{name}_{box}", ""))[:8] for box in BOXES)
    if not (year or month or day):
        return ""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return f"{year}-{month}-{day}"


def with_row(values: dict[str, Any], name: str) -> dict[str, Any]:
    """One more empty line in a table."""
    rows = values.get(name)
    return {**values, name: [*(rows if isinstance(rows, list) and rows else [{}]), {}][:MOST_ROWS]}


def without_row(values: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    """A table without one of its lines."""
    rows = values.get(name)
    return {**values, name: [row for n, row in enumerate(rows) if n != number] if isinstance(rows, list) else []}


def without_blank_rows(specs: Iterable[FieldSpec], values: dict[str, Any]) -> dict[str, Any]:
    """Lines nobody filled in are not handed in."""
    tables = {spec.element for spec in specs if spec.control == "table"}
    return {
        name: [row for row in value if any(row.values())] if name in tables and isinstance(value, list) else value
        for name, value in values.items()
    }
