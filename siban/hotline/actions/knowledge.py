"""Writing articles of the knowledge base: a draft, its submission, publication, review, end. Versions in force are never changed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse

from siban.exchange import api as exchange
from siban.exchange.api import Recipient
from siban.identity.api import Org
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.flow.machine import Step

from .. import access_knowledge as access
from .. import messages
from .. import rules_knowledge as rules
from ..flow_knowledge import KNOWLEDGE_FLOW, VersionState
from ..models_categories import Category
from ..models_knowledge import Article, ArticleVersion
from .stepping import said


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says."""

    title: str
    questions: Sequence[str]
    answer: str
    basis: str
    valid_from: date
    valid_to: date | None = None
    is_basis_confirmed: bool = False


@transaction.atomic
def write(
    *, by: Actor, at: datetime, owner: Org, leaf: str, content: Content, cycle: int = 180, number: str = ""
) -> ArticleVersion:
    """Begin an article of a unit with its first draft. Raises Refused."""
    article = Article(
        number=number or _number(), owner=owner, region_id=f"{owner.region_id[:6]}000000", leaf=leaf, review_cycle_days=_cycle(cycle)
    )  # fmt: skip
    draft = ArticleVersion(article=article, version=1, state=VersionState.DRAFT, written_by=by.name)
    if not access.author(by, draft):
        raise Refused(f"您当前的岗位不能写“{owner.short_name}”的条目。{access.author.__doc__}")
    listed = Category.objects.in_force(local_day(at)).filter(code=leaf, region_id=article.region_id)
    if not by.is_system and not listed.exists():
        raise Refused("请选择清单里现在有效的类别。")
    article.save(force_insert=True)
    return _begun(draft, content, by=by, at=at)


@transaction.atomic
def rewrite(*, by: Actor, at: datetime, article_id: UUID) -> ArticleVersion:
    """A new draft out of the latest version; one that is being written already is taken as it is. Raises Refused."""
    article = Article.objects.select_for_update(of=("self",)).select_related("owner").get(pk=article_id)
    latest = article.versions.exclude(state=VersionState.DISCARDED).order_by("-version").first()
    if latest is not None and latest.state in rules.BEING_WRITTEN:
        return latest
    top = article.versions.aggregate(top=Max("version"))["top"] or 0
    draft = ArticleVersion(article=article, version=top + 1, state=VersionState.DRAFT)
    if not access.author(by, draft):
        raise Refused(f"您当前的岗位不能修改“{article.owner.short_name}”的条目。{access.author.__doc__}")
    source = latest or article.versions.order_by("-version").first()
    if source is None:
        raise Refused("这个条目还没有内容。")
    content = Content(**{name: getattr(source, name) for name in rules.FIELDS})
    return _begun(draft, content, by=by, at=at)


def _begun(draft: ArticleVersion, content: Content, *, by: Actor, at: datetime) -> ArticleVersion:
    _filled(draft, content)
    draft.written_by_id, draft.written_by, draft.created_at = by.id, by.name, at
    KNOWLEDGE_FLOW.begin(draft, by=by, at=at, move="create", law=rules.B53)
    return draft


def _filled(draft: ArticleVersion, content: Content) -> None:
    if faults := rules.limits(content.questions, content.answer):
        raise Refused("".join(faults))
    if content.valid_to is not None and content.valid_to < content.valid_from:
        raise Refused(f"失效日期 {content.valid_to} 早于生效日期 {content.valid_from}，请改正。")
    draft.title, draft.answer, draft.basis = content.title.strip(), content.answer.strip(), content.basis.strip()
    draft.questions, draft.is_basis_confirmed = list(content.questions), content.is_basis_confirmed
    draft.valid_from, draft.valid_to = content.valid_from, content.valid_to


@contextmanager
def _step(name: str, *, by: Actor, at: datetime, version_id: UUID, note: str = "") -> Iterator[Step]:
    with KNOWLEDGE_FLOW.step(name, by=by, at=at, pk=version_id, note=note) as step:
        yield step


