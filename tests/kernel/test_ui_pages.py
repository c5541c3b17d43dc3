"""Whole pages: frame, strict policy, 适老 switch and error pages."""

import re
from collections import Counter

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from siban.kernel.ui import elder, errors, gallery
from siban.kernel.web import faults

PAGES = [(chapter, layout) for chapter in gallery.CHAPTERS for layout in ("desk", "portal")]


@pytest.fixture
def page(rf: RequestFactory, request: pytest.FixtureRequest) -> str:
    chapter, layout = request.param
    return gallery.gallery(rf.get("/ui/", {"chapter": chapter, "layout": layout})).content.decode()


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_page_has_one_heading_a_skip_link_and_unique_ids(page: str) -> None:
    assert len(re.findall(r"<h1\b", page)) == 1
    assert '<html lang="zh-CN"' in page
    assert 'href="#main"' in page
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert ids["main"] == 1
    assert [name for name, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_page_keeps_the_strict_policy(page: str) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert " src=" in script or 'type="application/json"' in script
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)


@pytest.mark.parametrize("page", PAGES, indirect=True)
def test_every_described_by_leads_somewhere(page: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    named = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
    assert named <= ids


def test_an_unknown_chapter_shows_the_first(rf: RequestFactory) -> None:
    html = gallery.gallery(rf.get("/ui/", {"chapter": "<x>"})).content.decode()
    assert "按钮与操作" in html
    assert "<x>" not in html


def switch(rf: RequestFactory, target: str, *, on: bool = False) -> HttpResponse:
    request: HttpRequest = rf.post("/elder/", {"next": target})
    if on:
        request.COOKIES["elder"] = "1"
    return elder.toggle(request)


def test_large_type_is_switched_on_and_off_again(rf: RequestFactory) -> None:
    on = switch(rf, "/my/?page=2")
    assert on.status_code == 302
    assert on["Location"] == "/my/?page=2"
    assert on.cookies["elder"].value == "1"
    off = switch(rf, "/", on=True)
    assert off.cookies["elder"].value == ""


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_large_type_never_leads_off_the_site(rf: RequestFactory, target: str) -> None:
    assert switch(rf, target)["Location"] == "/"


def test_large_type_is_not_switched_by_a_link(rf: RequestFactory) -> None:
    assert elder.toggle(rf.get("/elder/")).status_code == 405


def test_large_type_reaches_the_page(rf: RequestFactory) -> None:
    request = rf.get("/ui/")
    assert 'class="desk"' in gallery.gallery(request).content.decode()
    request.COOKIES["elder"] = "1"
    assert 'class="desk elder"' in gallery.gallery(request).content.decode()


@pytest.mark.parametrize("code", sorted(errors.FAILURES))
def test_error_page_says_what_happened_and_what_to_do(rf: RequestFactory, code: int) -> None:
    response = errors.page(rf.get("/x/"), code, reference="A1B2")
    html = response.content.decode()
    failure = errors.FAILURES[code]
    assert response.status_code == code
    for sentence in (failure.title, failure.what, *failure.next, "12345", "A1B2"):
        assert sentence in html


@pytest.mark.django_db
def test_a_stale_form_is_explained_not_accused(rf: RequestFactory) -> None:
    response = faults.stale_form(rf.post("/x/"), "CSRF token missing")
    assert response.status_code == 403
    assert "页面放得太久了" in response.content.decode()
