"""What the counter needs to know: who stands there, which item is meant, what is parked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, Value, When

from siban.cases.models_counter import CounterVisit
from siban.catalog.api import ImplementationItem, meant_codes, narrowest, reaching
from siban.identity.api import Enterprise, Person
from siban.kernel import codes
from siban.kernel.actor import Actor
from siban.kernel.codes import region
from siban.kernel.codes.errors import tidy

from .names import masked_name

FOUND = 12  # more than fit on the screen are better narrowed by another word
LENGTH = 18  # both numbers have eighteen characters (GB 11643—1999, GB 32100—2015)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the counter, as far as the numbers typed tell."""

    number: str = ""
    kind: str = ""
    fault: str = ""
    hint: str = ""
    is_known: bool = False
    name: str = ""
    mobile: str = ""
    firm_name: str = ""
    firm_known: bool = False
    handler_number: str = ""
    handler_fault: str = ""

    @property
    def asks_person(self) -> bool:
        """The name and mobile are asked once the person's own number is right."""
        return self.kind == "person" or (
            self.kind == "enterprise" and bool(self.handler_number) and not self.handler_fault
        )


def visitor(given: Mapping[str, str]) -> Visitor:
    """What the numbers say: check digits, and who is known already. Two statements at most."""
    number = tidy(given.get("number", ""))[:30]
    if not number:
        return Visitor()
    if len(number) < LENGTH:
        return Visitor(number, hint=f"还差 {LENGTH - len(number)} 位。")
    if codes.uscc.check(number) is None:
        return _firm(number, given)
    if fault := codes.citizen.check(number):
        looks_like_firm = number[:2].startswith(("9", "1", "5")) and not number[:17].isdigit()
        return Visitor(number, fault=(codes.uscc.check(number) if looks_like_firm else None) or fault)
    return Visitor(number, "person", **_person(number, given))


def _person(number: str, given: Mapping[str, str]) -> dict[str, Any]:
    known = (
        Person.objects.filter(id_type="111", id_number=codes.citizen.parse(number).number)
        .only("name", "mobile")
        .first()
    )
    typed = given.get("mobile", "").strip()[:20]
    if known:
        return {"is_known": True, "name": known.name, "mobile": typed or known.mobile}
    return {"name": given.get("name", "").strip()[:50], "mobile": typed}


def _firm(number: str, given: Mapping[str, str]) -> Visitor:
    known = Enterprise.objects.filter(uscc=number).only("name").first()
    firm = {
        "firm_name": known.name if known else given.get("firm_name", "").strip()[:100],
        "firm_known": known is not None,
    }
    handler = tidy(given.get("handler_number", ""))[:30]
    fault = codes.citizen.check(handler) or "" if len(handler) >= LENGTH else ""
    hint = f"经办人号码还差 {LENGTH - len(handler)} 位。" if handler and len(handler) < LENGTH else ""
    said = _person(handler, given) if handler and not fault and not hint else {}
    return Visitor(number, "enterprise", handler_number=handler, handler_fault=fault or hint, **firm, **said)


@dataclass(frozen=True, slots=True)
class Choice:
    """An item to choose."""

    id: UUID
    name: str
    note: str


def items(actor: Actor, wanted: str) -> list[Choice]:
    """Items this counter may take in: by name, words or pinyin initials, those of one's own organisation first; then what
    the public search takes the words to mean, by materials, situations or other names."""
    words = wanted.replace("\x00", "").split()[:6]
    if not words or not actor.region_prefix:
        return []
    here = ImplementationItem.objects.published().filter(region_id__startswith=actor.region_prefix)
    ranked = _saying(here, words).annotate(
        own=ExpressionWrapper(Q(org_id=actor.org_id), output_field=BooleanField()),
        at_head=Case(When(name__istartswith=words[0], then=Value(0)), When(initials__istartswith=words[0].lower(), then=Value(0)), default=Value(1)),
    ).order_by("-own", "at_head", "name", "id")  # fmt: skip
    found = list(ranked.values_list(*SHOWN)[:FOUND])
    if len(found) < FOUND and len("".join(words)) > 1:
        found += _meant(here.exclude(pk__in=[row[0] for row in found]), actor, " ".join(words))[: FOUND - len(found)]
    marks = {"instant": "即办件", "promised": "承诺件"}
    further = elsewhere(actor, words)[: FOUND - len(found)] if len(found) < FOUND else []
    mine = [Choice(pk, name, "，".join(filter(None, (org, marks.get(kind, ""))))) for pk, name, org, kind in found]
    return mine + further


def _saying(rows: QuerySet[ImplementationItem], words: list[str]) -> QuerySet[ImplementationItem]:
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word) | Q(initials__icontains=word.lower()) | Q(search_words__icontains=word) | Q(impl_code__startswith=word.upper())
        )  # fmt: skip
    return rows


def elsewhere(actor: Actor, words: list[str]) -> list[Choice]:
    """What this counter takes in for others: for the banner above it, and by 跨域通办 for other places."""
    code, above = actor.region_code, [one for one in region.lineage(actor.region_code) if one != actor.region_code]
    near = Q(region_id__in=above, is_grassroots=True)
    far = Q(pk=None)
    for scope, start in reaching(code).items():
        far |= Q(cross_scope=scope, region_id__startswith=start)
    rows = ImplementationItem.objects.published().exclude(region_id__startswith=actor.region_prefix)
    rows = rows.filter(near | (~Q(region_id__in=above) & far))
    found = _saying(rows, words).order_by("-is_grassroots", "name", "region_id", "id")
    shown = found.values_list("id", "name", "org__name", "region_id", "region__name", "cross_scope")[:FOUND]
    return [
        Choice(pk, name, f"{org}，代收" if place in above else f"{narrowest(scope, decides=place, receives=code)}：由{org if where in org else where + org}办理")
        for pk, name, org, place, where, scope in shown
    ]  # fmt: skip


SHOWN = ("id", "name", "org__short_name", "case_type")


def _meant(here: QuerySet[ImplementationItem], actor: Actor, wanted: str) -> list[Any]:
    """Items of this counter's region that the words mean, best first, one's own organisation's before others'."""
    codes_meant = meant_codes(wanted, FOUND)
    if not codes_meant:
        return []
    place = Case(*(When(catalog_item_id=code, then=Value(n)) for n, code in enumerate(codes_meant)))
    own = ExpressionWrapper(Q(org_id=actor.org_id), output_field=BooleanField())
    rows = here.filter(catalog_item_id__in=codes_meant).annotate(place=place, own=own).order_by("place", "-own", "id")
    return list(rows.values_list(*SHOWN)[:FOUND])


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The visit this clerk has not ended yet; the name is hidden on the screen for the next visitor."""

    id: UUID
    name: str


def under_way(actor: Actor) -> UnderWay | None:
    """Whom this clerk is in the middle of serving."""
    row = CounterVisit.objects.served_by(actor).values_list("id", "person__name").first()
    return UnderWay(row[0], masked_name(row[1])) if row else None
