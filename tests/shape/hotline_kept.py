"""Somebody else's order of the hotline with a photo and a co-handler, for the table of rights."""

from datetime import datetime, timedelta
from typing import Any

from siban.hotline.actions import intake
from siban.hotline.models import Article, ArticleVersion, Leg, Order, Question
from siban.kernel.actor import SYSTEM
from tests.oversight.supervised import picture


def keys_of_hotline(cast: Any, *, at: datetime) -> dict[str, str]:
    """Keys of an order of the citizen that the department handles; none of it concerns its neighbours."""
    owner, unit = cast.persons["citizen"], cast.orgs["department"]
    order = intake.receive(
        by=SYSTEM, at=at, channel="online_portal", text=f"演示：{owner.name}家的暖气不热", region_code=unit.region_id, person_id=owner.pk,
        caller_name=owner.name, caller_phone=owner.mobile,
    )  # fmt: skip
    photo = intake.attach(order=order, content=picture(), name="演示.png", kind="caller", by=SYSTEM, at=at)
    Order.objects.filter(pk=order.pk).update(
        state="handling", lead=unit, dispatched_at=at, due_at=at + timedelta(days=3)
    )
    leg = Leg.objects.create(
        order=order, org=cast.orgs["hall"], region_id=unit.region_id, role="co", sent_at=at, sign_by=at
    )
    article = Article.objects.create(
        number="K9001", owner=unit, region_id=f"{unit.region_id[:6]}000000", leaf="010101"
    )
    ArticleVersion.objects.create(
        article=article, version=1, state="draft", title="演示条目", answer="演示答复", basis="演示依据", valid_from=at.date(),
        written_by=owner.name, created_at=at,
    )  # fmt: skip
    asked = Question.objects.create(
        text=f"{owner.name}问的问题", asked_at=at, channel="portal", region_id=article.region_id, is_answered=False
    )
    return {
        "knowledge_number": article.number, "version": "1", "ask": str(asked.pk), "open311_form": "json", "mark": str(asked.pk),
        "hotline_number": order.number, "demands_number": order.number, "hotline": str(photo.pk), "demands": str(photo.pk),
        "hotline_move": "contact", "leg": str(leg.pk), "which": "hung", "leaf": "010101", "town": "150724100000",
    }  # fmt: skip