def revise(*, by: Actor, at: datetime, version_id: UUID, content: Content) -> ArticleVersion:
    """Change what a draft says. Raises Refused."""
    with _step("revise", by=by, at=at, version_id=version_id) as step:
        _filled(step.subject, content)
        step.subject.written_by_id, step.subject.written_by = by.id, by.name
    return step.subject  # type: ignore[no-any-return]


def submit(*, by: Actor, at: datetime, version_id: UUID) -> ArticleVersion:
    """Hand a draft to the hotline. Raises Refused."""
    with _step("submit", by=by, at=at, version_id=version_id) as step:
        version: ArticleVersion = step.subject
        to = [] if by.is_system else messages.hotline_posts("hotline_dispatcher", version.region_id, on=local_day(at))
        _tell(
            version,
            f"submitted:{at.isoformat()}",
            to,
            "有知识库条目等待发布",
            f"“{version.title}”已经提交，请核对以后发布。",
            at=at,
        )
    return version


def send_back(*, by: Actor, at: datetime, version_id: UUID, words: str) -> ArticleVersion:
    """Give a draft back with what to mend. Raises Refused."""
    reason = said(words, "退回的理由")
    with _step("send_back", by=by, at=at, version_id=version_id, note=reason) as step:
        version: ArticleVersion = step.subject
        version.reason = reason
        to = messages.workers(version.article.owner_id, on=local_day(at))
        _tell(
            version,
            f"sent_back:{at.isoformat()}",
            to,
            "知识库条目退回修改",
            f"“{version.title}”退回修改：{reason}",
            at=at,
        )
    return version


def publish(*, by: Actor, at: datetime, version_id: UUID) -> ArticleVersion:
    """Put a version in force; the one before is superseded. Raises Refused."""
    with transaction.atomic():
        found = ArticleVersion.objects.select_related("article").get(pk=version_id)
        Article.objects.select_for_update().get(pk=found.article_id)
        if why := KNOWLEDGE_FLOW.refusal("publish", found, by=by, at=at):
            raise Refused(why)
        for old in found.article.versions.filter(state=VersionState.PUBLISHED).order_by("version"):
            with _step("supersede", by=by, at=at, version_id=old.pk, note=f"由第 {found.version} 版替代") as step:
                step.subject.ended_at = at
        with _step("publish", by=by, at=at, version_id=version_id) as step:
            step.subject.published_at, step.subject.reason = at, ""
        _reviewed(found.article_id, local_day(at))
        to = [] if by.is_system else messages.workers(found.article.owner_id, on=local_day(at))
        _tell(
            found,
            "published",
            to,
            "知识库条目已经发布",
            f"“{found.title}”第 {found.version} 版已经发布，请按周期复核。",
            at=at,
        )
    return step.subject  # type: ignore[no-any-return]


def confirm_review(*, by: Actor, at: datetime, version_id: UUID, words: str = "") -> ArticleVersion:
    """The owner looked at it again: it still holds. Raises Refused."""
    with _step("confirm_review", by=by, at=at, version_id=version_id, note=words.strip()[:300]) as step:
        _reviewed(step.subject.article_id, local_day(at))
    return step.subject  # type: ignore[no-any-return]


def withdraw(*, by: Actor, at: datetime, version_id: UUID, words: str) -> ArticleVersion:
    """Take a version out of use. Raises Refused."""
    reason = said(words, "撤回的理由")
    with _step("withdraw", by=by, at=at, version_id=version_id, note=reason) as step:
        step.subject.ended_at, step.subject.reason = at, reason
        Article.objects.filter(pk=step.subject.article_id).update(review_by=None)
    return step.subject  # type: ignore[no-any-return]


def discard(*, by: Actor, at: datetime, version_id: UUID) -> ArticleVersion:
    """Give a draft up; it stays in the history. Raises Refused."""
    with _step("discard", by=by, at=at, version_id=version_id) as step:
        step.subject.ended_at = at
    return step.subject  # type: ignore[no-any-return]


