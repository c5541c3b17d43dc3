"""Who acts for an enterprise, and what follows: cases, parcels, ratings, entrustments; told of every change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.cases import actions, parcels
from siban.cases.models import Case
from siban.cases.queries import acting
from siban.exchange.api import Message, Parcel
from siban.identity import api as identity
from siban.identity.api import EnterpriseMember, Entrustment
from siban.kernel import clock, journal
from siban.kernel.flow import Refused
from siban.ratings import actions as ratings
from siban.ratings.models import Review

from . import cast as standing

ITEM = standing.FOR_FIRMS


@pytest.fixture
def cast(db):
    return standing.cast(ITEM)


def members(cast, who, posted=None):
    client, address = standing.client_of(cast, who), reverse("my-members", args=[cast.firm.pk])
    return client.post(address, posted) if posted else client.get(address)


def added(cast, who="stranger"):
    person = cast.persons[who]
    answer = members(cast, "citizen", {"name": person.name, "id_number": person.id_number})
    while journal.deliver(at=clock.now()):
        pass
    return answer


def end(cast, by, who):
    address = reverse("my-member-end", args=[cast.firm.pk, cast.persons[who].pk])
    return standing.client_of(cast, by).post(address)


def told(cast, who):
    return list(Message.objects.filter(person=cast.persons[who]).order_by("id").values_list("title", flat=True))


def firm_case(cast, **changed):
    case = actions.start(
        item=cast.items[ITEM], by=cast.citizen, at=clock.now(), person=cast.persons["citizen"], enterprise=cast.firm
    )
    Case.objects.filter(pk=case.pk).update(
        **{"number": "D1", "state": "submitted", "submitted_at": clock.now()} | changed
    )
    return Case.objects.select_related("org", "person", "version").get(pk=case.pk)


def test_the_representative_adds_and_ends_and_both_are_told_each_time(cast):
    assert added(cast).status_code == 302
    assert cast.persons["stranger"].name in members(cast, "stranger").content.decode()
    assert cast.persons["citizen"].id_number not in members(cast, "stranger").content.decode()
    assert told(cast, "stranger") == told(cast, "citizen") == ["单位增加了经办人"]
    assert end(cast, "citizen", "stranger").status_code == 302
    while journal.deliver(at=clock.now()):
        pass
    assert told(cast, "stranger")[-1] == told(cast, "citizen")[-1] == "单位的经办人已经结束"
    assert members(cast, "stranger").status_code == 404


def test_one_who_only_handles_adds_nobody_ends_nobody_else_and_may_leave(cast):
    added(cast)
    agent = cast.persons["agent"]
    answer = members(cast, "stranger", {"name": agent.name, "id_number": agent.id_number})
    assert (answer.status_code, EnterpriseMember.objects.count()) == (422, 2)
    end(cast, "stranger", "citizen")
    assert EnterpriseMember.objects.count() == 2
    end(cast, "stranger", "stranger")
    assert EnterpriseMember.objects.count() == 1
    assert end(cast, "stranger", "citizen").status_code == 404


@pytest.mark.parametrize("said", [{"name": "演示错"}, {"id_number": "1"}, {"name": ""}])
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, said):
    person = cast.persons["stranger"]
    answer = members(cast, "citizen", {"name": person.name, "id_number": person.id_number} | said)
    assert answer.status_code == 422
    assert (said.get("id_number") or person.id_number) in answer.content.decode()
    assert EnterpriseMember.objects.count() == 1


def test_a_parcel_is_seen_by_who_sees_its_case_now(cast):
    case = firm_case(cast)
    parcel = parcels.book_in(case, contents="材料", by=cast.citizen, at=clock.now())
    added(cast)

    def seen(who):
        return Parcel.objects.visible_to(cast.actors[who]).filter(pk=parcel.pk).exists()

    assert [seen(who) for who in ("citizen", "stranger", "agent")] == [True, True, False]
    assert standing.client_of(cast, "stranger").get(reverse("my-parcel", args=[parcel.pk])).status_code == 200
    EnterpriseMember.objects.filter(person=cast.persons["citizen"]).delete()
    assert [seen(who) for who in ("citizen", "stranger")] == [False, True]
    assert parcel.is_of(cast.persons["stranger"].pk)
    assert not parcel.is_of(cast.persons["citizen"].pk)


def test_a_rating_is_given_by_the_people_of_now_once_and_read_again_by_who_gave_it(cast):
    case = firm_case(cast, state="closed", **dict.fromkeys(("accepted_at", "decided_at", "issued_at", "delivered_at", "closed_at"), clock.now()))  # fmt: skip
    review = ratings.invite(case_id=case.pk, at=clock.now())
    for who in ("stranger", "agent"):
        with pytest.raises(Refused, match="不得代为评价"):
            ratings.rate(review_id=review.pk, level=1, by=cast.actors[who], at=clock.now())
    added(cast)
    ratings.rate(review_id=review.pk, level=2, comment="很快", by=cast.stranger, at=clock.now())
    address = reverse("rate", args=[review.token])
    assert "很快" in standing.client_of(cast, "stranger").get(address).content.decode()
    assert "很快" not in standing.client_of(cast, "citizen").get(address).content.decode()
    assert Review.objects.get().person == cast.persons["stranger"]


def test_a_former_member_rates_nothing(cast):
    review = ratings.invite(case_id=firm_case(cast).pk, at=clock.now())
    EnterpriseMember.objects.filter(person=cast.persons["citizen"]).delete()
    with pytest.raises(Refused):
        ratings.rate(review_id=review.pk, level=1, by=cast.citizen, at=clock.now())


def test_an_agent_asks_an_enterprise_and_only_its_representative_confirms(cast):
    added(cast)
    agent = standing.client_of(cast, "agent")
    said = {
        "side": "ask", "name": cast.firm.name, "id_number": cast.firm.uscc, "purpose": "申请办理",
        "until": str(clock.local_day(clock.now()) + timedelta(days=9)),
    }  # fmt: skip
    assert agent.post(reverse("my-acting"), said | {"name": "演示错公司"}).status_code == 422
    assert agent.post(reverse("my-acting"), said).status_code == 302
    asked = Entrustment.objects.get()
    lines = {
        who: acting.entrustments(cast.actors[who], at=clock.now())[0][0] for who in ("citizen", "stranger", "agent")
    }
    assert [lines[who].awaits_me for who in lines] == [True, False, False]
    with pytest.raises(Refused):
        identity.confirm_entrustment(
            entrustment_id=asked.pk, signature=cast.stranger.name, by=cast.stranger, at=clock.now()
        )
    standing.client_of(cast, "citizen").post(
        reverse("my-acting-answer", args=[asked.pk, "confirm"]), {"signature": cast.citizen.name}
    )
    assert Entrustment.objects.get().state == "in_force"


def test_entrustments_are_paged_what_waits_first_and_statements_do_not_grow(cast):
    counts = []
    for _ in range(2):
        for n in range(acting.SIZE):
            identity.ask_entrustment(
                agent=cast.persons["agent"], principal=cast.persons["citizen"], purpose=f"第 {n} 件", signature=cast.citizen.name,
                until=clock.local_day(clock.now()), by=cast.citizen, at=clock.now(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            lines, more = acting.entrustments(cast.agent, at=clock.now())
        counts.append(len(caught))
    assert (len(lines), more, counts[0]) == (acting.SIZE, True, counts[1])
    identity.confirm_entrustment(
        entrustment_id=Entrustment.objects.order_by("asked_at")[0].pk, by=cast.agent, at=clock.now()
    )
    assert all(line.awaits_me for line in acting.entrustments(cast.agent, at=clock.now())[0])
    last, more = acting.entrustments(cast.agent, at=clock.now(), number=2)
    assert not more
    assert not last[-1].awaits_me
    assert "第" in standing.client_of(cast, "agent").get(reverse("my-acting"), {"page": "2"}).content.decode()
