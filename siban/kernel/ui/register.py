"""A register (台账) on the desk: what it says, its rows, and the deeds that may be done there, each a form of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from siban.kernel.files import FileRefused
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused

from .paging import number_of, page_of
from .parts import Figure, Link, Page, Tab, Table

PAGE = 30
NOWHERE = "#main"


@dataclass(frozen=True)
class Deed:
    """Something that may be done here.

    `act` gets the cleaned values and returns the sentence of success, or an answer of its own; `form` is None where a
    button is enough. `fold` keeps the form closed until it is wanted.
    """

    do: str
    title: str
    label: str
    act: Callable[[Mapping[str, Any]], str | HttpResponse]
    form: Callable[..., forms.Form] | None = None
    note: str = ""
    initial: Mapping[str, Any] = field(default_factory=dict)
    danger: bool = False
    fold: bool = True


@dataclass(frozen=True)
class Card:
    """A deed as the page shows it."""

    deed: Deed
    form: forms.Form | None
    open: bool = False

    @property
    def variant(self) -> str:
        return "danger" if self.deed.danger else "primary" if self.form else "secondary"


@dataclass(frozen=True)
class Section:
    """A table of the register with its heading."""

    title: str
    table: Table
    intro: str = ""
    page: Page | None = None


@dataclass(frozen=True)
class Register:
    """The whole page; with `act_first` what may be done stands above the tables."""

    title: str
    intro: Sequence[str] = ()
    crumbs: Sequence[Link] = ()
    buttons: Sequence[Link] = ()
    tabs: Sequence[Tab] = ()
    stats: Sequence[Figure] = ()
    facts: Sequence[tuple[str, object]] = ()
    notices: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    narrow: forms.Form | None = None
    clear_url: str = ""
    act_first: bool = False


@dataclass(frozen=True)
class Turn:
    """What became of what was sent: an answer, or the cards to be shown (again) with the refusals."""

    response: HttpResponse | None
    cards: tuple[Card, ...]
    refusals: tuple[tuple[str, str], ...] = ()


def turn(request: HttpRequest, deeds: Sequence[Deed]) -> Turn:
    """Do what was sent, or say why not and keep everything that was typed."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    offered = {deed.do: deed for deed in deeds}
    if request.method == "POST" and asked not in offered:
        raise PermissionDenied("这一步您现在不能办理。请刷新页面，按页面上的按钮操作。")
    cards: list[Card] = []
    refusals: list[tuple[str, str]] = []  # the sentence and where to go
    for deed in deeds:
        if deed.do != asked:
            cards.append(Card(deed, _form(deed, initial=deed.initial), not deed.fold))
            continue
        form = _form(deed, data=request.POST, files=request.FILES)
        if form is None or form.is_valid():
            try:
                said = deed.act(form.cleaned_data if form else {})
            except ImportRefused as why:
                refusals += [(said, NOWHERE) for said in why.sentences]
            except (Refused, FileRefused) as why:
                refusals.append((str(why), NOWHERE))
            else:
                if isinstance(said, HttpResponse):
                    return Turn(said, ())
                messages.success(request, said)
                return Turn(redirect(request.get_full_path()), ())
        else:
            for name, texts in form.errors.items():
                anchor = f"#id_{deed.do}_{name}" if name in form.fields else NOWHERE
                refusals += [(str(text), anchor) for text in texts]
        cards.append(Card(deed, form, True))
    return Turn(None, tuple(cards), tuple(refusals))


def _form(deed: Deed, **given: Any) -> forms.Form | None:
    return deed.form(auto_id=f"id_{deed.do}_%s", **given) if deed.form else None


def show(request: HttpRequest, register: Register, done: Turn | None = None) -> HttpResponse:
    """The page; 422 when something was refused."""
    refusals = list(done.refusals) if done else []
    context = {
        "register": register, "cards": done.cards if done else (), "refusals": refusals[:50],
        "more": max(len(refusals) - 50, 0),
    }  # fmt: skip
    return render(request, "ui/register.html", context, status=422 if refusals else 200)


def paged(request: HttpRequest, rows: Any, *, unit: str = "条") -> tuple[list[Any], Page]:
    """One page of a queryset with its total; the rest of the address is kept."""
    pages = Paginator(rows, PAGE)
    number = min(number_of(request.GET), max(pages.num_pages, 1))
    page = pages.page(number)
    kept = {k: str(v) for k, v in request.GET.items() if k != "page"}
    links = page_of(len(page.object_list), number, page.has_next(), **kept)
    return list(page.object_list), Page(links.shown, links.previous_url, links.next_url, pages.count, unit)
