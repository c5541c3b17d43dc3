"""The administrator's register: who may, what it does, and that it is journalled."""

from datetime import timedelta

import pytest
from django.test import Client

from siban.identity import actions
from siban.identity.models import Account, Post
from siban.kernel import journal
from siban.kernel.flow import Refused

from .conftest import AT, PASSWORD, House

NEW = {"login": "xinren", "name": "演示·新人", "password": "chu-shi-mi-ma-1", "role": "approver"}
PAGES = ("/desk/accounts/", "/desk/accounts/new/", "/desk/accounts/{pk}/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["clerk", "approver", "auditor", "service"])
def test_other_posts_are_refused_every_page(house: House, page: str, who: str) -> None:
    assert house.browser(who).get(page.format(pk=house.accounts["clerk"].pk)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_visitors_are_sent_to_log_in(house: House, page: str) -> None:
    assert Client().get(page.format(pk=house.accounts["clerk"].pk)).status_code == 302


def test_the_list_shows_the_territory_alone(house: House) -> None:
    page = house.browser("admin").get("/desk/accounts/").content.decode()
    assert "演示·clerk" in page
    assert "演示·far_admin" not in page
    assert "演示·clerk" not in house.browser("admin").get("/desk/accounts/?q=approver").content.decode()


@pytest.mark.parametrize("act", ["unlock", "give-post", "end-post", "reset-password", "close"])
def test_a_neighbouring_administrator_finds_no_account_here(house: House, act: str) -> None:
    held = house.accounts["clerk"]
    neighbour = house.browser("far_admin")
    assert neighbour.get(f"/desk/accounts/{held.pk}/").status_code == 404
    assert neighbour.post(f"/desk/accounts/{held.pk}/{act}/", {"password": "chu-shi-mi-ma-1"}).status_code == 404
    assert house.browser("approver").post(f"/desk/accounts/{held.pk}/{act}/").status_code == 403


def test_the_actions_themselves_refuse_who_may_not(house: House) -> None:
    held, far = house.accounts["clerk"], house.actor("far_admin")
    post = held.posts.get()
    acts = (
        lambda by: actions.unlock(account=held, by=by, at=AT),
        lambda by: actions.close_account(account=held, by=by, at=AT),
        lambda by: actions.reset_password(account=held, password="chu-shi-mi-ma-1", by=by, at=AT),
        lambda by: actions.end_post(post=post, on=AT.date(), by=by, at=AT),
        lambda by: actions.give_post(account=held, role="approver", org=house.orgs["office"], since=AT.date(), by=by, at=AT),
        lambda by: actions.open_staff_account(
            login="x-y-z", name="演示", password="chu-shi-mi-ma-1", by=by, at=AT, since=AT.date(),
            posts=[("approver", house.orgs["office"], house.orgs["office"].region_id)],
        ),
    )  # fmt: skip
    for act in acts:
        for by in (far, house.actor("approver"), house.actor("service")):
            with pytest.raises(Refused, match="系统与数据管理员"):
                act(by)


def test_a_new_account_must_change_its_first_password_before_anything_else(house: House) -> None:
    browser = house.browser("admin")
    made = browser.post("/desk/accounts/new/", {**NEW, "org": str(house.orgs["office"].pk)})
    assert made.status_code == 302
    account = Account.objects.get(login="xinren")
    assert [row.move for row in journal.timeline(account)] == ["open"]
    assert journal.timeline(account)[0].actor_name == "演示·admin"
    fresh = Client()
    fresh.post("/login/staff/", {"login": "xinren", "password": NEW["password"]})
    for page in ("/desk/", "/desk/security/", "/desk/security/totp/"):
        assert fresh.get(page)["Location"] == "/desk/security/password/"
    page = fresh.get("/desk/security/password/")
    assert "请先换上自己的密码" in page.content.decode()
    changed = fresh.post(
        "/desk/security/password/", {"old": NEW["password"], "new": "zi-ji-de-mi-ma-7", "again": "zi-ji-de-mi-ma-7"}
    )
    assert changed["Location"] == "/desk/"
    assert fresh.get("/desk/security/").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "clerk"}, "已经有人使用"), ({"login": "A B"}, "小写字母开头"), ({"password": "duan1"}, "10 个字符"),
        ({"org": ""}, "请选择单位"), ({"role": "applicant"}, "重新选择"), ({"name": ""}, "请填写姓名"),
    ],
)  # fmt: skip
def test_wrong_input_is_named_and_kept(house: House, change: dict[str, str], said: str) -> None:
    typed = {**NEW, "org": str(house.orgs["office"].pk), **change}
    answer = house.browser("admin").post("/desk/accounts/new/", typed)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Account.objects.filter(login="xinren").exists()


