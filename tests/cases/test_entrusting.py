"""委托代办 and enterprises: who may act for whom, until when, who sees it, who is told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.cases import access, actions, messages
from siban.cases.models import Case
from siban.exchange.api import Message
from siban.identity import api as identity
from siban.identity.api import EnterpriseMember, Entrustment
from siban.kernel import clock, journal
from siban.kernel.flow import Refused

from . import cast as standing

ITEM = standing.FOR_FIRMS


@pytest.fixture
def cast(db):
    return standing.cast(ITEM, standing.SITUATED)


@pytest.fixture
def now():
    return clock.now()


def given(cast, now, *, confirmed=True, firm=False, until=None, **said):
    """`citizen` (or the firm) entrusts `agent`."""
    asked = identity.ask_entrustment(
        agent=cast.persons["agent"], principal=cast.persons["citizen"], enterprise=cast.firm if firm else None,
        purpose="申请办理", until=until or clock.local_day(now) + timedelta(days=30), signature=cast.citizen.name,
        by=cast.citizen, at=now, **said,
    )  # fmt: skip
    if confirmed:
        asked = identity.confirm_entrustment(entrustment_id=asked.pk, by=cast.agent, at=now)
    return asked


def begun(cast, entrustment, now, item=ITEM):
    return actions.start(item=cast.items[item], by=cast.agent, at=now, entrustment=entrustment)


def sees(cast, who, case):
    """Both doors agree: the list and the rule of the buttons."""
    listed = Case.objects.visible_to(cast.actors[who]).filter(pk=case.pk).exists()
    assert access.applicant(cast.actors[who], Case.objects.get(pk=case.pk)) == listed
    return listed


def test_the_applicant_stays_the_principal_and_the_journal_keeps_the_agent(cast, now):
    case = begun(cast, given(cast, now), now)
    assert (case.person, case.applicant_name) == (cast.persons["citizen"], cast.citizen.name)
    assert {row.actor_id for row in journal.timeline(case)} == {cast.agent.person_id}
    assert sees(cast, "citizen", case)
    assert sees(cast, "agent", case)
    assert not sees(cast, "stranger", case)


def test_an_agent_sees_only_what_the_agent_began(cast, now):
    own = standing.draft(cast, ITEM)
    given(cast, now)
    assert not sees(cast, "agent", own)


@pytest.mark.parametrize("who", ["citizen", "agent"])
def test_either_side_ends_it_and_from_then_on_the_agent_sees_nothing(cast, now, who):
    entrustment = given(cast, now)
    case = begun(cast, entrustment, now)
    identity.end_entrustment(entrustment_id=entrustment.pk, by=cast.actors[who], at=now)
    assert not sees(cast, "agent", case)
    assert sees(cast, "citizen", case)
    with pytest.raises(Refused, match="委托已经结束"):
        begun(cast, entrustment, now)


def test_an_expired_entrustment_opens_nothing(cast, now):
    entrustment = given(cast, now)
    case = begun(cast, entrustment, now)
    today = clock.local_day(now)
    Entrustment.objects.filter(pk=entrustment.pk).update(valid_from=today - timedelta(days=9), valid_to=today)
    assert not sees(cast, "agent", case)
    with pytest.raises(Refused, match="委托已经结束"):
        begun(cast, entrustment, now)


def test_until_it_is_confirmed_it_opens_nothing(cast, now):
    entrustment = given(cast, now, confirmed=False)
    with pytest.raises(Refused, match="还没有确认"):
        begun(cast, entrustment, now)


def test_a_listed_matter_is_the_only_one(cast, now):
    scope = [{"code": cast.items[ITEM].impl_code, "name": "这一件"}]
    entrustment = given(cast, now, scope=scope)
    begun(cast, entrustment, now)
    with pytest.raises(Refused, match="没有这个事项"):
        begun(cast, entrustment, now, item=standing.SITUATED)


@pytest.mark.parametrize("who", ["stranger", "citizen"])
def test_nobody_but_the_agent_uses_an_entrustment(cast, now, who):
    entrustment = given(cast, now)
    with pytest.raises(Refused, match="不能代办"):
        actions.start(item=cast.items[ITEM], by=cast.actors[who], at=now, entrustment=entrustment)


@pytest.mark.parametrize(("who", "refused"), [("stranger", True), ("citizen", True), ("agent", False)])
def test_only_the_side_that_was_asked_confirms(cast, now, who, refused):
    entrustment = given(cast, now, confirmed=False)
    if refused:
        with pytest.raises(Refused):
            identity.confirm_entrustment(entrustment_id=entrustment.pk, by=cast.actors[who], at=now)
    assert (Entrustment.objects.get(pk=entrustment.pk).state == "in_force") is False
    if not refused:
        identity.confirm_entrustment(entrustment_id=entrustment.pk, by=cast.actors[who], at=now)
        assert Entrustment.objects.get(pk=entrustment.pk).state == "in_force"


def test_an_agent_who_asks_waits_for_the_signature_of_the_principal(cast, now):
    asked = identity.ask_entrustment(
        agent=cast.persons["agent"], principal=cast.persons["citizen"], purpose="代办", by=cast.agent, at=now,
        until=clock.local_day(now),
    )  # fmt: skip
    for wrong in ("", cast.agent.name):
        with pytest.raises(Refused, match="签名"):
            identity.confirm_entrustment(entrustment_id=asked.pk, signature=wrong, by=cast.citizen, at=now)
    identity.confirm_entrustment(entrustment_id=asked.pk, signature=cast.citizen.name, by=cast.citizen, at=now)
    assert sees(cast, "agent", begun(cast, asked, now))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"signature": "别人"}, "签名"),
        ({"purpose": " "}, "写明"),
        ({"until": date(2020, 1, 1)}, "三年以内"),
        ({"until": date(2099, 1, 1)}, "三年以内"),
        ({"by": "stranger"}, "本人提出"),
        ({"agent": "citizen"}, "不能委托给本人"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(cast, now, changed, sentence):
    said = {"agent": "agent", "by": "citizen", "purpose": "代办", "until": clock.local_day(now)} | changed
    said |= {"agent": cast.persons[said["agent"]], "by": cast.actors[said["by"]]}
    with pytest.raises(Refused, match=sentence):
        identity.ask_entrustment(
            **{"signature": cast.citizen.name, **said}, principal=cast.persons["citizen"], at=now
        )  # fmt: skip
    assert not Entrustment.objects.exists()


def test_every_member_works_on_the_case_of_an_enterprise_and_a_former_one_does_not(cast, now):
    case = actions.start(
        item=cast.items[ITEM], by=cast.citizen, at=now, person=cast.persons["citizen"], enterprise=cast.firm
    )
    assert not sees(cast, "agent", case)
    with pytest.raises(Refused, match="法定代表人"):
        identity.add_member(enterprise=cast.firm, person=cast.persons["agent"], by=cast.agent, at=now)
    identity.add_member(enterprise=cast.firm, person=cast.persons["agent"], by=cast.citizen, at=now)
    assert sees(cast, "agent", case)
    actions.save_form(case_id=case.pk, values={"mobile_phone": "13800000009"}, by=cast.agent, at=now)
    identity.end_membership(enterprise=cast.firm, person=cast.persons["agent"], by=cast.citizen, at=now)
    assert not sees(cast, "agent", case)
    EnterpriseMember.objects.filter(enterprise=cast.firm).delete()
    assert not sees(cast, "citizen", case)  # also who began it, once no longer a member


def test_an_enterprise_entrusts_somebody_outside(cast, now):
    case = begun(cast, given(cast, now, firm=True), now)
    assert (case.enterprise, case.applicant_name) == (cast.firm, cast.firm.name)
    assert sees(cast, "agent", case)
    assert sees(cast, "citizen", case)


def test_an_agent_signs_no_promise(cast, now):
    from siban.cases.actions.promising import require_signed

    case = begun(cast, given(cast, now), now)
    with pytest.raises(Refused, match="不能代签"):
        require_signed(case, cast.citizen.name, by=cast.agent)
    require_signed(case, cast.citizen.name, by=cast.citizen)


def test_an_agent_uses_no_certificate_without_consent(cast, now):
    case = begun(cast, given(cast, now), now)
    with pytest.raises(Refused, match="没有同意代办人使用电子证照"):
        actions.use_certificate(
            case_id=case.pk, material_id=case.elements.materials[0].id, certificate_id=case.pk, consent=True,
            by=cast.agent, at=now,
        )  # fmt: skip


def test_both_are_told_of_the_case_and_only_as_long_as_it_runs(cast, now):
    entrustment = given(cast, now)
    case = begun(cast, entrustment, now)

    def told():
        return {r.person_id for r in messages.applicants(Case.objects.get(pk=case.pk))}

    assert told() == {cast.citizen.person_id, cast.agent.person_id}
    identity.end_entrustment(entrustment_id=entrustment.pk, by=cast.citizen, at=now)
    assert told() == {cast.citizen.person_id}


def test_both_sides_are_told_of_the_entrustment(cast, now, deliver):
    entrustment = given(cast, now, confirmed=False)
    deliver()
    kinds = Message.objects.order_by("created_at", "id").values_list("kind", "person_id")
    assert list(kinds) == [("entrustment.ask", cast.agent.person_id)]
    identity.confirm_entrustment(entrustment_id=entrustment.pk, by=cast.agent, at=now)
    deliver()
    confirmed = Message.objects.filter(kind="entrustment.confirm").order_by("id")
    assert {m.person_id for m in confirmed} == {cast.citizen.person_id, cast.agent.person_id}


def test_the_pages_lead_from_asking_to_a_draft_for_somebody_else(cast, now):
    mine, theirs = standing.client_of(cast, "citizen"), standing.client_of(cast, "agent")
    url = f"{reverse('my-acting')}?item={cast.items[ITEM].impl_code}"
    said = {
        "side": "give", "behalf": "self", "name": cast.agent.name, "id_number": cast.persons["agent"].id_number,
        "purpose": "办货运证", "until": (clock.local_day(now) + timedelta(days=5)).isoformat(),
        "signature": cast.citizen.name,
    }  # fmt: skip
    wrong = mine.post(url, {**said, "name": "不认识"})
    assert wrong.status_code == 422
    assert "办货运证" in wrong.content.decode()  # nothing entered is lost
    assert mine.post(url, said).status_code == 302
    made = Entrustment.objects.get()
    assert [line["code"] for line in made.scope] == [cast.items[ITEM].impl_code]
    assert "同意" in theirs.get(reverse("my-acting")).content.decode()
    theirs.post(reverse("my-acting-answer", args=[made.pk, "confirm"]))
    start = reverse("case-start", args=[cast.items[ITEM].impl_code])
    assert f"代“{cast.citizen.name}”办理" in theirs.get(start).content.decode()
    theirs.post(start, {"behalf": f"entrusted:{made.pk}"})
    case = Case.objects.get()
    assert case.entrustment == made
    assert theirs.get(reverse("case-apply", args=[case.pk])).status_code == 302
    mine.post(reverse("my-acting-answer", args=[made.pk, "end"]))
    assert theirs.get(reverse("case-apply", args=[case.pk])).status_code == 404


def test_strangers_find_no_entrustment(cast, now):
    made = given(cast, now)
    stranger = standing.client_of(cast, "stranger")
    for name in ("confirm", "refuse", "end"):
        assert stranger.post(reverse("my-acting-answer", args=[made.pk, name])).status_code == 404
    assert "申请办理" not in stranger.get(reverse("my-acting")).content.decode()


def test_the_list_of_entrustments_asks_as_much_of_ten_as_of_one(cast, now):
    browser = standing.client_of(cast, "agent")
    counts = []
    for more in (1, 9):
        for _ in range(more):
            given(cast, now)
        browser.get(reverse("my-acting"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(reverse("my-acting"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_of_own_cases_goes_by_indexes(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Case.objects.visible_to(cast.citizen).explain()
    assert "Seq Scan on cases_case" not in plan
