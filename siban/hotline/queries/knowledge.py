"""Articles as questions find them: what is in force, learned from once and again when the knowledge has changed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import CharField, Count, Max
from django.db.models.functions import Cast

from siban.kernel import clock

from .. import asking
from ..asking import Asked, Paper, Ranked, Shelf, kept
from ..flow_knowledge import VersionState
from ..models_knowledge import ArticleVersion

STILL_KNOWN = (VersionState.PUBLISHED, VersionState.EXPIRED)
_lock = threading.Lock()


@dataclass(slots=True)
class _Held:
    """What this process has learned, and from which state of the knowledge."""

    stamp: tuple[object, ...] = ()
    shelf: Shelf | None = None


_held = _Held()


def papers() -> tuple[Paper, ...]:
    """Published articles, and expired ones that nothing has replaced."""
    rows = ArticleVersion.objects.filter(state__in=STILL_KNOWN).select_related("article__owner")
    newest: dict[str, ArticleVersion] = {}
    for row in rows.order_by("article__number", "version"):
        held = newest.get(row.article.number)
        if held is None or held.state != VersionState.PUBLISHED:
            newest[row.article.number] = row
    return tuple(_paper(row) for row in newest.values())


def _paper(row: ArticleVersion) -> Paper:
    article = row.article
    return Paper(
        number=article.number, title=row.title, leaf=article.leaf, questions=tuple(row.questions), answer=row.answer,
        owner=article.owner.code, owner_name=article.owner.short_name, basis=row.basis, valid_from=row.valid_from,
        valid_to=row.valid_to, last_reviewed=article.last_reviewed_on, is_basis_confirmed=row.is_basis_confirmed,
    )  # fmt: skip


def shelf() -> Shelf:
    """What the published articles teach; the ones that ship where none is published. Learned once, and again after a change."""
    stamp = _stamp()
    if _held.shelf is None or _held.stamp != stamp:
        with _lock:
            if _held.shelf is None or _held.stamp != stamp:
                _held.shelf, _held.stamp = kept.stocked(papers() or asking.shipped(), Path(settings.HOME)), stamp
    return _held.shelf


def prepare() -> bool:
    """Learn what was published, for whoever asks next; nothing to do where nothing is."""
    return ArticleVersion.objects.filter(state=VersionState.PUBLISHED).exists() and bool(shelf().papers)


def _stamp() -> tuple[object, ...]:
    """Changes whenever a version is published or ends; one small statement."""
    seen = ArticleVersion.objects.aggregate(
        published=Max("published_at"), ended=Max("ended_at"), rows=Count("pk"), newest=Max(Cast("pk", CharField()))
    )
    return tuple(seen.values())


def answer(question: str, *, on: date) -> Asked:
    """What the knowledge base answers to a question on a day."""
    return asking.answer(question, shelf(), on=on)


def matching(text: str, *, leaf: str = "", limit: int = 5) -> Sequence[Ranked]:
    """Articles in force for what a caller says, those of the chosen category first; for the operator's console."""
    asked = answer(text, on=clock.local_day(clock.now()))
    found = [r for r in asked.ranked if r.is_valid and (asked.is_answered or r.paper.leaf == leaf or r.score > 0.2)]
    if leaf:
        near = [r.paper.number for r in found]
        found += [
            Ranked(paper, 0.0, (), True)
            for paper in shelf().papers.values()
            if paper.leaf == leaf and paper.number not in near and paper.is_valid(clock.local_day(clock.now()))
        ]
        found.sort(key=lambda r: (r.paper.leaf != leaf, -r.score))
    return found[:limit]
