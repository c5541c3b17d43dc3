"""The page on which a collection is written, as typed: read into a draft, every fault beside its box."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from siban.identity.api import Org

from .actions.collecting import CollectionDraft
from .models import Collection
from .rules_collections import KINDS, MOST_FIELDS, Field

BLANKS = 3


@dataclass(slots=True)
class FieldBox:
    """One line of the list of boxes."""

    name: str
    label: str = ""
    kind: str = "number"
    required: bool = True
    choices: str = ""
    hint: str = ""


@dataclass(slots=True)
class CollectionForm:
    """All boxes of the page and what is wrong with them."""

    title: str = ""
    words: str = ""
    kind: str = "form"
    purpose: str = "general"
    due_on: str = ""
    takes_nil: bool = True
    is_monthly: bool = False
    fields: list[FieldBox] = field(default_factory=list)
    units: set[UUID] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=lambda: defaultdict(str))

    def faults(self) -> list[tuple[str, str]]:
        return [(text, f"#id_{name}") for name, text in self.errors.items() if text]


def of_row(row: Collection) -> CollectionForm:
    """The boxes of a draft."""
    form = CollectionForm(
        row.title, row.words, row.kind, row.purpose, row.due_on.isoformat() if row.due_on else "", row.takes_nil, row.is_monthly,
        units=set(row.units.order_by("pk").values_list("pk", flat=True)),
    )  # fmt: skip
    form.fields = [
        FieldBox(f"f{n}", f["name"], f["kind"], f["required"], "、".join(f["choices"]), f["hint"])
        for n, f in enumerate(row.fields, start=1)
    ]
    return _padded(form)


def _padded(form: CollectionForm) -> CollectionForm:
    """With empty lines to go on."""
    form.fields += [FieldBox(f"f{len(form.fields) + n}") for n in range(1, BLANKS + 1)]
    return form


def read(post: Any, *, orgs: Sequence[Org], issuer: UUID | None = None) -> tuple[CollectionForm, CollectionDraft]:
    """The boxes as sent, and the draft they make."""

    def text(name: str, most: int = 2000) -> str:
        return str(post.get(name, "")).replace("\x00", "").strip()[:most]

    form = CollectionForm(
        text("title"), text("words", 5000), text("kind", 10), text("purpose", 20), text("due_on", 20), bool(post.get("takes_nil")),
        bool(post.get("is_monthly")),
    )  # fmt: skip
    form.kind = form.kind if form.kind in Collection.Kind.values else "form"
    form.purpose = form.purpose if form.purpose in Collection.Purpose.values else "general"
    if len(form.title) > 200:
        form.errors["title"] = "名称最多 200 个字，请精简。"
    due: date | None = None
    if form.due_on:
        try:
            due = date.fromisoformat(form.due_on)
        except ValueError:
            form.errors["due_on"] = f"报送期限“{form.due_on}”应是日历上有的一天，例如 2026-03-20。"
    fields: list[Field] = []
    for n in range(1, MOST_FIELDS + BLANKS + 1):
        label = text(f"f{n}-name", 100)
        if not label:
            continue
        kind = text(f"f{n}-kind", 10)
        box = FieldBox(
            f"f{len(form.fields) + 1}", label, kind if kind in KINDS else "text", bool(post.get(f"f{n}-required")),
            text(f"f{n}-choices", 1000), text(f"f{n}-hint", 200),
        )  # fmt: skip
        form.fields.append(box)
        options = [
            o.strip() for o in box.choices.replace("，", "、").replace(",", "、").replace("\n", "、").split("、")
        ]
        chosen = tuple(dict.fromkeys(o for o in options if o)) if box.kind == "choice" else ()
        fields.append(Field(box.name, label, box.kind, box.required, chosen, box.hint))
    known = {str(o.pk): o.pk for o in orgs}
    form.units = {known[u] for u in post.getlist("units") if u in known}
    if post.get("all-departments"):
        form.units |= {o.pk for o in orgs if o.kind not in ("township", "village") and o.pk != issuer}
    if post.get("all-townships"):
        form.units |= {o.pk for o in orgs if o.kind == "township"}
    _padded(form)
    draft = CollectionDraft(
        form.title[:200], form.words, form.kind, form.purpose, due, form.takes_nil, form.is_monthly, tuple(fields),
        tuple(sorted(form.units)),
    )  # fmt: skip
    return form, draft
