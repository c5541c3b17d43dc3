"""Which situation is mine? One question at a time, as few as need be; the answers stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from siban.identity.api import Person
from siban.kernel import clock
from siban.kernel.ui.parts import Link

from . import guide as guides
from . import public, queries
from .content import ItemContent, Question, Way
from .models import elements_of
from .situations.known import Settled, asks_facts, settled_for

AGAIN = "again"  # a question settled by known data that its person wants to answer differently


@dataclass(frozen=True, slots=True)
class Answered:
    """A question answered so far; `because` what known data it follows from, `again` leads back to it."""

    question: str
    answer: str
    because: str
    again: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """Where somebody stands among the questions."""

    guide: guides.Guide
    steps: tuple[Answered, ...]
    open: Question | None
    options: tuple[Link, ...]
    left: int
    base: str
    origin: str = ""

    @property
    def share(self) -> str:
        """The address of this result, for anybody."""
        return self.origin + _with(self.base, self.guide.answers)

    @property
    def restart(self) -> str:
        return self.base

    @property
    def guide_url(self) -> str:
        return _with(reverse("item-guide", args=[self.guide.content.impl_code]), self.guide.answers)

    @property
    def print_url(self) -> str:
        return _with(reverse("item-print", args=[self.guide.content.impl_code]), self.guide.answers)

    @property
    def places(self) -> str:
        return f"{self.guide_url}#places"


def _with(address: str, answers: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(answers)}" if answers else address


def settled_by_visitor(request: HttpRequest, content: ItemContent) -> Settled:
    """What is known of the person logged in settles; of anybody else nothing is known."""
    actor = request.actor  # type: ignore[attr-defined]
    if not asks_facts(content) or not actor.is_citizen or actor.person_id is None:
        return Settled()
    person = Person.objects.get(pk=actor.person_id)
    region = queries.region_of(content.impl_code)
    return settled_for(content, person=person, enterprise=None, region=region, on=clock.local_day(clock.now()))


def ask_page(
    content: ItemContent,
    made: guides.Guide,
    given: Mapping[str, str],
    settled: Settled,
    *,
    base: str,
    origin: str = "",
) -> AskPage:
    """The questions of an item as far as they are answered."""
    way = content.situations.walk(given, settled.options) if content.situations else Way(())
    steps, before = [], dict[str, str]()
    for stop in way.said:
        assert stop.option is not None
        because = settled.because.get(stop.question.id, "") if stop.why == "known" else ""
        steps.append(
            Answered(
                stop.question.question, stop.option.label, because,
                _with(base, {**before, AGAIN: stop.question.id}),
            )
        )  # fmt: skip
        before[stop.question.id] = stop.option.id
    options = tuple(
        Link(o.label, _with(base, {**before, way.open.id: o.id})) for o in (way.open.options if way.open else ())
    )
    left = _left(content, way.open) if way.open else 0
    return AskPage(made, tuple(steps), way.open, options, left, base, origin)


def _left(content: ItemContent, question: Question) -> int:
    tree = content.situations
    assert tree is not None
    longest = (
        [s.question.id for s in way.stops].index(question.id)
        for way in tree.ways()
        if any(s.question.id == question.id for s in way.stops)
    )
    ways = [w for w in tree.ways() if any(s.question.id == question.id for s in w.stops)]
    return max((len(w.stops) - at for w, at in zip(ways, longest, strict=True)), default=1)


@require_safe
def ask(request: HttpRequest, impl_code: str) -> HttpResponse:
    """One question, or the result: materials, time and cost of this situation, to print and to send on."""
    version = queries.in_force(impl_code)
    if version is None:
        raise Http404(public.UNKNOWN)
    content, given = elements_of(version.version_id), dict(public.answers_in(request))
    settled = settled_by_visitor(request, content)
    again = request.GET.get(AGAIN, "")
    settled = Settled({q: o for q, o in settled.options.items() if q != again and q not in given}, settled.because)
    way = content.situations.walk(given, settled.options) if content.situations else Way(())
    made = guides.build(
        content, content_hash=version.content_hash, given=way.answers, org_names={}, suspended=version.suspended
    )
    page = ask_page(content, made, given, settled, base=request.path, origin=request.build_absolute_uri("/")[:-1])
    context = {
        "page": page,
        "name": content.name,
        "crumbs": [*public.CRUMBS, Link(content.name, reverse("item-guide", args=[impl_code]))],
    }
    part = request.headers.get("HX-Request") == "true"
    response = render(request, "catalog/_ask.html" if part else "catalog/ask.html", context)
    response["Vary"] = "HX-Request, Cookie"
    return response
