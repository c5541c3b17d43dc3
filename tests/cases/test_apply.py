"""Applying from the first page to the number, as a person without scripts does it."""

import pytest
from django.urls import reverse

from siban.cases.models import Case

from . import cast as standing


@pytest.fixture
def browser(cast):
    return standing.client_of(cast, "citizen")


def begin(cast, browser, **said):
    address = reverse("case-start", args=[cast.items[standing.SITUATED].impl_code])
    page = browser.get(address)
    assert page.status_code == 200
    return browser.post(address, {"behalf": "self", "token": str(page.context["token"]), **said})


def step(case, name):
    return reverse("case-step", args=[case.pk, name])


def as_posted(case, values, **said):
    """Answers as a browser sends them."""
    sent = {"button": "next"}
    for name, value in values.items():
        if value is True:
            sent[name] = "on"
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, row in enumerate(value):
                sent |= {f"{name}-{n}-{column}": answer for column, answer in row.items()}
        elif value is not False:
            sent[name] = value
    return {**sent, **said}


def test_a_person_applies_from_the_first_page_to_the_number(cast, browser):
    answer = begin(cast, browser)
    case = Case.objects.get()
    assert answer.url == reverse("case-apply", args=[case.pk])
    answer = browser.get(answer.url, follow=True)
    assert answer.redirect_chain[-1][0] == step(case, "situation")
    answer = browser.post(step(case, "situation"), {"q1": "a"})
    assert answer.url == step(case, "form")
    case.refresh_from_db()
    page = browser.get(step(case, "form")).content.decode()
    assert "演示甲" in page
    assert "来自您的实名信息" in page
    answer = browser.post(step(case, "form"), as_posted(case, standing.good_form(case)))
    assert answer.status_code == 302, answer.context["errors"]
    assert answer.url == step(case, "materials")
    for material in ("m02", "m03", "m04", "m06", "m07"):
        answer = browser.post(
            reverse("case-hand-in", args=[case.pk, material]), {"files": [standing.pdf(), standing.pdf(2)]}
        )
        assert answer.status_code == 302
    assert browser.get(step(case, "materials")).content.decode().count("材料.pdf") >= 10
    answer = browser.post(step(case, "delivery"), {"delivery": "mail", "address": "演示苏木演示嘎查 1 号"})
    assert answer.url == step(case, "review")
    page = browser.get(answer.url).content.decode()
    assert "确认提交" in page
    assert "演示苏木演示嘎查 1 号" in page
    answer = browser.post(reverse("case-submit", args=[case.pk]))
    case.refresh_from_db()
    assert answer.url == reverse("case-done", args=[case.number])
    page = browser.get(answer.url).content.decode()
    assert case.number in page
    assert browser.get(reverse("my-case", args=[case.number])).status_code == 200
    assert case.number in browser.get(reverse("my-home")).content.decode()


def test_what_was_answered_on_the_guide_is_not_asked_again(cast, browser):
    address = reverse("case-start", args=[cast.items[standing.SITUATED].impl_code])
    page = browser.get(address, {"q1": "b", "other": "x"}).content.decode()
    assert 'name="q1" value="b"' in page
    assert 'name="other"' not in page
    answer = browser.post(address, {"behalf": "self", "q1": "b"}, follow=True)
    assert answer.redirect_chain[-1][0] == step(Case.objects.get(), "form")


def test_an_answer_the_guide_no_longer_has_is_simply_asked(cast, browser):
    address = reverse("case-start", args=[cast.items[standing.SITUATED].impl_code])
    answer = browser.post(address, {"behalf": "self", "q1": "gone"}, follow=True)
    assert answer.redirect_chain[-1][0] == step(Case.objects.get(), "situation")
