"""Asking the knowledge base: every question is kept with what it found, whether it helped, and what became of it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.codes import phone
from siban.kernel.flow import Refused

from .. import access_knowledge as access
from .. import rules_knowledge as rules
from ..asking import Asked
from ..asking.features import clean, concepts
from ..models_knowledge import Article, ArticleUse, ArticleVersion, Question
from ..wording import terms
from . import intake, knowledge

LONGEST = 300
NEAR = 0.15
"""Below this an article is not even near."""


@transaction.atomic
def keep(*, asked: Asked, channel: str, region: str, at: datetime) -> Question:
    """Keep a question with what it found; the answering article is used once more."""
    article = Article.objects.filter(number=asked.answer.number).first() if asked.answer else None
    question = Question.objects.create(
        text=asked.question[:LONGEST], asked_at=at, channel=channel, region_id=region, is_answered=asked.is_answered,
        article=article, leaf=asked.ranked[0].paper.leaf if asked.ranked and asked.ranked[0].score >= NEAR else "", words=words_of(asked.question),
    )  # fmt: skip
    if article is not None:
        used(article.pk, on=local_day(at))
    return question


def words_of(text: str) -> list[str]:
    """What a question is about, for putting questions about one thing together."""
    text = clean(text)
    return [*concepts(text), *terms(text)][:60]


def used(article_id: UUID, *, on: date, times: int = 1, helped: int = 0, not_helped: int = 0) -> None:
    """Count a use on its day."""
    row, _ = ArticleUse.objects.get_or_create(article_id=article_id, day=on)
    ArticleUse.objects.filter(pk=row.pk).update(
        times=F("times") + times, helped=F("helped") + helped, not_helped=F("not_helped") + not_helped
    )
    if times:
        Article.objects.filter(pk=article_id).update(uses=F("uses") + times)


@transaction.atomic
def rate(*, question_id: UUID, is_helpful: bool, at: datetime) -> Question:
    """Whether the answer helped; said twice, the last counts once."""
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    if question.is_helpful == is_helpful:
        return question
    if question.article_id is not None:
        before = question.is_helpful
        helped = (1 if is_helpful else 0) - (1 if before else 0)
        not_helped = (0 if is_helpful else 1) - (1 if before is False else 0)
        used(question.article_id, on=local_day(at), times=0, helped=helped, not_helped=not_helped)
    question.is_helpful = is_helpful
    question.save(update_fields=["is_helpful"])
    return question


@transaction.atomic
def leave(*, question_id: UUID, contact: str, at: datetime) -> Question:
    """Leave the question with a telephone number for the hotline to call back. Raises Refused."""
    if not contact.strip():
        raise Refused("请填写能联系到您的电话，我们好答复您。")
    if why := phone.check_consult(contact.strip()):
        raise Refused(why)
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    if question.is_left:
        return question
    question.is_left, question.contact = True, contact.strip()[:20]
    question.save(update_fields=["is_left", "contact"])
    return question


@transaction.atomic
def draft_for(*, by: Actor, at: datetime, question_ids: Sequence[UUID], owner: Org, leaf: str) -> ArticleVersion:
    """Questions nobody could answer become a draft that a unit shall write. Raises Refused."""
    if not access.may_publish(by):
        raise Refused(f"您当前的岗位不能分派。{access.may_publish.__doc__}")
    rows = list(
        Question.objects.select_for_update(of=("self",)).filter(
            pk__in=list(question_ids)[:500], region_id__startswith=by.region_prefix, settled_at=None
        )
    )
    if not rows:
        raise Refused("这些问题已经处理过了，请刷新页面。")
    asked = list(dict.fromkeys(row.text[: rules.LONGEST_QUESTION] for row in rows))[: rules.MOST_QUESTIONS]
    content = knowledge.Content(title=asked[0][:100], questions=asked, answer="", basis="", valid_from=local_day(at))
    draft = knowledge.write(by=by, at=at, owner=owner, leaf=leaf, content=content)
    Question.objects.filter(pk__in=[row.pk for row in rows]).update(draft=draft.article, settled_at=at)
    knowledge.tell_owner(draft, at=at)
    return draft


@transaction.atomic
def set_aside(*, by: Actor, at: datetime, question_ids: Sequence[UUID]) -> int:
    """Questions that need no article. Returns how many. Raises Refused."""
    if not access.may_publish(by):
        raise Refused(f"您当前的岗位不能办理。{access.may_publish.__doc__}")
    rows = Question.objects.filter(
        pk__in=list(question_ids)[:500], region_id__startswith=by.region_prefix, settled_at=None
    )
    keys = sorted(str(pk) for pk in rows.values_list("pk", flat=True))
    done = rows.update(settled_at=at)
    if done:
        journal.write(
            subject=("hotline.Question", keys[0]),
            move="set_aside",
            by=by,
            at=at,
            law=rules.B53,
            facts={"questions": keys},
        )
    return done


@transaction.atomic
def make_order(*, by: Actor, at: datetime, question_id: UUID) -> str:
    """A question left by a citizen becomes an order. Returns its number. Raises Refused."""
    question = Question.objects.select_for_update(of=("self",)).get(pk=question_id)
    if question.order_number:
        return question.order_number
    if not question.is_left:
        raise Refused("诉求人没有留下电话，不能转为工单。可以写成知识库条目。")
    order = intake.receive(
        by=by, at=at, channel="online_portal", text=question.text, region_code=question.region_id, place="",
        caller_phone=question.contact,
    )  # fmt: skip
    question.order_number, question.settled_at = order.number, at
    question.save(update_fields=["order_number", "settled_at"])
    return order.number
