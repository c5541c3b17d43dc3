"""The same chain without a browser: a business system hands in, the office decides, the system sees it closed."""

import json
from typing import Any

import pytest
from django.test import Client

from siban.cases.models import Case
from siban.certificates.models import ECert
from siban.exchange import api as exchange
from siban.kernel import clock, journal
from siban.kernel.actor import SYSTEM
from tests.cases import cast as standing

from .conftest import LORRY_LICENCE, searchable


@pytest.fixture
def cast(db: None) -> standing.Cast:
    return searchable(standing.cast(LORRY_LICENCE))


@pytest.fixture
def token(cast: standing.Cast) -> str:
    _, token = exchange.register_client(
        name="演示业务系统", org=cast.orgs["hall"], role="window_clerk", region_code=standing.BANNER,
        scopes=["applications"], by=SYSTEM, at=standing.MONDAY,
    )  # fmt: skip
    return token


def application(cast: standing.Cast, impl_code: str) -> dict[str, Any]:
    """What a business system sends for the company; the form is filled as a person would."""
    model = standing.draft(cast, LORRY_LICENCE)
    model.answers = {"q1": "a"}
    form = standing.good_form(model, at=clock.now()) | {"applicant_signature": cast.firm.name}
    needed = [m.id for m in model.wanted() if m.necessity != "optional" and not m.is_form]
    Case.objects.filter(pk=model.pk).update(state="withdrawn")
    return {
        "item": impl_code,
        "person": {"name": "演示甲", "id_number": standing.number(1)},
        "enterprise": {"name": cast.firm.name, "uscc": cast.firm.uscc},
        "answers": {"q1": "a"},
        "form": form,
        "materials": [{"material_id": m} for m in needed],
    }


def test_an_item_found_by_words_is_applied_for_decided_and_seen_closed(cast: standing.Cast, token: str) -> None:
    system = Client(headers={"authorization": f"Bearer {token}"})
    found = system.get("/api/v1/items", {"q": "跑货运"}).json()["items"]
    assert [item["name"] for item in found] == [cast.items[LORRY_LICENCE].name]
    elements = system.get(f"/api/v1/items/{found[0]['impl_code']}").json()
    assert elements["result"]["ecert_type_id"] == "ec_road_transport_business"

    said = json.dumps(application(cast, found[0]["impl_code"]), ensure_ascii=False)
    made = system.post(
        "/api/v1/applications", said, content_type="application/json", headers={"idempotency-key": "journey-1"}
    )
    assert made.status_code == 201, made.json()
    number = made.json()["number"]
    assert stands(system, number) == ("submitted", "已收件")

    for who, move, given, state in (
        ("clerk", "accept", {}, "accepted"),
        ("reviewer", "start_review", {}, "in_review"),
        ("reviewer", "points", {"do": "pass"}, "in_review"),
        ("reviewer", "propose", {"outcome": "approve", "opinion": "材料齐全，符合条件。"}, "proposed"),
        ("head", "approve", {"note": "同意。"}, "approved"),
        ("reviewer", "issue", {}, "issued"),
        ("clerk", "deliver", {"receiver": ""}, "closed"),
    ):
        seen = Case.objects.get(number=number).state
        answer = standing.client_of(cast, who).post(f"/desk/cases/{number}/{move}/", {**given, "seen": seen})
        assert answer.status_code == 302, f"{move}: {answer.content.decode()}"
        assert stands(system, number)[0] == state

    certificate = ECert.objects.get()
    assert (certificate.type_id, certificate.enterprise, certificate.state) == (
        "ec_road_transport_business", cast.firm, "valid",
    )  # fmt: skip
    assert stands(system, number) == ("closed", "已办结")
    shown = Client().get(f"/verify/{certificate.verify_code}/").content.decode()
    assert "这是一份有效的电子证照" in shown
    while journal.deliver(at=clock.now()):
        pass
    case = Case.objects.get(number=number)
    told = [row.move for row in journal.timeline(case).order_by("seq")]
    made = [
        move
        for move in told
        if move in ("submit", "accept", "start_review", "propose", "approve", "issue", "deliver", "close")
    ]
    assert made == ["submit", "accept", "start_review", "propose", "approve", "issue", "deliver", "close"]


def stands(system: Client, number: str) -> tuple[str, str]:
    """State and label as the interface tells them."""
    told = system.get(f"/api/v1/applications/{number}").json()
    return told["state"], told["state_label"]
