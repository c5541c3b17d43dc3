"""Issuing a paper: check its mandatory contents, take the next number, keep the content; draw it when it is wanted."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from siban.kernel import clock, files
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.models import Paper, PaperSeries

from .drawing import draw, qr_svg

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: these codes are read aloud and typed


class PaperIncomplete(Refused):
    """A paper lacks something the law wants on it; the sentence names what."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of statutory paper.

    `word` is the series word in the number (`受`), `required` the contents without which it may not leave the house.
    """

    name: str
    title: str
    word: str
    template: str
    law: str
    required: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.name in _KINDS and _KINDS[self.name].template != self.template:
            raise ValueError(f"paper kind {self.name} is declared twice")
        _KINDS[self.name] = self


_KINDS: dict[str, PaperKind] = {}


def kinds() -> dict[str, PaperKind]:
    return dict(_KINDS)


def issue(
    kind: PaperKind,
    *,
    subject: tuple[str, str],
    issuer_code: str,
    issuer_word: str,
    issued_by: str,
    content: Mapping[str, Any],
    at: datetime,
    title: str = "",
) -> Paper:
    """Number a paper and keep its content, inside the transaction of the act that causes it.

    Args:
        issuer_code: key of the series (organisation code); `issuer_word` its word in the number (`鄂温克旗民政`).
        content: what is printed; strings, numbers, lists and dicts. A `law` in it stands in the place of the kind's.
        title: what this very paper is called, where it differs from the kind.

    Returns:
        The saved paper; its number is gapless in kind × issuer × year.

    Raises:
        PaperIncomplete: a mandatory content is missing or empty.
    """
    missing = [words for name, words in kind.required.items() if content.get(name) in (None, "", [], {})]
    if missing:
        raise PaperIncomplete(f"《{title or kind.title}》还缺：{'、'.join(missing)}。请补充后再出具。")
    year = clock.local_day(at).year
    with transaction.atomic():
        PaperSeries.objects.get_or_create(kind=kind.name, issuer_code=issuer_code, year=year)
        series = PaperSeries.objects.select_for_update(of=("self",)).get(
            kind=kind.name, issuer_code=issuer_code, year=year
        )
        series.last += 1
        series.save(update_fields=["last"])
        return Paper.objects.create(
            id=uuid7(),
            kind=kind.name,
            number=f"{issuer_word}{kind.word}〔{year}〕{series.last}号",
            serial=series.last,
            series=series,
            title=title or kind.title,
            subject_type=subject[0],
            subject_id=subject[1],
            content=dict(content),
            verify_code="".join(secrets.choice(ALPHABET) for _ in range(12)),
            issued_by=issued_by,
            issued_at=at,
        )


def pdf(paper: Paper, *, verify_url: str) -> bytes:
    """The paper as PDF, drawn at the first call and kept; later calls give the same bytes.

    Args:
        verify_url: absolute address of the public page that confirms this paper; printed as QR.
    """
    if paper.file is not None:
        return files.read(paper.file)
    kind = _KINDS[paper.kind]
    content = {
        "law": kind.law,
        **paper.content,
        "title": paper.title,
        "number": paper.number,
        "verify_code": paper.verify_code,
        "verify_url": verify_url,
        "qr": qr_svg(verify_url),
        "issued_on": clock.local_day(paper.issued_at).isoformat(),
        "issued_by": paper.issued_by,
    }
    body = draw(kind.template, content)
    stored = files.keep(
        body, name=f"{paper.title}-{paper.number}.pdf", at=paper.issued_at, media_type="application/pdf",
        subject=("kernel.Paper", str(paper.pk)),
    )  # fmt: skip
    taken = Paper.objects.filter(pk=paper.pk, file=None).update(file=stored)
    if not taken:  # somebody drew it at the same moment: theirs is the paper
        stored.delete()
        paper.refresh_from_db(fields=["file"])
        assert paper.file is not None
        return files.read(paper.file)
    paper.file = stored
    return body


def papers_of(subject: tuple[str, str]) -> "QuerySet[Paper]":
    """Papers of a subject, oldest first."""
    return Paper.objects.filter(subject_type=subject[0], subject_id=subject[1]).order_by("issued_at", "id")


def by_verify_code(code: str) -> Paper | None:
    """The paper with this verification code, typed in any case and with any spacing."""
    return Paper.objects.filter(verify_code="".join(code.split()).replace("-", "").upper()).first()
