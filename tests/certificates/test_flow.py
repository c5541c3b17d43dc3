"""What may happen to a certificate, by whom: one table, and what the public then reads."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from siban.certificates import api, rules
from siban.certificates.flow import ECERT_FLOW, ECertState
from siban.kernel import journal
from siban.kernel.flow import Refused

from .conftest import AT, Cast, issued

# State by state: who of the cast may make which move.
MATRIX = """
valid      reviewer suspend,withdraw,revoke,cancel
valid      citizen  dispute
suspended  reviewer resume,withdraw,revoke,cancel
disputed   reviewer uphold,correct,withdraw,revoke
expired    reviewer cancel
withdrawn  reviewer cancel
revoked    reviewer cancel
"""
LATER = AT + timedelta(days=1)


@pytest.mark.parametrize("state", ECertState.values)
@pytest.mark.parametrize("who", ["reviewer", "citizen", "stranger", "neighbour_reviewer", "bureau", "clerk"])
def test_each_role_has_exactly_the_moves_of_the_table(cast: Cast, cert: api.ECert, state: str, who: str) -> None:
    table = {(a, b): set(c.split(",")) for a, b, c in (line.split() for line in MATRIX.strip().splitlines())}
    cert.state = state
    offered = {c.name for c in ECERT_FLOW.choices(cert, by=getattr(cast, who), at=AT)}
    assert offered == table.get((state, who), set())


@pytest.mark.parametrize("verb", ["suspend", "withdraw", "revoke", "cancel"])
def test_every_act_of_the_office_wants_a_reason_and_is_journalled_with_its_article(
    cast: Cast, cert: api.ECert, verb: str
) -> None:
    act = getattr(api, verb)
    with pytest.raises(Refused, match="理由"):
        act(certificate_id=cert.pk, reason=" 短 ", by=cast.reviewer, at=LATER)
    act(certificate_id=cert.pk, reason="演示理由，写得清楚", by=cast.reviewer, at=LATER)
    row = journal.timeline(cert).last()
    assert (row.move, row.note, row.law) == (verb, "演示理由，写得清楚", ECERT_FLOW.moves[verb].law)


@pytest.mark.parametrize("who", ["citizen", "stranger", "neighbour_reviewer", "bureau", "clerk"])
def test_nobody_but_the_issuing_office_revokes(cast: Cast, cert: api.ECert, who: str) -> None:
    with pytest.raises(Refused, match="发证机关"):
        api.revoke(certificate_id=cert.pk, reason="演示理由，写得清楚", by=getattr(cast, who), at=LATER)
    cert.refresh_from_db()
    assert cert.state == "valid"


def test_a_correction_issues_the_next_version_and_cancels_the_old_one(cast: Cast, cert: api.ECert) -> None:
    api.dispute(certificate_id=cert.pk, reason="经营场所写错了", by=cast.citizen, at=LATER)
    new = api.correct(
        certificate_id=cert.pk,
        values={"经营场所": "演示镇演示街 2 号"},
        reason="核实后更正地址",
        by=cast.reviewer,
        at=LATER,
    )
    cert.refresh_from_db()
    assert (new.version, new.serial, new.valid_to) == (2, cert.serial, cert.valid_to)
    assert new.identifier.split(".")[-2] == "002"
    assert new.values == {**cert.values, "经营场所": "演示镇演示街 2 号"}
    assert (cert.state, cert.replaced_by_id) == ("cancelled", new.pk)
    page = api.verify_public(cert.identifier, on=LATER.date())
    assert page.standing is not None
    assert (page.standing.state, page.next_code) == ("replaced", new.verify_code)


@pytest.mark.parametrize(
    ("values", "sentence"), [({"没有的项": "x"}, "没有“没有的项”"), ({"主体业态": "餐饮服务经营者"}, "没有需要更正")]
)
def test_a_correction_refuses_strange_fields_and_no_change(
    cast: Cast, cert: api.ECert, values: dict[str, str], sentence: str
) -> None:
    api.dispute(certificate_id=cert.pk, reason="经营场所写错了", by=cast.citizen, at=LATER)
    with pytest.raises(Refused, match=sentence):
        api.correct(certificate_id=cert.pk, values=values, reason="核实后更正地址", by=cast.reviewer, at=LATER)
    assert api.ECert.objects.count() == 1


def test_expired_certificates_are_taken_from_the_register_on_the_day_after_their_last(
    cast: Cast, cert: api.ECert
) -> None:
    assert api.expire_due(at=datetime(2031, 3, 1, 15, 59, tzinfo=UTC)) == 0
    assert api.expire_due(at=datetime(2031, 3, 1, 16, 0, tzinfo=UTC)) == 1  # 2 March begins in Shanghai
    cert.refresh_from_db()
    assert cert.state == "expired"


def test_the_standing_is_expired_on_time_even_before_the_register_knows(cert: api.ECert) -> None:
    assert rules.standing(cert, date(2031, 3, 1)).state == "valid"
    assert rules.standing(cert, date(2031, 3, 2)).state == "expired"


@pytest.mark.parametrize("state", ECertState.values)
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 6, 1), date(2040, 1, 1)])
@pytest.mark.parametrize("replaced", [None, 7])
def test_only_a_valid_certificate_within_its_period_reads_valid(state: str, day: date, replaced: Any) -> None:
    seen = SimpleNamespace(
        state=state, valid_from=date(2026, 3, 2), valid_to=date(2031, 3, 2), replaced_by_id=replaced
    )
    standing = rules.standing(seen, day)
    assert standing.is_valid == (state == "valid" and day == date(2026, 6, 1))
    assert standing.sentence.endswith("。")


@pytest.mark.parametrize(
    ("verb", "label"), [("revoke", "已撤销"), ("cancel", "已注销"), ("suspend", "暂扣"), ("withdraw", "已撤回")]
)
def test_the_public_reads_what_became_of_a_certificate(cast: Cast, cert: api.ECert, verb: str, label: str) -> None:
    getattr(api, verb)(certificate_id=cert.pk, reason="演示理由，写得清楚", by=cast.reviewer, at=LATER)
    page = api.verify_public(cert.verify_code.lower(), on=LATER.date())
    assert page.standing is not None
    assert (page.standing.label, page.since) == (label, "2026年3月3日")
    assert page.holder == "演**"


def test_an_enterprise_is_shown_by_its_full_name_and_unknown_numbers_find_nothing(cast: Cast) -> None:
    made = issued(cast, person=None, enterprise=cast.enterprise)
    assert api.verify_public(f" {made.identifier} ", on=AT.date()).holder == "演示餐饮店"
    for unknown in ("", "   ", "NOSUCHCODE12", "1.2.156.3005.2.x", "'; DROP--", "𝕏" * 300, "%"):
        assert not api.verify_public(unknown, on=AT.date()).found
