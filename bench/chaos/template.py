"""What the clients send, worked out once from the guides: answers, form, materials, and who decides."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

SINGLE = "civil_affairs.temporary_assistance"  # one hand decides
DOUBLE = "forestry_grassland.tree_cutting"  # one proposes, another decides; ends with a certificate
OFFICES = {SINGLE: ("minzheng", "mzfuzeren"), DOUBLE: ("lincao", "lcfuzeren")}
BORN = date(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Template:
    """One item as the clients know it."""

    impl_code: str
    answers: dict[str, str]
    form: dict[str, Any]
    materials: tuple[str, ...]
    uploads: tuple[str, ...]
    sheet: bytes
    reviewer: str
    head: str

    def person(self, n: int) -> tuple[str, str]:
        """Name and number of nobody."""
        from siban.kernel.codes import citizen

        return f"演示·申请人{n}", citizen.make("999999", BORN, 100 + n)

    def own(self, n: int) -> dict[str, Any]:
        """The form as this person fills it."""
        name, number = self.person(n)
        mine = {"applicant_name": name, "applicant_id_no": number, "applicant_signature": name}
        return {**self.form, **{k: v for k, v in mine.items() if k in self.form}}

    def application(self, n: int) -> dict[str, Any]:
        """The whole of it, for the interface."""
        name, number = self.person(n)
        return {
            "item": self.impl_code, "person": {"name": name, "id_number": number}, "answers": self.answers,
            "form": self.own(n), "materials": [{"material_id": m} for m in self.materials],
        }  # fmt: skip

    def page_form(self, n: int) -> dict[str, object]:
        """The same, as the boxes of the page are named."""
        found: dict[str, object] = {}
        for name, value in self.own(n).items():
            found |= _boxes(name, value)
        return found


def _boxes(name: str, value: Any) -> dict[str, object]:
    if isinstance(value, Mapping):
        return {k: v for end, said in value.items() for k, v in _boxes(f"{name}-{end}", said).items()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        cells = ((f"{name}-{n}-{key}", said) for n, row in enumerate(value) for key, said in row.items())
        return {k: v for key, said in cells for k, v in _boxes(key, said).items()}
    if isinstance(value, bool):
        return {name: "on"} if value else {}
    parts = str(value).split("-")
    if isinstance(value, str) and [len(p) for p in parts] == [4, 2, 2] and all(p.isdigit() for p in parts):
        return {name: value, **{f"{name}_{n}": part for n, part in enumerate(parts)}}
    return {name: value}


def of(slug: str, today: date) -> Template:
    """The template of one item of the demonstration banner."""
    import pikepdf

    from siban.catalog.api import ImplementationItem, filled_form, form_fields

    item = ImplementationItem.objects.select_related("version").get(slug=slug)
    content = item.version.elements
    answers = {q.id: q.options[0].id for q in content.situations.questions} if content.situations else {}
    wanted = content.materials_for(answers)
    specs = form_fields(content, [m.id for m in wanted if m.is_form and m.form_fields])
    known = {"applicant_name": "演示", "applicant_id_no": "0", "applicant_id_type": "111", "mobile_phone": "13800000001",
             "applicant_signature": "演示", "application_date": today.isoformat()}  # fmt: skip
    form = filled_form(
        specs, today=today, known={k: v for k, v in known.items() if any(s.element == k for s in specs)}
    )
    paper = io.BytesIO()
    with pikepdf.new() as sheet:
        sheet.add_blank_page()
        sheet.save(paper)
    return Template(
        impl_code=item.impl_code, answers=answers, form=dict(form),
        materials=tuple(m.id for m in wanted if m.necessity != "optional"),
        uploads=tuple(m.id for m in wanted if m.necessity != "optional" and not m.is_form),
        sheet=paper.getvalue(), reviewer=OFFICES[slug][0], head=OFFICES[slug][1],
    )  # fmt: skip