def test_an_account_cannot_be_opened_at_an_organisation_elsewhere(house: House) -> None:
    answer = house.browser("admin").post("/desk/accounts/new/", {**NEW, "org": str(house.orgs["far"].pk)})
    assert answer.status_code == 422
    assert not Account.objects.filter(login="xinren").exists()


def test_a_locked_account_is_unlocked_and_comes_in_at_once(house: House) -> None:
    from siban.kernel import clock

    held, now = house.accounts["clerk"], clock.now()
    Account.objects.filter(pk=held.pk).update(locked_until=now + timedelta(minutes=10))
    browser = house.browser("admin")
    assert "已锁定" in browser.get("/desk/accounts/").content.decode()
    assert browser.post(f"/desk/accounts/{held.pk}/unlock/").status_code == 302
    assert actions.log_in(login="clerk", password=PASSWORD, at=now)
    refused = browser.post(f"/desk/accounts/{held.pk}/unlock/")
    assert (refused.status_code, "没有锁定" in refused.content.decode()) == (422, True)


def test_posts_are_given_once_and_ended(house: House) -> None:
    held, browser = house.accounts["clerk"], house.browser("admin")
    said = {"org": str(house.orgs["office"].pk), "role": "township_clerk"}
    assert browser.post(f"/desk/accounts/{held.pk}/give-post/", said).status_code == 302
    again = browser.post(f"/desk/accounts/{held.pk}/give-post/", said)
    assert (again.status_code, "已经在" in again.content.decode()) == (422, True)
    post = Post.objects.get(account=held, role="township_clerk")
    assert [row.move for row in journal.timeline(post)] == ["give"]
    assert browser.post(f"/desk/accounts/{held.pk}/end-post/", {"post": str(post.pk)}).status_code == 302
    post.refresh_from_db()
    assert post.valid_to is not None
    assert [row.move for row in journal.timeline(post)] == ["give", "end"]


def test_an_administrator_does_not_lock_the_door_behind_himself(house: House) -> None:
    admin = house.accounts["admin"]
    browser = house.browser("admin")
    for act, data in (("close", {}), ("end-post", {"post": str(admin.posts.get().pk)})):
        answer = browser.post(f"/desk/accounts/{admin.pk}/{act}/", data)
        assert (answer.status_code, "另一位管理员" in answer.content.decode()) == (422, True)


def test_a_reset_password_ends_sessions_and_the_one_time_code(house: House) -> None:
    held, open_session = house.accounts["clerk"], house.browser("clerk")
    Account.objects.filter(pk=held.pk).update(totp_secret="JBSWY3DPEHPK3PXP")
    done = house.browser("admin").post(f"/desk/accounts/{held.pk}/reset-password/", {"password": "chu-shi-mi-ma-1"})
    assert done.status_code == 302
    assert open_session.get("/desk/security/")["Location"].startswith("/login/staff/")
    held.refresh_from_db()
    assert (held.totp_secret, held.password_changed_at) == ("", None)
    assert actions.log_in(login="clerk", password="chu-shi-mi-ma-1", at=AT)


def test_every_unmasking_asks_a_purpose_and_is_journalled(house: House) -> None:
    person = actions.register_person(
        name="演示·某", id_number="999999199001010104", mobile="13800000001", by=house.actor("clerk"), at=AT
    )
    with pytest.raises(Refused, match="查看原因"):
        actions.unmask(subject=person, field="mobile", purpose=" ", by=house.actor("clerk"), at=AT)
    with pytest.raises(Refused, match="不是可查看"):
        actions.unmask(subject=person, field="id", purpose="核对证件", by=house.actor("clerk"), at=AT)
    shown = actions.unmask(subject=person, field="mobile", purpose="核对证件", by=house.actor("clerk"), at=AT)
    assert shown == "13800000001"
    row = journal.timeline(person).last()
    assert (row.move, row.note, row.facts, row.actor_name) == ("unmask", "核对证件", {"field": "mobile"}, "演示·clerk")
