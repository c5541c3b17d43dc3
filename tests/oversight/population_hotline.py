"""Random orders of the hotline: on both sides of every limit, merged, hung, ended, called back or not."""

from datetime import UTC, datetime, timedelta

from siban.hotline.flow import ENDS, OrderState
from siban.hotline.models import Article, ArticleVersion, Order, Question, Suspension, Termination
from siban.identity.models import Org
from siban.kernel import clock
from tests.oversight.population import Dice

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def build(d: Dice, orgs: list[Org]) -> None:
    """A hundred and sixty orders."""
    now, made = clock.now(), []
    for n in range(160):
        state = d.choice([s for s in OrderState if s != OrderState.MERGED])
        lead = d.choice(orgs) if state in ("dispatched", "handling", "replied") or d.likely(0.8) else None
        around = lambda hours: now + timedelta(hours=d.choice([-hours, -1, 1, hours]))
        solved = d.choice([None, True, False])
        order = Order.objects.create(
            number=f"RX{n:08d}", channel="phone", text="诉求", region_id=d.choice(orgs).region_id, nature=d.choice(["consult", "help", "complaint", "report", "suggestion"]),
            leaf="010101", state=state, lead=lead, received_at=START + timedelta(hours=n), dispatched_at=d.choice([START, START, None]),
            due_at=d.choice([around(48), around(48), None]), handled_at=d.choice([around(60), START, None]), contact_by=d.choice([around(5), None]),
            contacted_at=d.choice([around(5), START, None]), closed_at=now if state in ENDS else None, was_late=d.likely(0.2),
            is_long_term=d.likely(0.3), is_unreasonable=d.likely(0.3), is_solved=solved,
            is_satisfied=d.choice([True, False]) if solved is not None and d.likely() else None,
            merged_into=d.choice(made) if made and d.likely(0.15) else None,
        )  # fmt: skip
        made.append(order)
        if d.likely(0.3):
            Suspension.objects.create(order=order, org=d.choice(orgs), ground="funds", reason="原因", measure="措施", responsible="演示", expected_on=clock.local_day(now), asked_at=START, is_granted=d.choice([True, False, None]))  # fmt: skip
        if d.likely(0.3):
            Termination.objects.create(order=order, org=d.choice(orgs), ground="answered", reason="理由", basis="依据", evidence="证据", asked_at=START, asked_by="演示")  # fmt: skip
    for n in range(40):
        article = Article.objects.create(
            number=f"K{n:03d}", owner=d.choice(orgs), region_id=d.choice(orgs).region_id, leaf="010101"
        )
        for version, state in enumerate(d.choice([("published",), ("expired",), ("superseded", "published"), ("expired", "draft"), ("draft",), ("withdrawn",), ("submitted",)]), start=1):  # fmt: skip
            ends = d.choice(
                [
                    None,
                    clock.local_day(now),
                    clock.local_day(now) - timedelta(days=1),
                    clock.local_day(now) + timedelta(days=1),
                ]
            )
            ArticleVersion.objects.create(article=article, version=version, state=state, title="标题", answer="答复", basis="依据", valid_from="2020-01-01", valid_to=ends, written_by="演示", created_at=START, published_at=START)  # fmt: skip
        if d.likely(0.3):
            Question.objects.create(text="问题", asked_at=START, channel="portal", region_id=d.choice(orgs).region_id, is_answered=False, draft=article)  # fmt: skip
