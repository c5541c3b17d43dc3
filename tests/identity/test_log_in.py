"""Coming in: passwords, the lock, the one-time code, sessions."""

from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from siban.identity import actions
from siban.identity.models import Account
from siban.kernel import journal
from siban.kernel.flow import Refused

from .conftest import AT, PASSWORD, House

MINUTE = timedelta(minutes=1)


def tries(house: House, times: int, who: str = "clerk") -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            actions.log_in(login=who, password="wrong-wrong-1", at=AT)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("duan1", "至少 10 个字符"), ("zhiyouzimuzimu", "字母和数字"), ("9473628150", "字母和数字"), ("password123", "常见"),
        ("clerk-clerk1", "自己的账号"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(house: House, password: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, house.accounts["clerk"])
    assert said in "".join(refused.value.messages)


def test_four_wrong_tries_do_not_lock_and_success_forgets_them(house: House) -> None:
    for _ in range(3):
        tries(house, 4)
        assert actions.log_in(login="clerk", password=PASSWORD, at=AT).login == "clerk"


def test_five_wrong_tries_lock_for_fifteen_minutes_even_for_the_right_password(house: House) -> None:
    tries(house, 5)
    for at in (AT, AT + 14 * MINUTE):
        with pytest.raises(Refused, match="锁定"):
            actions.log_in(login="clerk", password=PASSWORD, at=at)
    assert actions.log_in(login="clerk", password=PASSWORD, at=AT + 15 * MINUTE)
    moves = [row.move for row in journal.timeline(house.accounts["clerk"])]
    assert moves == ["open", *["log_in_failed"] * 4, "lock", "log_in"]


def test_a_wrong_password_a_locked_and_an_unknown_account_sound_the_same(house: House) -> None:
    said = set()
    for _ in range(7):
        for login in ("clerk", "nobody"):
            with pytest.raises(Refused) as why:
                actions.log_in(login=login, password="wrong-wrong-1", at=AT)
            said.add(str(why.value))
    assert len(said) == 1


def test_entries_of_persons_are_slowed_down_when_they_come_in_masses(house: House) -> None:
    browser = Client()
    sent = {"name": "演示甲", "id_number": "1", "level": "2"}
    answers = [browser.post("/login/", sent).status_code for _ in range(70)]
    assert (answers[0], answers[-1], browser.get("/login/").status_code) == (422, 429, 200)


def test_a_closed_account_cannot_come_in_and_its_session_ends(house: House) -> None:
    browser = house.browser("clerk")
    assert browser.get("/desk/security/").status_code == 200
    actions.close_account(account=house.accounts["clerk"], by=house.actor("admin"), at=AT)
    assert browser.get("/desk/security/").status_code == 302
    with pytest.raises(Refused):
        actions.log_in(login="clerk", password=PASSWORD, at=AT)


def test_the_one_time_code_is_asked_once_set_up_and_each_code_is_good_once(house: House) -> None:
    held, secret = house.accounts["clerk"], actions.new_secret()
    code = pyotp.TOTP(secret)
    with pytest.raises(Refused, match="验证码不对"):
        actions.turn_on_totp(account=held, secret=secret, code="000000x", by=house.actor("clerk"), at=AT)
    actions.turn_on_totp(account=held, secret=secret, code=code.at(AT), by=house.actor("clerk"), at=AT)
    with pytest.raises(Refused, match="动态验证码"):
        actions.log_in(login="clerk", password=PASSWORD, at=AT + MINUTE)
    with pytest.raises(Refused):
        actions.log_in(login="clerk", password=PASSWORD, code=code.at(AT - 5 * MINUTE), at=AT + MINUTE)
    good = code.at(AT + MINUTE)
    assert actions.log_in(login="clerk", password=PASSWORD, code=good, at=AT + MINUTE)
    with pytest.raises(Refused):
        actions.log_in(login="clerk", password=PASSWORD, code=good, at=AT + MINUTE)


def test_a_wrong_one_time_code_counts_towards_the_lock(house: House) -> None:
    held, secret = house.accounts["clerk"], actions.new_secret()
    actions.turn_on_totp(account=held, secret=secret, code=pyotp.TOTP(secret).at(AT), by=house.actor("clerk"), at=AT)
    for _ in range(5):
        with pytest.raises(Refused):
            actions.log_in(login="clerk", password=PASSWORD, code="123", at=AT + MINUTE)
    with pytest.raises(Refused, match="锁定"):
        actions.log_in(login="clerk", password=PASSWORD, code=pyotp.TOTP(secret).at(AT + MINUTE), at=AT + MINUTE)


def test_the_page_turns_the_code_on_by_a_drawn_square_and_off_by_the_password(house: House) -> None:
    browser = house.browser("clerk")
    page = browser.get("/desk/security/totp/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    secret = browser.session["totp_pending"]
    assert secret[:4] in page
    wrong = browser.post("/desk/security/totp/", {"totp": "12"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    assert browser.post("/desk/security/totp/", {"totp": pyotp.TOTP(secret).now()}).status_code == 302
    assert Account.objects.get(login="clerk").totp_secret == secret
    assert secret not in browser.get("/desk/security/").content.decode()
    assert browser.post("/desk/security/totp/off/", {"password": "wrong"}).status_code == 422
    assert browser.post("/desk/security/totp/off/", {"password": PASSWORD}).status_code == 302
    assert Account.objects.get(login="clerk").totp_secret == ""


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(house: House) -> None:
    here, there = house.browser("clerk"), house.browser("clerk")
    typed = {"old": PASSWORD, "new": "xin-de-mi-ma-2026", "again": "xin-de-mi-ma-2026"}
    for change, said in (
        ({"old": "wrong"}, "原密码不正确"),
        ({"again": "else"}, "不一样"),
        ({"new": "duan1", "again": "duan1"}, "10 个字符"),
    ):
        answer = here.post("/desk/security/password/", {**typed, **change})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert here.post("/desk/security/password/", typed).status_code == 302
    assert here.get("/desk/security/").status_code == 200
    assert there.get("/desk/security/").status_code == 302
    assert actions.log_in(login="clerk", password="xin-de-mi-ma-2026", at=AT)


def test_a_log_in_starts_a_session_of_its_own(house: House) -> None:
    browser = Client()
    browser.get("/login/staff/")
    session = browser.session
    session["left"] = "behind"
    session.save()
    browser.cookies["siban_session"] = session.session_key
    assert browser.post("/login/staff/", {"login": "clerk", "password": PASSWORD}).status_code == 302
    assert browser.session.session_key != session.session_key
    assert "left" not in browser.session
    cookie = browser.cookies["siban_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    browser.post("/logout/")
    assert browser.get("/desk/security/").status_code == 302


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_log_in_never_leads_off_the_site(house: House, target: str) -> None:
    answer = Client().post("/login/staff/", {"login": "clerk", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/desk/"


def test_an_ended_post_ends_at_once_in_open_sessions(house: House) -> None:
    browser = house.browser("clerk")
    assert browser.get("/desk/security/").status_code == 200
    post = house.accounts["clerk"].posts.get()
    actions.end_post(post=post, on=AT.date(), by=house.actor("admin"), at=AT)
    assert browser.get("/desk/security/").status_code == 302
