"""Documents as pages ask for them: the list, one document as it reads now, one number with its parts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.codes import region
from siban.kernel.flow import Choice
from siban.oversight import access
from siban.oversight.documents.blocks import Block, Number, blocks_of, free_numbers, marked, plain
from siban.oversight.documents.reconcile import Mismatch
from siban.oversight.flow_documents import DOCUMENT_FLOW, DocumentState
from siban.oversight.models_documents import Document, DocumentEdit
from siban.oversight.models_snapshots import Snapshot

from . import snapshots

SIZE = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for in the list."""

    kind: str = ""
    state: str = ""
    q: str = ""

    @classmethod
    def of(cls, said: QueryDict) -> "Wanted":
        """From an address; what is unknown is left out."""
        kind, state = said.get("kind", ""), said.get("state", "")
        return cls(
            kind if kind in Document.Kind.values else "", state if state in DocumentState.values else "",
            " ".join(said.get("q", "").replace("\x00", "").split())[:60],
        )  # fmt: skip

    def kept(self) -> dict[str, str]:
        return {k: v for k, v in (("kind", self.kind), ("state", self.state), ("q", self.q)) if v}

    def query(self) -> str:
        return f"?{urlencode(self.kept())}" if self.kept() else ""


def found(actor: Actor, wanted: Wanted) -> "QuerySet[Document]":
    """The documents an actor may see, newest first, without their contents."""
    rows = Document.objects.visible_to(actor).select_related("org", "paper").defer("content")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.q:
        rows = rows.filter(title__icontains=wanted.q)
    return rows.order_by("-day", "-id")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a paragraph: words, or a number with its address."""

    text: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as the page shows it."""

    id: str
    kind: str
    words: list[Word]
    columns: list[str]
    rows: list[list[list[Word]]]
    edit: DocumentEdit | None
    before: list[Word]
    mismatches: list[Mismatch]
    free: list[str]

    @property
    def can_be_changed(self) -> bool:
        return self.kind != "table"


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One document with everything that may be done to it now."""

    document: Document
    blocks: list[Shown]
    count: int
    mismatches: list[Mismatch]
    choices: list[Choice]
    may_write: bool
    left_behind: list[DocumentEdit]

    @property
    def may_change(self) -> bool:
        return self.may_write and any(c.name == "edit" and c.allowed for c in self.choices)


def _words(spans: list[Any], numbers: list[Number]) -> list[Word]:
    return [Word(s) if isinstance(s, str) else Word(numbers[s].text, s + 1) for s in spans]


def page(pk: UUID, *, by: Actor, at: datetime) -> DocumentPage:
    """The document as it reads now. Raises Document.DoesNotExist for whom it is not."""
    document = Document.objects.visible_to(by).select_related("org", "region", "paper").get(pk=pk)
    numbers, edits = document.numbers(), {e.block: e for e in document.standing_edits()}
    mismatches = document.mismatches()
    original: dict[str, Block] = {b.id: b for b in blocks_of(document.content)} if edits else {}
    shown = [
        Shown(
            b.id, b.kind, _words(b.spans, numbers), b.columns, [[_words(cell, numbers) for cell in row] for row in b.rows],
            edits.get(b.id), _words(original[b.id].spans, numbers) if b.id in edits and b.id in original else [],
            [m for m in mismatches if m.block == b.id], free_numbers(b.spans) if b.id in edits else [],
        )
        for b in document.blocks()
    ]  # fmt: skip
    left = list(document.edits.filter(left_behind=True).order_by("-at")[:50])
    return DocumentPage(
        document, shown, len(numbers), mismatches, DOCUMENT_FLOW.choices(document, by=by, at=at),
        access.writes_documents(by), left,
    )  # fmt: skip


def block_text(document: Document, block: str) -> str | None:
    """A paragraph as it is edited, each number with its mark; None for a table or nothing."""
    numbers = document.numbers()
    return next((marked(b.spans, numbers) for b in document.blocks() if b.id == block and b.kind != "table"), None)


def block_plain(document: Document, block: str) -> str:
    """A paragraph as it was drafted."""
    numbers = document.numbers()
    return next((plain(b.spans, numbers) for b in blocks_of(document.content) if b.id == block), "")


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's share of a number."""

    org: UUID
    name: str
    hits: int
    total: int | None


@dataclass(frozen=True, slots=True)
class NumberPage:
    """One number of a document: how it was worked out, of which units it is made, where its rows are."""

    document: Document
    place: int
    number: Number
    parts: list[Part]
    sum_hits: int
    sum_total: int | None
    now: str
    sentence: str


def number_page(pk: UUID, place: int, *, by: Actor) -> NumberPage:
    """What stands behind a number, as it was known when the document was drafted.

    Raises:
        Document.DoesNotExist: no such document for this actor, or no such number in it.
    """
    document = Document.objects.visible_to(by).select_related("org", "region", "paper").get(pk=pk)
    numbers = document.numbers()
    if not 1 <= place <= len(numbers):
        raise Document.DoesNotExist
    number, parts, now = numbers[place - 1], [], ""
    if number.slug and number.kind != "target":
        parts = _parts(document, number, by)
        live = snapshots.figures_on(document.day, slugs=[number.slug]).get(number.slug, {})
        mine = [live[p.org] for p in parts if p.org in live]
        if mine and number.hits is not None:
            hits, total = sum(f.hits for f in mine), sum(f.total or 0 for f in mine)
            if hits != number.hits or (number.total is not None and total != number.total):
                now = f"{hits} ÷ {total}" if number.total is not None else str(hits)
    sentence = next(
        (plain(b.spans, numbers) for b in document.blocks() if b.kind != "table" and place - 1 in b.spans),
        next((f"表“{plain(b.spans, numbers)}”" for b in document.blocks() for row in b.rows for c in row if place - 1 in c), ""),
    )  # fmt: skip
    totals = [p.total for p in parts if p.total is not None]
    return NumberPage(
        document, place, number, parts, sum(p.hits for p in parts), sum(totals) if totals else None, now, sentence
    )


def _parts(document: Document, number: Number, by: Actor) -> list[Part]:
    """The units a number is the sum of; staff of one unit see their own and the sum."""
    recorded = snapshots.figures_on(document.day, slugs=[number.slug], known_at=document.known_at).get(number.slug, {})
    orgs = Org.objects.select_related("region").filter(
        pk__in=recorded, region_id__startswith=region.prefix(document.region_id)
    )
    levels = {"county": 4, "township": 5, "village": 6}
    if number.unit_key in levels:
        orgs = orgs.filter(region__level=levels[number.unit_key])
    elif number.unit_key != "all":
        orgs = orgs.filter(pk=UUID(number.unit_key))
    return [
        Part(o.pk, o.short_name, recorded[o.pk].hits, recorded[o.pk].total)
        for o in orgs.order_by("region__level", "order", "code")
    ]


def recorded_days(*, until: date, limit: int = 14) -> list[date]:
    """The latest days with recorded figures, newest first."""
    return list(
        Snapshot.objects.filter(day__lte=until).order_by("-day").values_list("day", flat=True).distinct()[:limit]
    )
