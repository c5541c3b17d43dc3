"""Every address of the project, asked by people who have no business there: the table says what each of them gets.

An address that is not in the table fails the test, so nobody adds a page without saying who may see it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from siban.cases import actions
from siban.cases.actions import counter_visit, custody
from siban.cases.models import Case
from siban.cases.models_fees import PaymentOrder, Refund
from siban.certificates.models import ECert
from siban.exchange.models import Message, Parcel
from siban.kernel import clock, journal
from siban.kernel.models import Paper
from siban.oversight.models_documents import Document
from siban.ratings import api as ratings
from tests.cases import cast as standing
from tests.shape.hotline_kept import keys_of_hotline
from tests.shape.sent import ASKED, SENT
from tests.shape.supervision_kept import keys_of_supervision

WHO = ("anonymous", "stranger", "other_reviewer", "township_clerk")
ITEM = standing.FOR_FIRMS

# way, address, then: a visitor, another citizen, a reviewer of the neighbour department, a clerk of another township.
# login, staff: sent to log in · ok: shown, but nothing of the owner in it · 401 403 404 405 422: refused
TABLE = """
GET   healthz                                                      ok    ok    ok    ok
GET   ui/                                                          ok    ok    ok    ok
POST  elder/                                                       back  back  back  back
GET   login/                                                       ok    ok    ok    ok
GET   login/staff/                                                 ok    ok    ok    ok
POST  logout/                                                      back  back  back  back
GET   desk/post/                                                   staff 403   ok    ok
GET   desk/security/                                               staff 403   ok    ok
GET   desk/security/password/                                      staff 403   ok    ok
GET   desk/security/totp/                                          staff 403   ok    ok
GET   desk/security/totp/off/                                      staff 403   ok    ok
GET   desk/security/events/                                        staff 403   403   403
GET   desk/security/events/export/                                 staff 403   403   403
GET   desk/accounts/                                               staff 403   403   403
GET   desk/accounts/new/                                           staff 403   403   403
GET   desk/accounts/<uuid:pk>/                                     staff 403   403   403
POST  desk/accounts/<uuid:pk>/<slug:act>/                          staff 403   403   403
GET   whoami/                                                      ok    ok    ok    ok
GET   items/                                                       ok    ok    ok    ok
GET   items/suggest/                                               ok    ok    ok    ok
GET   items/<str:impl_code>/                                       ok    ok    ok    ok
GET   items/<str:impl_code>/ask/                                   ok    ok    ok    ok
GET   kiosk/                                                       ok    ok    ok    ok
POST  kiosk/end/                                                   back  back  back  back
GET   kiosk/items/                                                 ok    ok    ok    ok
GET   kiosk/items/<str:impl_code>/                                 ok    ok    ok    ok
GET   tv/                                                          ok    ok    ok    ok
GET   tv/feed.json                                                 ok    ok    ok    ok
GET   desk/guide/<str:impl_code>/                                  staff 403   ok    ok
GET   desk/materials/                                              staff 403   403   403
GET   desk/materials/export/                                       staff 403   403   403
GET   desk/materials/<str:pk>/                                     staff 403   403   403
POST  desk/materials/<str:pk>/link/                                staff 403   403   403
POST  desk/materials/<str:pk>/items/                               staff 403   403   403
GET   items/<str:impl_code>/print/                                 ok    ok    ok    ok
GET   items/<str:impl_code>/forms/<slug:material_id>/<slug:kind>/<slug:suffix>/   ok    ok    ok    ok
GET   desk/items/                                                  staff 403   403   403
GET   desk/items/export/                                           staff 403   403   403
GET   desk/items/workbook/                                         staff 403   403   403
POST  desk/items/workbook/                                         staff 403   403   403
GET   desk/items/workbook/export/                                  staff 403   403   403
GET   desk/items/workbook/<uuid:pk>/                               staff 403   403   403
POST  desk/items/workbook/<uuid:pk>/confirm/                       staff 403   403   403
GET   desk/items/workbook/<uuid:pk>/returned/                      staff 403   403   403
GET   desk/items/workbook/<uuid:pk>/columns/                       staff 403   403   403
POST  desk/items/workbook/<uuid:pk>/columns/                       staff 403   403   403
GET   desk/items/together/                                         staff 403   403   403
POST  desk/items/together/                                         staff 403   403   403
GET   desk/items/together/<uuid:pk>/                               staff 403   403   403
POST  desk/items/together/<uuid:pk>/undo/                          staff 403   403   403
GET   desk/items/<uuid:pk>/                                        staff 403   403   403
GET   desk/items/<uuid:pk>/edit/                                   staff 403   403   403
POST  desk/items/<uuid:pk>/edit/                                   staff 403   403   403
POST  desk/items/<uuid:pk>/check/                                  staff 403   403   403
GET   desk/items/<uuid:pk>/situations/                             staff 403   403   403
POST  desk/items/<uuid:pk>/situations/                             staff 403   403   403
GET   desk/items/<uuid:pk>/forms/                                  staff 403   403   403
GET   desk/items/<uuid:pk>/forms/<slug:material_id>/<slug:kind>/<slug:suffix>/    staff 403   403   403
POST  desk/items/<uuid:pk>/forms/<slug:material_id>/<slug:kind>/   staff 403   403   403
GET   desk/items/<uuid:pk>/forms/<slug:material_id>/               staff 403   403   403
POST  desk/items/<uuid:pk>/forms/<slug:material_id>/               staff 403   403   403
POST  desk/items/<uuid:pk>/<slug:move>/                            staff 403   403   403
GET   desk/items/directory/                                              staff 403   403   403
GET   desk/items/requests/                                               staff 403   403   403
GET   desk/items/base-changes/                                           staff 403   403   403
GET   desk/items/unequal/                                                staff 403   403   403
GET   desk/items/quality/                                                staff 403   403   403
GET   desk/items/quality/rows/                                           staff 403   403   403
GET   desk/items/quality/rules/                                          staff 403   403   403
POST  desk/items/quality/rules/                                          staff 403   403   403
POST  desk/items/quality/rules/addresses/                                staff 403   403   403
POST  desk/items/quality/rules/<uuid:pk>/end/                            staff 403   403   403
GET   desk/items/powers/                                                 staff 403   403   403
GET   desk/items/powers/new/                                             staff 403   403   403
GET   desk/items/powers/<uuid:power>/                                    staff 403   403   403
GET   desk/items/negative/                                               staff 403   403   403
GET   desk/items/directory/<slug:basic_code>/                            staff 403   403   403
GET   desk/items/<uuid:pk>/versions/                                     staff 403   403   403
POST  desk/items/directory/                                              staff 403   403   403
POST  desk/items/directory/<slug:basic_code>/                            staff 403   403   403
POST  desk/items/powers/new/                                             staff 403   403   403
POST  desk/items/powers/check/                                           staff 403   403   403
POST  desk/items/powers/<uuid:power>/                                    staff 403   403   403
POST  desk/items/negative/                                               staff 403   403   403
POST  desk/items/<uuid:pk>/versions/                                     staff 403   403   403
GET   lists/                                                       ok    ok    ok    ok
GET   lists/<slug:slug>/                                           ok    ok    ok    ok
GET   apply/case/<uuid:case_id>/renew/                             login 404   login login
POST  apply/case/<uuid:case_id>/renew/                             login 404   login login
GET   .                                                            ok    ok    ok    ok
GET   api/v1/openapi.json                                          ok    ok    ok    ok
GET   api/v1/items                                                 ok    ok    ok    ok
GET   api/v1/items/<impl_code>                                     ok    ok    ok    ok
POST  api/v1/files                                                 401   401   401   401
POST  api/v1/applications                                          401   401   401   401
GET   api/v1/applications/<number>                                 401   401   401   401
GET   api/v1/                                                      404   404   404   404
GET   verify/                                                      ok    ok    ok    ok
GET   verify/<str:code>/                                           ok    ok    ok    ok
GET   my/certificates/                                             login ok    login login
GET   my/certificates/<uuid:pk>/                                   login 404   login login
POST  my/certificates/<uuid:pk>/                                   login 404   login login
GET   certificates/<uuid:pk>/pdf/                                  login 404   404   404
GET   papers/<uuid:pk>/                                            login 404   404   404
GET   desk/certificates/                                           staff 403   ok    403
GET   desk/certificates/<uuid:pk>/                                 staff 403   404   403
POST  desk/certificates/<uuid:pk>/<slug:move>/                     staff 403   404   403
GET   apply/case/<uuid:case_id>/                                   login 404   login login
POST  apply/case/<uuid:case_id>/save/                              login 404   login login
POST  apply/case/<uuid:case_id>/check/                             login 404   login login
POST  apply/case/<uuid:case_id>/submit/                            login 404   login login
GET   apply/case/<uuid:case_id>/discard/                           login 404   login login
POST  apply/case/<uuid:case_id>/discard/                           login 404   login login
POST  apply/case/<uuid:case_id>/materials/<str:material_id>/hand-in/   login 404   login login
POST  apply/case/<uuid:case_id>/handed/<uuid:row_id>/take-out/     login 404   login login
GET   apply/case/<uuid:case_id>/files/<uuid:file_id>/              login 404   login login
GET   apply/case/<uuid:case_id>/<slug:name>/                       login 404   login login
POST  apply/case/<uuid:case_id>/<slug:name>/                       login 404   login login
GET   apply/done/<str:number>/                                     login 404   login login
GET   apply/<str:impl_code>/                                       login ok    login login
GET   my/                                                          login ok    login login
GET   my/acting/                                                   login ok    login login
POST  my/acting/<uuid:entrustment_id>/<slug:name>/                 login 404   login login
GET   my/cases/<str:number>/                                       login 404   login login
GET   my/cases/<str:number>/withdraw/                              login 404   login login
POST  my/cases/<str:number>/withdraw/                              login 404   login login
GET   my/cases/<str:number>/papers/<uuid:paper_id>/                login 404   login login
GET   my/cases/<str:number>/files/<uuid:file_id>/                  login 404   login login
GET   progress/                                                    ok    ok    ok    ok
POST  progress/                                                    422   422   422   422
GET   desk/cases/                                                  staff 403   ok    ok
GET   desk/cases.json                                              staff 403   ok    ok
GET   desk/cases/export.xlsx                                       staff 403   ok    ok
POST  desk/cases/export/                                           staff 403   ok    ok
GET   desk/cases/<str:number>/                                     staff 403   404   404
POST  desk/cases/<str:number>/reveal/<str:field>/                  staff 403   404   404
GET   desk/cases/<str:number>/files/<uuid:row>/                    staff 403   404   404
GET   desk/cases/<str:number>/papers/<uuid:paper_id>/              staff 403   404   404
GET   desk/cases/<str:number>/<slug:move>/                         staff 403   404   404
POST  desk/cases/<str:number>/<slug:move>/                         staff 403   404   404
GET   desk/counter/                                                staff 403   403   ok
POST  desk/counter/person/                                         staff 403   403   ok
GET   desk/counter/items/                                          staff 403   403   ok
POST  desk/counter/reader/                                         staff 403   403   ok
GET   desk/counter/reader/reading/                                 staff 403   403   204
POST  reader/pair/                                                 400   400   400   400
POST  reader/readings/                                             400   400   400   400
GET   desk/counter/visits/<uuid:visit_id>/                         staff 403   403   404
POST  desk/counter/visits/<uuid:visit_id>/add/                     staff 403   403   404
GET   desk/counter/visits/<uuid:visit_id>/sheet/                   staff 403   403   404
GET   desk/counter/visits/<uuid:visit_id>/papers.pdf               staff 403   403   404
POST  desk/counter/visits/<uuid:visit_id>/park/                    staff 403   403   404
POST  desk/counter/visits/<uuid:visit_id>/resume/                  staff 403   403   404
POST  desk/counter/visits/<uuid:visit_id>/hand-in/                 staff 403   403   404
POST  desk/counter/visits/<uuid:visit_id>/end/                     staff 403   403   404
POST  desk/counter/<uuid:case_id>/take-up/                         staff 403   403   404
GET   desk/counter/<uuid:case_id>/                                 staff 403   403   404
POST  desk/counter/<uuid:case_id>/                                 staff 403   403   404
GET   desk/counter/<uuid:case_id>/done/                            staff 403   403   404
GET   desk/push/                                                   staff 403   ok    ok
POST  desk/push/                                                   staff 403   back  back
GET   desk/push/sheet/                                             staff 403   ok    ok
GET   desk/issue/                                                  staff 403   ok    ok
POST  desk/issue/find/                                             staff 403   back  back
POST  desk/issue/confirm/                                          staff 403   back  back
POST  desk/issue/hand-over/                                        staff 403   back  back
GET   desk/issue/results/                                          staff 403   ok    403
POST  desk/issue/results/                                          staff 403   back  403
GET   desk/issue/export.xlsx                                       staff 403   ok    ok
GET   desk/issue/labels/                                           staff 403   ok    ok
GET   desk/issue/cases/<str:number>/                               staff 403   403   404
POST  desk/issue/cases/<str:number>/                               staff 403   403   404
GET   desk/issue/cases/<str:number>/originals/                     staff 403   403   404
POST  desk/issue/cases/<str:number>/originals/                     staff 403   403   404
GET   desk/issue/pieces/<str:barcode>/                             staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/give/                        staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/take/                        staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/refuse/                      staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/take-back/                   staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/lost/                        staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/found/                       staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/remind/                      staff 403   404   404
POST  desk/issue/pieces/<str:barcode>/post/                        staff 403   404   404
GET   rate/<str:token>/                                            ok    ok    ok    ok
GET   desk/ratings/                                                staff 403   ok    ok
GET   desk/ratings/code/<uuid:case_id>/                            staff 403   404   404
GET   desk/                                                        staff 403   ok    ok
GET   desk/search/                                                 staff 403   ok    ok
"""
TABLE += (Path(__file__).parent / "rights_of_exchange.txt").read_text()  # messages, fees, parcels
TABLE += (Path(__file__).parent / "rights_of_figures.txt").read_text()  # measures, gaps, recorded days, the wall
TABLE += (Path(__file__).parent / "rights_of_knowledge.txt").read_text()  # articles and what is asked of them
TABLE += (Path(__file__).parent / "rights_of_oversight.txt").read_text()  # directives, tasks, documents, reform
TABLE += (Path(__file__).parent / "rights_of_procedure.txt").read_text()  # what happens beside the main line of a case
TABLE += (Path(__file__).parent / "rights_of_reform.txt").read_text()  # 两优, transfers, disclosure, the hall
TABLE += (Path(__file__).parent / "rights_of_supervision.txt").read_text()  # directives, tasks, returns
TABLE += (Path(__file__).parent / "rights_of_hotline.txt").read_text()  # demands, orders
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every address pattern the project answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here or "."


def test_every_address_is_in_the_table() -> None:
    assert sorted({row[1] for row in ROWS}) == sorted(set(routes()))


@pytest.fixture
def house(db: None, settings: Any, tmp_path: Any) -> tuple[standing.Cast, dict[str, str], tuple[str, ...]]:
    """Somebody's draft, somebody's closed case with certificate and invitation, and the keys to all of it."""
    settings.HOME = tmp_path
    cast, at = standing.cast(ITEM), clock.now()
    draft = standing.filled(cast, ITEM, at=at)
    visit = counter_visit.receive(person=cast.persons["citizen"], by=cast.clerk, at=at)
    begun = counter_visit.begin_item(visit_id=visit.pk, item=cast.items[ITEM], by=cast.clerk, at=at)
    case = standing.in_state(cast, "issued", ITEM, at=at)
    actions.deliver(case_id=case.pk, by=cast.clerk, at=at)
    while journal.deliver(at=at):
        pass
    (piece,) = custody.register(case_id=case.pk, things=[("original", "旧证")], by=cast.clerk, at=at)
    certificate, review = ECert.objects.get(), ratings.of_case(case.pk)
    assert review is not None
    paper = Paper.objects.filter(subject_id=str(case.pk)).order_by("serial").first()
    assert paper is not None
    mine, handed = (c.materials.exclude(file=None).order_by("pk").first() for c in (draft, case))
    assert mine
    assert handed
    order = PaymentOrder.objects.create(
        case=case, number=f"JF{case.number}", org_id=case.org_id, region_id=case.region_id, lines=[], demanded_at=at
    )
    parcel = Parcel.objects.create(
        direction="out", number="EX000000000CN", subject_type="cases.Case", subject_id=str(case.pk), org_id=case.org_id,
        subject_number=str(case.number), region_id=case.region_id, person_id=case.person_id, name=case.applicant_name,
        mobile=case.mobile, address="演示苏木演示嘎查 1 号", contents="演示", registered_at=at,
    )  # fmt: skip
    refund = Refund.objects.create(order=order, amount=1, reason="演示", asked_by_name="演示", asked_at=at)
    day = clock.local_day(at)
    bulletin = Document.objects.create(kind="daily", title="演示日调度", region_id=case.region_id, org=cast.orgs["hall"], starts=day, day=day, known_at=at, drafted_at=at, content={"numbers": [], "blocks": []})  # fmt: skip
    keys = {
        "impl_code": cast.items[ITEM].impl_code, "number": str(case.number), "basic_code": cast.items[ITEM].catalog_item_id,
        "documents": str(bulletin.pk), "block": "b1", "place": "1", "form": "word", "power": str(case.pk), "fees": str(order.pk), "parcels": str(parcel.pk), "refunds": str(refund.pk), "messages": str(Message.objects.filter(subject_id=str(case.pk)).order_by("id")[0].pk), "list_slug": "hall", "code": certificate.verify_code,
        "token": review.token, "paper_id": str(paper.pk), "row": str(handed.pk), "row_id": str(mine.pk),
        "apply_material": mine.material_id, "items_material": next(m.id for m in case.elements.materials if m.is_form), "field": "mobile", "slug": "case_received_count", "unit": "all", "part": "hits",
        "reform": str(case.pk), "share": "instant_item_ratio", "item": str(case.item_id), "snapshot": str(case.pk), "day": "2026-03-02",
        "items": str(cast.items[ITEM].pk), "materials": "id_card", "certificates": str(certificate.pk), "papers": str(paper.pk),
        "apply_file": str(mine.file_id), "my_file": str(handed.file_id), "apply_case": str(draft.pk),
        "counter_case": str(begun.pk), "visit_id": str(visit.pk), "barcode": piece.barcode, "ratings_case": str(case.pk), "cases_move": "approve", "items_move": "suspend",
        "certificates_move": "revoke", "name": "form", "kind": "blank", "suffix": "pdf", "accounts": str(cast.accounts["reviewer"].pk), "act": "close", "answer": "confirm", "table_id": str(case.pk), "entrustment_id": str(case.pk), "reading_id": str(case.pk), "enterprise_id": str(cast.firm.pk), "person_id": str(cast.persons["citizen"].pk), "plan_id": str(case.pk), "candidate_id": str(case.pk), "verb": "sign",
    }  # fmt: skip
    keys |= keys_of_supervision(cast, at=at) | keys_of_hotline(cast, at=at)
    owner = cast.persons["citizen"]
    return cast, keys, (owner.name, owner.id_number, owner.mobile, draft.applicant_id_number)


def filled_in(route: str, keys: dict[str, str]) -> str:
    """The address with the owner's own keys in it."""
    kind = next((k for k in ("demands", "hotline", "knowledge", "open311", "directives", "tasks", "collections", "submissions", "documents", "reform", "accounts", "messages", "refunds", "fees", "parcels", "ratings", "counter", "certificates", "papers", "apply", "my", "cases", "materials", "items", "ask") if k in route.split("/")), "")  # fmt: skip
    parts = []
    for part in route.split("/"):
        for piece in re.findall("<[^>]+>", part):
            name = piece.strip("<>").rpartition(":")[2]
            special = {
                "pk": kind,
                "case_id": f"{kind}_case",
                "file_id": f"{kind}_file",
                "move": f"{kind}_move",
                "number": f"{kind}_number" if kind in ("hotline", "demands", "knowledge") else "number",
                "material_id": f"{kind}_material",
                "form": "open311_form" if kind == "open311" else "form",
                "slug": "list_slug" if route.startswith("lists/") else "slug",
            }
            name = "evidence_row" if name == "row" and "evidence" in route.split("/") else name
            part = part.replace(piece, keys[special.get(name, name)])
        parts.append(part)
    return "/" + "/".join(parts).lstrip(".")


