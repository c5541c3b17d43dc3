"""The pages of ratings: the token opens just one form, officials read masked."""

from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from siban.kernel.ui import slots
from siban.ratings import api, public
from tests.certificates.desks import as_citizen, as_staff, words

from .conftest import LATER, Scene


def page_of(review: api.Review) -> str:
    return reverse("rate", args=[review.token])


def test_a_token_is_enough_to_rate_once(review: api.Review) -> None:
    client = Client()
    first = client.get(page_of(review))
    assert "不得要求、诱导" in words(first)
    assert review.number not in words(first)
    assert first["Referrer-Policy"] == "same-origin"
    assert client.post(page_of(review), {"level": "4", "tags": ["态度不好"], "comment": "演示意见"}).status_code == 302
    again = words(client.get(page_of(review)))
    assert "已经收到" in again
    assert "演示意见" not in again
    assert "不满意" not in again
    assert client.post(page_of(review), {"level": "1"}).status_code == 422
    review.refresh_from_db()
    assert (review.level, review.comment, review.is_real_name) == (4, "演示意见", False)


@pytest.mark.parametrize("token", ["x", "a" * 24, "..", "%00", "'--", "长"])
def test_a_bad_token_finds_nothing(review: api.Review, token: str) -> None:
    assert Client().get(f"/rate/{token}/").status_code == 404


def test_guessing_tokens_is_braked(db: None) -> None:
    client = Client()
    assert {client.get(f"/rate/guess{n}/").status_code for n in range(public.OPENINGS.capacity + 5)} == {404, 429}


def test_what_was_entered_stays_when_the_level_is_missing(review: api.Review) -> None:
    response = Client().post(page_of(review), {"comment": "演示意见写了很多", "tags": ["等候时间长"]})
    assert response.status_code == 422
    assert "请选择满意程度" in words(response)
    assert "演示意见写了很多" in words(response)


def test_the_person_reads_again_what_they_said_and_a_stranger_or_official_cannot_rate(
    review: api.Review, scene: Scene
) -> None:
    stranger = as_citizen(scene.cast.stranger_person)
    official = as_staff(scene.cast.office, "approver", scene.cast.region)
    for client in (stranger, official):
        assert "不能评价" in words(client.get(page_of(review)))
        assert client.post(page_of(review), {"level": "1"}).status_code == 422
    person = as_citizen(scene.cast.citizen_person)
    assert person.post(page_of(review), {"level": "5", "comment": "演示差评"}).status_code == 302
    assert "演示差评" in words(person.get(page_of(review)))
    assert "演示差评" not in words(official.get(page_of(review)))


def test_the_offices_list_masks_the_rater(review: api.Review, scene: Scene) -> None:
    api.rate(review_id=review.pk, level=5, comment="演示差评", by=scene.cast.citizen, at=LATER)
    said = words(
        as_staff(scene.cast.office, "approver", scene.cast.region).get(reverse("rating-register"), {"level": "bad"})
    )
    assert "演示差评" in said
    assert "实名（演*）" in said
    assert "演示甲" not in said


def test_an_anonymous_rating_hides_even_the_case(review: api.Review, scene: Scene) -> None:
    api.rate(review_id=review.pk, level=5, comment="演示差评", anonymous=True, by=scene.cast.citizen, at=LATER)
    client = as_staff(scene.cast.office, "approver", scene.cast.region)
    said = words(client.get(reverse("rating-register")))
    assert "匿名" in said
    assert review.number not in said
    assert "没有符合条件" in words(client.get(reverse("rating-register"), {"q": review.number}))


def test_the_desk_opens_for_own_office_and_overseers_only(review: api.Review, scene: Scene) -> None:
    api.rate(review_id=review.pk, level=5, comment="演示差评", by=scene.cast.citizen, at=LATER)
    cast, desk = scene.cast, reverse("rating-register")
    assert "演示差评" in words(as_staff(cast.neighbour, "supervisor", cast.region).get(desk))
    for client in (
        as_staff(cast.neighbour, "approver", cast.region),
        as_staff(cast.office, "service_admin", cast.far),
    ):
        answer = client.get(desk)
        assert answer.status_code == 200
        assert "演示差评" not in words(answer)
    assert as_staff(cast.office, "window_clerk", cast.region).get(desk).status_code == 403
    assert as_citizen(cast.citizen_person).get(desk).status_code == 403
    assert Client().get(desk).status_code == 302


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=999999", "?page=x", "?level=9", "?level=bad'", "?q=%00", "?page=99"]
)
def test_the_desk_bears_any_address(review: api.Review, scene: Scene, query: str) -> None:
    client = as_staff(scene.cast.office, "approver", scene.cast.region)
    assert client.get(reverse("rating-register") + query).status_code == 200


def test_the_code_at_the_counter_leads_to_the_token_and_not_for_neighbours(review: api.Review, scene: Scene) -> None:
    cast, page = scene.cast, reverse("rating-code", args=[scene.case.pk])
    clerk = as_staff(cast.office, "window_clerk", cast.region)
    assert "data:image/svg+xml;base64," in words(clerk.get(page))
    assert as_staff(cast.neighbour, "approver", cast.region).get(page).status_code == 404
    assert as_citizen(cast.citizen_person).get(page).status_code == 403


def test_the_case_page_of_the_applicant_carries_the_invitation(review: api.Review, scene: Scene) -> None:
    def card(actor: object) -> str:
        request = RequestFactory().get("/")
        request.actor = actor  # type: ignore[attr-defined]
        return slots.render("case.public.aside", request, SimpleNamespace(id=scene.case.pk, case=scene.case))

    assert review.token in card(scene.cast.citizen)
    for other in (scene.cast.stranger, scene.cast.reviewer):
        assert review.token not in card(other)
