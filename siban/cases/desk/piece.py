"""One paper thing: who holds it, through whose hands it went; its label; the originals of a case."""

from dataclasses import dataclass
from uuid import UUID

import barcode as codes_of_bars
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.cases import access, rules_custody
from siban.cases.actions import custody as actions
from siban.cases.actions import handing_out
from siban.cases.models import CaseMaterial
from siban.cases.models_custody import CustodyPiece
from siban.cases.queries import case_page
from siban.cases.queries import custody as queries
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

MOST_LABELS = 100
VERBS = ("give", "take", "refuse", "take-back", "lost", "found", "remind", "post")


@require_GET
@never_cache
@staff_required(*rules_custody.HANDLERS)
def piece(request: HttpRequest, barcode: str) -> HttpResponse:
    """Who holds it now, and every hand it went through."""
    return _page(request, barcode)


def _page(request: HttpRequest, barcode: str, said: str = "", given: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = queries.piece_page(actor, barcode)
    context = {
        "page": page,
        "bars": bars(barcode),
        "places": queries.places_for(actor, page.piece) if page.may_give else [],
        "said": said,
        "given": given,
        "crumbs": [("统一出件", reverse("issue-list"))],
    }
    return render(request, "cases/desk/piece.html", context, status=409 if said else 200)


@require_POST
@never_cache
@staff_required(*rules_custody.HANDLERS)
def act(request: HttpRequest, barcode: str, verb: str) -> HttpResponse:
    """Give, take, refuse, call back, report lost or found, remind, post."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = CustodyPiece.objects.visible_to(by).get(barcode=barcode)
    words = request.POST.get("reason", "") or request.POST.get("tracking", "")
    try:
        done = _do(verb, found, request, by, words, at)
    except Refused as why:
        return _page(request, barcode, str(why), words)
    messages.success(request, done)
    return redirect("issue-piece", barcode)


def _do(verb: str, found: CustodyPiece, request: HttpRequest, by: Actor, words: str, at: object) -> str:
    key = {"piece_id": found.pk, "by": by, "at": at}
    match verb:
        case "give":
            to, _, org = request.POST.get("place", "").partition(":")
            try:
                target = UUID(org)
            except ValueError:
                raise Refused("请选择移交给谁。") from None
            actions.hand_over(pieces=[found.pk], to=to, to_org_id=target, by=by, at=at)  # type: ignore[arg-type]
            return "已移交，等待对方接收。接收以前仍由您单位保管。"
        case "take":
            waiting = found.handovers.filter(outcome="pending").values_list("pk", flat=True)
            actions.confirm(handovers=list(waiting), by=by, at=at)  # type: ignore[arg-type]
            return "已接收，现在由您单位保管。"
        case "refuse":
            actions.refuse(reason=words, **key)  # type: ignore[arg-type]
            return "已拒收，仍由对方保管。"
        case "take-back":
            actions.take_back(**key)  # type: ignore[arg-type]
            return "已收回。"
        case "lost":
            actions.report_lost(reason=words, **key)  # type: ignore[arg-type]
            return "已报失。找到以后请登记找回。"
        case "found":
            actions.report_found(**key)  # type: ignore[arg-type]
            return "已登记找回。"
        case "remind":
            actions.remind(**key)  # type: ignore[arg-type]
            return "已记下催领。"
        case "post":
            handing_out.post(tracking=words, **key)  # type: ignore[arg-type]
            return "已交邮寄。"
    raise Http404


@dataclass(frozen=True, slots=True)
class Bar:
    """One dark bar of a label: where it begins and how wide, in modules."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A Code 128 symbol (ISO/IEC 15417) as bars to be drawn, with the quiet zones the norm wants."""

    bars: tuple[Bar, ...]
    width: int


QUIET = 10


def bars(text: str) -> Bars:
    """The symbol of a barcode; drawn by the page itself, since its policy takes no styles from elsewhere."""
    modules = codes_of_bars.get("code128", text).build()[0]
    found, at = [], 0
    for run in modules.replace("01", "0 1").replace("10", "1 0").split(" "):
        if run[0] == "1":
            found.append(Bar(QUIET + at, len(run)))
        at += len(run)
    return Bars(tuple(found), len(modules) + 2 * QUIET)


@require_GET
@never_cache
@staff_required(*rules_custody.HANDLERS)
def labels(request: HttpRequest) -> HttpResponse:
    """Labels to stick on: one a piece, with barcode, number of the case and what it is; no name."""
    wanted = [text for text in request.GET.getlist("piece")[:MOST_LABELS] if text.isdigit()]
    rows = (
        CustodyPiece.objects.visible_to(request.actor)  # type: ignore[attr-defined]
        .filter(barcode__in=wanted)
        .order_by("id")
        .values_list("barcode", "what", "case__number", "case__title")
    )
    context = {"labels": [(code, bars(code), what, number, title) for code, what, number, title in rows]}
    return render(request, "cases/desk/labels.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.FRONT)
def originals(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant's originals that stay here until the case is over: tick, register, print the labels."""
    by = request.actor  # type: ignore[attr-defined]
    found = case_page.find(by, number=number)
    kept = set(found.custody_pieces.filter(kind="original").order_by("pk").values_list("what", flat=True))
    names = list(
        found.materials.filter(source=CaseMaterial.Source.PAPER)
        .order_by("added_at", "id")
        .values_list("name", flat=True)
    )
    offered = [name for name in dict.fromkeys(names) if name not in kept]
    said = ""
    if request.method == "POST":
        chosen = [name for name in request.POST.getlist("what") if name in offered]
        chosen += [other] if (other := request.POST.get("other", "").strip()) else []
        try:
            made = actions.register(case_id=found.pk, things=[("original", w) for w in chosen], by=by, at=clock.now())
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, f"已登记 {len(made)} 件原件，请打印标签贴上。")
            return redirect("issue-originals", number)
    pieces = found.custody_pieces.select_related("holder_org").order_by("id")
    context = {
        "case": found,
        "offered": offered,
        "said": said,
        "pieces": [
            (p, queries.holder_lamp(p.holder, p.holder_org.short_name if p.holder_org else None, lost=p.lost_at))
            for p in pieces
        ],
        "crumbs": [("统一出件", reverse("issue-list"))],
    }
    return render(request, "cases/desk/originals.html", context, status=422 if said else 200)