def expire(*, at: datetime, limit: int = 500) -> int:
    """What is over ends, and its unit is told; the worker's round."""
    over = ArticleVersion.objects.filter(state=VersionState.PUBLISHED, valid_to__lt=local_day(at))
    done = 0
    for version in over.select_related("article").order_by("valid_to", "pk")[:limit]:
        with _step("expire", by=SYSTEM, at=at, version_id=version.pk) as step:
            step.subject.ended_at = at
            Article.objects.filter(pk=version.article_id).update(review_by=None)
            to = messages.workers(version.article.owner_id, on=local_day(at))
            _tell(
                version,
                "expired",
                to,
                "知识库条目已经过期",
                f"“{version.title}”的有效期已经届满，不再用来答复。请写新的一版。",
                at=at,
            )
        done += 1
    return done


@transaction.atomic
def remind(*, at: datetime, limit: int = 500) -> int:
    """Whoever owes a review is reminded, and again after a week; the worker's round."""
    today = local_day(at)
    owed = Article.objects.select_for_update(skip_locked=True).filter(
        review_by__lt=today, versions__state=VersionState.PUBLISHED
    )
    told = 0
    for article in owed.exclude(reminded_on__gt=date.fromordinal(today.toordinal() - rules.REMIND_AGAIN)).order_by(
        "number"
    )[:limit]:
        version = article.versions.get(state=VersionState.PUBLISHED)
        to = messages.workers(article.owner_id, on=today)
        _tell(
            version,
            f"review:{today}",
            to,
            "知识库条目应当复核",
            f"“{version.title}”应在 {article.review_by} 前复核，已经超期。内容没有变的，请确认复核；有变的，请写新的一版。",
            at=at,
        )
        article.reminded_on = today
        article.save(update_fields=["reminded_on"])
        told += 1
    return told


def tell_owner(draft: ArticleVersion, *, at: datetime) -> None:
    """A unit is told that the hotline asks it for an article."""
    to = messages.workers(draft.article.owner_id, on=local_day(at))
    body = f"群众问到“{draft.title}”，知识库还没有答案。请写好答复和依据，提交发布。"
    _tell(draft, "asked", to, "请写一条知识库条目", body, at=at)


def _reviewed(article_id: UUID, day: date) -> None:
    article = Article.objects.select_for_update().get(pk=article_id)
    article.last_reviewed_on, article.review_by = day, rules.review_by(day, article.review_cycle_days)
    article.reminded_on = None
    article.save(update_fields=["last_reviewed_on", "review_by", "reminded_on"])


def _number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('hotline_article_seq')")
        return f"K{cursor.fetchone()[0]}"


def _cycle(days: int) -> int:
    if not 1 <= days <= rules.LONGEST_CYCLE:
        raise Refused(f"复核周期应在 1 到 {rules.LONGEST_CYCLE} 天之间。")
    return days


def _tell(version: ArticleVersion, event: str, to: list[Recipient], title: str, body: str, *, at: datetime) -> None:
    if to:
        exchange.tell(
            to=to, event=f"article:{version.pk}:{event}", kind="hotline.knowledge", title=title, body=body,
            link=reverse("knowledge-article", args=[version.article.number]), subject=("hotline.ArticleVersion", str(version.pk)),
            region_code=version.region_id, by=SYSTEM, at=at, channels=(), law=rules.B53,
        )  # fmt: skip


def content_of(given: Mapping[str, Any]) -> Content:
    """The content out of a form's cleaned values."""
    return Content(
        title=given["title"], questions=rules.questions_of(given["questions"]), answer=given["answer"], basis=given["basis"],
        valid_from=given["valid_from"], valid_to=given["valid_to"], is_basis_confirmed=bool(given["is_basis_confirmed"]),
    )  # fmt: skip