def answer_of(client: Client, way: str, route: str, address: str) -> tuple[str, str]:
    """What the table calls this answer, and its text."""
    response = client.get(address, ASKED.get(route, {})) if way == "GET" else client.post(address, SENT.get(route, {}))
    if response.status_code == 302:
        to = response["Location"]
        said = "staff" if to.startswith("/login/staff/?") else "login" if to.startswith("/login/?") else "back"
        return said, to
    body = b"".join(response.streaming_content) if getattr(response, "streaming", False) else response.content
    if body.startswith(b"PK"):  # a workbook is read by its sheets
        book = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(book.read(name) for name in book.namelist())
    return {200: "ok"}.get(response.status_code, str(response.status_code)), body.decode(errors="replace")


def test_each_address_gives_strangers_what_the_table_says_and_nothing_of_the_owner(house: Any) -> None:
    cast, keys, personal = house
    before = dict(Case.objects.values_list("pk", "state"))
    faults = []
    for way, route, *expected in ROWS:
        address = filled_in(route, keys)
        for who, wanted in zip(WHO, expected, strict=True):
            client = Client() if who == "anonymous" else standing.client_of(cast, who)
            got, text = answer_of(client, way, route, address)
            if got != wanted:
                faults.append(f"{way} {route} {who}: {got} instead of {wanted}")
            faults += [f"{way} {route} {who}: shows {word}" for word in personal if word in text]
    assert faults == []
    assert dict(Case.objects.values_list("pk", "state")) == before
    assert ECert.objects.get().state == "valid"


