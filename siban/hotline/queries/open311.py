"""What the open interface shows: services in force, and of orders only what is public."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from siban.identity.api import Region
from siban.kernel.clock import local

from .. import rules_open311 as rules
from ..flow import OrderState
from ..models_categories import Category
from ..models_orders import Order


def home() -> str:
    """The first digits of the territory this hotline serves."""
    return str(settings.SITE_REGION)[:6]


def services(*, on: date) -> "QuerySet[Category]":
    """Categories in force that are taken up and public."""
    rows = Category.objects.in_force(on).filter(region_id=f"{home()}000000", is_acceptable=True, is_public=True)
    return rows.order_by("code")


def service(code: str, *, on: date) -> Category:
    """One service. Raises BadRequest."""
    found = services(on=on).filter(code=code[:20]).first()
    if found is None:
        raise rules.BadRequest(404, f"没有编码为“{code[:20]}”的服务，请从 services 里选择。")
    return found


def as_service(row: Category) -> dict[str, Any]:
    """A line of the list of services."""
    return {
        "service_code": row.code, "service_name": row.name, "description": f"{row.top_name} · {row.second_name} · {row.name}",
        "metadata": True, "type": "realtime", "keywords": ",".join(row.keywords), "group": row.top_name,
    }  # fmt: skip


def definition(row: Category) -> dict[str, Any]:
    """What a service asks for."""
    asked = rules.attributes(row.natures, towns())
    return {
        "service_code": row.code,
        "attributes": [
            {
                "variable": True, "code": a.code, "datatype": a.datatype, "required": a.is_required,
                "datatype_description": a.hint, "order": n, "description": a.description,
                "values": [{"key": key, "name": name} for key, name in a.values],
            }
            for n, a in enumerate(asked, start=1)
        ],
    }  # fmt: skip


def towns() -> list[tuple[str, str]]:
    """Townships of the territory."""
    rows = Region.objects.filter(code__startswith=home(), level=4, is_statistical_only=False).order_by("code")
    return list(rows.values_list("code", "name"))


def region_of(address: str) -> str:
    """The township an address names; else the territory as a whole."""
    return next((code for code, name in towns() if name in address), f"{home()}000000")


def public() -> "QuerySet[Order]":
    """Orders everybody may know of: nothing secret, no report of another's offence, only services that are public."""
    shown = Category.objects.filter(region_id=f"{home()}000000", is_acceptable=True, is_public=True)
    rows = Order.objects.filter(
        Q(leaf__in=shown.values("code")) | Q(channel="open311", leaf=""),
        Q(channel="open311") | ~Q(state=OrderState.RECEIVED), region_id__startswith=home(), is_secret=False, out_of_scope="",
    )  # fmt: skip
    return rows.exclude(nature__in=rules.HIDDEN_NATURES).exclude(state__in=rules.HIDDEN_STATES)


def orders(said: Mapping[str, str], *, now: datetime) -> "tuple[list[Order], int, bool]":
    """One page of orders as the filters say, the newest first; the page number and whether more follow. Raises BadRequest."""
    rows = public().select_related("lead", "region")
    number = rules.number(said.get("page", ""), "page", 1, 1_000_000)
    size = rules.number(said.get("page_size", ""), "page_size", rules.MOST, rules.MOST)
    if ids := rules.listed(said.get("service_request_id", "")):
        rows = rows.filter(number__in=ids[: rules.MOST_IDS])
    else:
        since, until = rules.span(said.get("start_date", ""), said.get("end_date", ""), now=now)
        rows = rows.filter(received_at__gte=since, received_at__lte=until)
        if codes := rules.listed(said.get("service_code", "")):
            rows = rows.filter(leaf__in=codes[: rules.MOST_IDS])
        states = rules.statuses(said.get("status", ""))
        if len(set(states)) == 1:
            rows = rows.filter(closed_at__isnull=states[0] == "open")
    start = (number - 1) * size
    found = list(rows.order_by("-received_at", "-pk")[start : start + size + 1])
    return found[:size], number, len(found) > size


def order(number: str) -> Order:
    """One order. Raises BadRequest."""
    found = public().select_related("lead", "region").filter(number=number[:20]).first()
    if found is None:
        raise rules.BadRequest(404, f"没有编号为“{number[:20]}”的诉求，或者它不对外公开。")
    return found


def as_request(row: Order) -> dict[str, Any]:
    """An order as everybody may see it."""
    return {
        "service_request_id": row.number, "status": "closed" if rules.is_closed(row) else "open", "status_notes": rules.status_notes(row),
        "service_name": row.leaf_name, "service_code": row.leaf, "description": rules.description(row),
        "agency_responsible": row.lead.short_name if row.lead else "", "service_notice": "",
        "requested_datetime": _w3(row.received_at), "updated_datetime": _w3(rules.updated_at(row)),
        "expected_datetime": _w3(row.due_at), "address": row.region.name, "address_id": row.region_id, "zipcode": "",
        "lat": rules.coarse(row.latitude), "long": rules.coarse(row.longitude), "media_url": "",
    }  # fmt: skip


def _w3(at: datetime | None) -> str:
    return local(at).isoformat(timespec="seconds") if at else ""
