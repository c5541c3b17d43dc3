"""When messages go out, how often they are tried, what fits: law without rows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.exchange import rules
from siban.kernel.clock import CHINA

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS)
def test_a_short_message_leaves_between_eight_and_ten_and_never_before_it_was_wanted(at: datetime) -> None:
    leaves = rules.allowed_from("sms", at)
    assert leaves >= at
    assert rules.QUIET_UNTIL <= leaves.astimezone(CHINA).time() < rules.QUIET_FROM
    assert leaves - at <= timedelta(hours=10)
    if leaves != at:
        assert leaves.astimezone(CHINA).time() == rules.QUIET_UNTIL


@given(INSTANTS)
def test_urgent_ones_and_mail_do_not_wait(at: datetime) -> None:
    assert rules.allowed_from("sms", at, urgent=True) == at
    assert rules.allowed_from("email", at) == at


def test_pauses_never_shrink_and_come_to_an_end() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    pauses = [rules.next_try(n, at) for n in range(1, rules.MOST_ATTEMPTS)]
    assert all(p is not None for p in pauses)
    assert pauses == sorted(p for p in pauses if p)
    assert rules.next_try(rules.MOST_ATTEMPTS, at) is None
    with pytest.raises(ValueError, match="failed"):
        rules.next_try(0, at)


@given(st.text(alphabet="办件受理请在。、前", max_size=200), st.text(alphabet="办件受理。", max_size=300))
def test_a_short_text_fits_and_says_whole_sentences_of_the_body(title: str, body: str) -> None:
    said = rules.short_text("演示旗政务服务", title, body)
    assert len(said) <= rules.SMS_LONGEST
    assert said.startswith("【演示旗政务服务】")
    head = f"【演示旗政务服务】{title.rstrip('。')}。"
    if len(head) <= rules.SMS_LONGEST:
        assert said.startswith(head)
        rest = said[len(head) :]
        assert body.startswith(rest)
        assert rest in ("", body) or rest.endswith("。")


@given(st.text(alphabet="办件。，\n", max_size=100))
def test_sentences_put_together_are_the_text(body: str) -> None:
    assert "".join(rules.sentences(body)) == body.replace("\n", "")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"person_id": uuid4(), "account_id": uuid4()},
        {"role": "approver"},
        {"org_id": uuid4()},
        {"person_id": uuid4(), "role": "approver", "org_id": uuid4()},
        {"person_id": uuid4(), "org_id": uuid4()},
    ],
)
def test_a_recipient_is_exactly_one(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="recipient"):
        rules.Recipient(**said)  # type: ignore[arg-type]
