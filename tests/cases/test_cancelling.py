"""注销: a licence is struck off on a ground of the law, by two persons, with its paper and its certificate (行政许可法第七十条)."""

from datetime import date

import pytest

from siban.cases import actions, rules
from siban.certificates import api as certificates
from siban.kernel import journal
from siban.kernel.flow import Refused

from . import cast as standing
from .procedure import FOOD, at, now, papers, reviewing

TODAY = date(2026, 3, 20)
SAID = {"move": "cancel", "reason": "经营者不再经营，申请注销", "document": "演示注字〔2026〕1号"}


@pytest.fixture
def cast(db):
    return standing.cast(FOOD, standing.SITUATED)


def licensed(cast):
    case = reviewing(cast)
    actions.propose(case_id=case.pk, outcome="approve", opinion="符合条件", by=cast.reviewer, at=at(0))
    actions.approve(case_id=case.pk, by=cast.head, at=at(0))
    actions.issue(case_id=case.pk, by=cast.reviewer, at=at(0))
    return actions.deliver(case_id=case.pk, by=cast.clerk, at=at(0, 11))


def held(case):
    return certificates.ECert.objects.get(pk=now(case).certificate_id)


@pytest.mark.parametrize(
    ("ground", "basis", "state", "valid_to", "why"),
    [
        ("asked", "", "valid", None, None),
        ("asked", "", "", None, None),
        ("asked", "", "disputed", None, "异议"),
        ("", "", "valid", None, "请选择"),
        ("whim", "", "valid", None, "请选择"),
        ("expired", "", "valid", None, "还没有届满"),
        ("expired", "", "valid", date(2026, 3, 21), "还没有届满"),
        ("expired", "", "valid", date(2026, 3, 20), None),
        ("expired", "", "expired", date(2026, 3, 1), None),
        ("taken_away", "", "valid", None, "没有撤回"),
        ("taken_away", "", "withdrawn", None, None),
        ("taken_away", "", "revoked", None, None),
        ("other", "", "valid", None, "条款"),
        ("other", "某条例第九条", "valid", None, None),
    ],
)
def test_a_ground_has_to_hold(ground, basis, state, valid_to, why):
    said = rules.not_cancellable(
        ground, basis=basis, state=state, valid_to=valid_to, on=TODAY, can_be_struck=state != "disputed"
    )
    assert (why is None and said is None) or (why and said and why in said and said.endswith("。"))


def test_two_persons_strike_a_licence_off_and_the_certificate_with_it(cast):
    case = licensed(cast)
    with pytest.raises(Refused, match="请选择注销的情形"):
        actions.ask_override(case_id=case.pk, **SAID, by=cast.reviewer, at=at(5))
    actions.ask_override(case_id=case.pk, **SAID, ground="asked", by=cast.reviewer, at=at(5))
    assert (now(case).state, held(case).state) == ("closed", "valid"), "one person strikes nothing off"
    with pytest.raises(Refused, match="另一个人"):
        actions.confirm_override(case_id=case.pk, by=cast.reviewer, at=at(5))
    actions.confirm_override(case_id=case.pk, by=cast.head, at=at(6))
    assert (now(case).state, held(case).state) == ("cancelled", "cancelled")
    assert now(case).cancelled_at == at(6)
    assert "cancellation" in papers(case)
    row = journal.timeline(now(case)).get(move="cancel")
    assert (row.law, row.facts["ground"], row.facts["second_name"]) == ("行政许可法第七十条", "asked", cast.head.name)
    with pytest.raises(Refused):
        actions.ask_override(case_id=case.pk, **(SAID | {"move": "revoke"}), by=cast.reviewer, at=at(7))


def test_what_holds_no_more_when_the_second_person_comes_strikes_nothing_off(cast):
    case = licensed(cast)
    actions.ask_override(case_id=case.pk, **SAID, ground="asked", by=cast.reviewer, at=at(5))
    certificates.ECert.objects.filter(pk=held(case).pk).update(state="disputed")
    with pytest.raises(Refused, match="异议"):
        actions.confirm_override(case_id=case.pk, by=cast.head, at=at(6))
    assert now(case).state == "closed"


def test_of_a_corrected_certificate_the_version_in_force_is_struck_off(cast):
    case = licensed(cast)
    first = held(case)
    certificates.ECert.objects.filter(pk=first.pk).update(state="disputed")
    field = next(iter(first.values))
    newer = certificates.correct(
        certificate_id=first.pk, values={field: "演示更正"}, reason="名称写错，予以更正", by=cast.reviewer, at=at(3)
    )
    actions.ask_override(case_id=case.pk, **SAID, ground="asked", by=cast.reviewer, at=at(5))
    actions.confirm_override(case_id=case.pk, by=cast.head, at=at(6))
    newer.refresh_from_db()
    assert newer.state == "cancelled"


def test_a_refused_application_has_no_licence_to_strike_off(cast):
    case = reviewing(cast)
    actions.propose(
        case_id=case.pk, outcome="reject", opinion="不符合条件", basis="演示法第一条", by=cast.reviewer, at=at(0)
    )
    actions.reject(case_id=case.pk, reason="布局不符合规定", basis="演示法第一条", by=cast.head, at=at(0))
    actions.deliver(case_id=case.pk, by=cast.clerk, at=at(0, 11))
    with pytest.raises(Refused, match="没有准予"):
        actions.ask_override(case_id=case.pk, **SAID, ground="asked", by=cast.reviewer, at=at(5))
