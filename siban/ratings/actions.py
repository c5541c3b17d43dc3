"""Inviting a rating, and giving it. One verb, one function, one transaction."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases.api import Case
from siban.kernel.actor import ANONYMOUS, SYSTEM, Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from . import access, rules
from .flow import REVIEW_FLOW
from .models import Review


@transaction.atomic
def invite(*, case_id: UUID, at: datetime) -> Review:
    """Invite the applicant of a closed case; the same case is invited once, however often it is asked."""
    case = Case.objects.select_for_update(of=("self",)).select_related("item").get(pk=case_id)
    known = Review.objects.filter(subject_type="cases.Case", subject_id=str(case.pk)).first()
    if known is not None:
        return known
    made = Review(
        id=uuid7(),
        token=secrets.token_urlsafe(18),
        subject_type="cases.Case",
        subject_id=str(case.pk),
        number=case.number or "",
        title=case.title,
        item_slug=case.item.slug,
        org_id=case.org_id,
        region_id=case.region_id,
        served_by=case.received_by_id,
        person_id=case.person_id,
        invited_at=at,
    )
    REVIEW_FLOW.begin(made, by=SYSTEM, at=at, move="invite", law="国办发〔2019〕51号（主动提醒，自愿评价）")
    return made


def rate(
    *,
    review_id: UUID,
    level: int | None,
    tags: Sequence[str] = (),
    comment: str = "",
    anonymous: bool = False,
    by: Actor,
    at: datetime,
) -> Review:
    """Give the rating; whoever asks to stay anonymous leaves no name in the record either.

    Raises:
        Refused: no level, rated already, or not the applicant.
    """
    if why := rules.faults(level, tags, comment.strip()):
        raise Refused(why)
    review = Review.objects.get(pk=review_id)
    if not access.rater(by, review):
        raise Refused(f"您不能评价这次服务。{access.rater.__doc__}")
    real = by.is_citizen and not anonymous
    with REVIEW_FLOW.step("rate", by=by if real else ANONYMOUS.through(by.channel), at=at, pk=review_id) as step:
        given: Review = step.subject
        given.level, given.tags, given.comment = level, list(dict.fromkeys(tags)), comment.strip()
        if by.is_citizen:  # of an enterprise, whoever of its people gives it
            given.person_id = by.person_id
        given.channel, given.is_real_name, given.rated_at = by.channel, real, at
        step.facts["level"] = level
    return step.subject  # type: ignore[no-any-return]
