"""The counter: who stands there, which item, and a draft that is handed in before the visitor leaves."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import access
from siban.cases.actions import counter_visit as actions
from siban.cases.queries import counter as queries
from siban.cases.queries import visits
from siban.catalog.api import ImplementationItem
from siban.identity.api import Enterprise, Person, register_enterprise, register_person
from siban.identity.gate import staff_required
from siban.kernel import clock, codes
from siban.kernel.actor import Actor
from siban.kernel.codes.errors import CodeError
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from .reader import is_paired

TYPED = ("number", "name", "mobile", "firm_name", "handler_number", "q", "item", "token")
Fault = tuple[str, str]


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.FRONT)
def counter(request: HttpRequest) -> HttpResponse:
    """A fresh screen for the next visitor; nothing of the one before is on it, in it or in the session."""
    given = {name: request.POST.get(name, "").strip() for name in TYPED}
    faults: list[Fault] = []
    if request.method == "POST":
        by: Actor = request.actor.through("window")  # type: ignore[attr-defined]
        who = queries.visitor(given)
        found = queries.items(by, given["q"])
        faults = _faults(given, who, found)
        if not faults:
            try:
                return redirect("counter-draft", _start(given, who, by).pk)
            except (Refused, CodeError) as why:
                faults = [(str(why), "#id_number")]
    return _screen(request, given, faults)


def _screen(request: HttpRequest, given: dict[str, str], faults: list[Fault]) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.items(actor, given["q"])
    context = {
        "given": {**given, "token": given["token"] or str(uuid7())},
        "who": queries.visitor(given),
        "items": found,
        "chosen": _chosen(given, found),
        "waiting": visits.waiting(actor),
        "under_way": queries.under_way(actor),
        "faults": faults,
        "paired": is_paired(actor),
        "code": "",
        "card": False,
        "here": reverse("counter"),
        **_addresses(),
    }
    return render(request, "cases/desk/counter.html", context, status=422 if faults else 200)


def _addresses() -> dict[str, str]:
    return {"person_url": reverse("counter-person"), "items_url": reverse("counter-items")}


def _chosen(given: dict[str, str], found: list[queries.Choice]) -> str:
    keys = [str(choice.id) for choice in found]
    return given["item"] if given["item"] in keys else keys[0] if keys else ""


def _faults(given: dict[str, str], who: queries.Visitor, found: list[queries.Choice]) -> list[Fault]:
    """What is still missing before the draft can begin, each with its place."""
    faults: list[Fault] = []
    if not who.kind:
        faults.append(
            (who.fault or "请输入完整的证件号码：公民身份号码或者统一社会信用代码，都是 18 位。", "#id_number")
        )
    elif who.kind == "enterprise":
        if not who.firm_name:
            faults.append(("这个单位还没有登记，请填写单位名称。", "#id_firm_name"))
        if not who.handler_number or who.handler_fault:
            faults.append((who.handler_fault or "请输入经办人的公民身份号码。", "#id_handler_number"))
    if who.asks_person and not who.name:
        faults.append(("这个人还没有登记，请填写姓名。", "#id_name"))
    if who.asks_person and (why := codes.phone.check(who.mobile)):
        faults.append((why, "#id_mobile"))
    if not given["q"]:
        faults.append(("请输入要办的事项：名称、关键词或者拼音首字母。", "#id_q"))
    elif not found:
        faults.append((f"没有找到“{given['q'][:30]}”。请换一个说法，或者核对是不是本窗口可以受理的事项。", "#id_q"))
    return faults


@transaction.atomic
def _start(given: dict[str, str], who: queries.Visitor, by: Actor) -> Any:
    """Register who is new, receive them, begin the draft; the same screen sent twice begins one draft."""
    at = clock.now()
    number = who.handler_number if who.kind == "enterprise" else who.number
    person: Person = register_person(name=who.name, id_number=number, mobile=who.mobile, by=by, at=at)
    firm: Enterprise | None = None
    if who.kind == "enterprise":
        firm = register_enterprise(
            name=who.firm_name, code=who.number, representative=None, region_code=None, by=by, at=at
        )
    chosen = _chosen(given, queries.items(by, given["q"]))
    item = ImplementationItem.objects.select_related("version").get(pk=chosen)
    try:
        token: UUID | None = UUID(given["token"])
    except ValueError:
        token = None
    visit = actions.receive(person=person, enterprise=firm, by=by, at=at)
    return actions.begin_item(visit_id=visit.pk, item=item, by=by, at=at, token=token)


@require_POST
@never_cache
@staff_required(*access.FRONT)
def person(request: HttpRequest) -> HttpResponse:
    """As the number is typed: is it right, and is this person known. Sent by POST, so that no number is in an address."""
    given = {name: request.POST.get(name, "").strip() for name in TYPED}
    return render(request, "cases/desk/_person.html", {"who": queries.visitor(given), **_addresses()})


@require_GET
@never_cache
@staff_required(*access.FRONT)
def items(request: HttpRequest) -> HttpResponse:
    """As the item is typed: what it may be."""
    wanted = request.GET.get("q", "").strip()[:60]
    found = queries.items(request.actor, wanted)  # type: ignore[attr-defined]
    chosen = str(found[0].id) if found else ""
    return render(request, "cases/desk/_items.html", {"items": found, "chosen": chosen, "given": {"q": wanted}})