def test_the_owner_and_the_office_do_get_there(house: Any) -> None:
    """The keys of the table are right ones: with them the persons concerned open their pages."""
    cast, keys, _ = house
    for who, route in (
        ("citizen", "apply/case/<uuid:case_id>/<slug:name>/"),
        ("citizen", "apply/case/<uuid:case_id>/files/<uuid:file_id>/"),
        ("citizen", "my/certificates/<uuid:pk>/"),
        ("citizen", "certificates/<uuid:pk>/pdf/"),
        ("citizen", "papers/<uuid:pk>/"),
        ("citizen", "my/cases/<str:number>/"),
        ("citizen", "my/cases/<str:number>/papers/<uuid:paper_id>/"),
        ("citizen", "my/cases/<str:number>/files/<uuid:file_id>/"),
        ("citizen", "my/cases/<str:number>/fee/"),
        ("citizen", "my/parcels/<uuid:pk>/"),
        ("reviewer", "desk/parcels/<uuid:pk>/"),
        ("reviewer", "desk/parcels/<uuid:pk>/label.pdf"),
        ("reviewer", "desk/fees/<uuid:pk>/"),
        ("reviewer", "desk/cases/<str:number>/"),
        ("reviewer", "desk/cases/<str:number>/files/<uuid:row>/"),
        ("reviewer", "desk/cases/<str:number>/papers/<uuid:paper_id>/"),
        ("reviewer", "desk/certificates/<uuid:pk>/"),
        ("clerk", "desk/counter/<uuid:case_id>/"),
        ("clerk", "desk/counter/visits/<uuid:visit_id>/"),
        ("clerk", "desk/counter/visits/<uuid:visit_id>/sheet/"),
        ("clerk", "desk/ratings/code/<uuid:case_id>/"),
        ("clerk", "desk/issue/pieces/<str:barcode>/"),
        ("clerk", "desk/issue/cases/<str:number>/"),
        ("clerk", "desk/issue/cases/<str:number>/originals/"),
        ("administrator", "desk/items/<uuid:pk>/"),
        ("administrator", "desk/directives/<uuid:pk>/"),
        ("head", "desk/directives/<uuid:pk>/"),
        ("head", "desk/tasks/<uuid:pk>/"),
        ("reviewer", "desk/tasks/<uuid:pk>/evidence/<uuid:row>/"),
        ("inspector", "desk/tasks/overview/"),
        ("administrator", "desk/collections/<uuid:pk>/"),
        ("head", "desk/submissions/<uuid:pk>/"),
        ("citizen", "my/demands/<str:number>/"),
        ("citizen", "my/demands/<str:number>/files/<uuid:pk>/"),
        ("reviewer", "desk/hotline/<str:number>/"),
        ("reviewer", "desk/hotline/<str:number>/files/<uuid:pk>/"),
        ("reviewer", "desk/hotline/<str:number>/act/<slug:move>/"),
    ):
        got, _ = answer_of(standing.client_of(cast, who), "GET", route, filled_in(route, keys))
        assert got == "ok", f"{route} {who}: {got}"
