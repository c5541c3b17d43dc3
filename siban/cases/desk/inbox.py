"""The inbox as page, as JSON and as workbook."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
import xlsxwriter
from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siban.cases import access
from siban.cases.actions.together import VERBS
from siban.cases.queries import inbox as queries
from siban.cases.queries import inbox_lane as lane
from siban.cases.queries.names import masked_name, staff_names
from siban.cases.queries.views import ViewShown, saved_views
from siban.identity.gate import Answer, Asked, staff_required
from siban.identity.gate import lane as fast_lane
from siban.kernel import clock, journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.ui import shells
from siban.kernel.ui.context import ELDER_COOKIE
from siban.kernel.ui.parts import Page, Tab
from siban.kernel.ui.shells import fill, mark

encode = msgspec.json.Encoder().encode
NAMES = encode(queries.COLUMNS)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("办件编号", "事项", "状态", "申请人", "期限", "余下", "收件日期", "渠道", "现在由谁办")


PLAIN = queries.Filter()


@fast_lane("/desk/cases/", *lane.OWN_OFFICE)
def inbox_again(asked: Asked) -> Answer | None:
    """The unfiltered inbox, for a browser whose frame was drawn a moment ago; else `inbox` draws it."""
    if "HTTP_HX_REQUEST" in asked.environ or not _is_plain(asked.cookies):
        return None
    body = _from_shell(asked.actor, asked.cookies, None)
    return None if body is None else Answer(body, headers=(("Vary", "HX-Request"),))


@fast_lane("/desk/cases.json", *lane.OWN_OFFICE)
def rows_again(asked: Asked) -> Answer:
    """The unfiltered inbox as JSON."""
    return Answer(_lane_json(asked.actor), content_type="application/json")


@require_GET
@staff_required(*access.DESK)
def inbox(request: HttpRequest) -> HttpResponse:
    """What is with the office, nearest limit first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted, today = queries.Filter.of(request.GET), clock.local_day(clock.now())
    if (
        not request.GET
        and lane.serves(actor, wanted)
        and "HX-Request" not in request.headers
        and _is_plain(request.COOKIES)
    ):
        if (body := _from_shell(actor, request.COOKIES, request)) is not None:
            response = HttpResponse(body)
            response["Vary"] = "HX-Request"
            return response
    views = saved_views(actor)
    if (
        not request.GET
        and "HX-Request" not in request.headers
        and (first := next((v for v in views if v.is_default), None)) is not None
    ):
        return redirect(reverse("case-inbox") + first.address)
    page = queries.inbox(actor, wanted, today=today)
    context = _context(wanted, page, mark_safe(drawn(page.rows, actor, today=today).decode())) | _desk(
        actor, views, request
    )
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "inbox-rows"
    if not part:
        context["filter"] = (
            _filter(wanted, context["picks"])
            if wanted.name or wanted.narrowed_more
            else _plain_filter(wanted.state, wanted.lamp, wanted.whose, context["picks"])
        )
    response = render(request, "cases/desk/_rows.html" if part else "cases/desk/inbox.html", context)
    response["Vary"] = "HX-Request"
    return response


def _is_plain(cookies: Mapping[str, str]) -> bool:
    """A browser that has its form token and no message waiting."""
    return "messages" not in cookies and settings.CSRF_COOKIE_NAME in cookies


def _context(wanted: queries.Filter, page: queries.Inbox, rows: SafeString) -> dict[str, Any]:
    return {
        "rows": rows,
        "wanted": wanted,
        "page": Page(len(page.rows), previous_url=page.previous, next_url=page.next, unit="件"),
        "here": reverse("case-inbox") + "?whole=1",
        "export": reverse("case-inbox-export") + wanted.query(),
        "export_whole": reverse("case-inbox-export-whole") + wanted.query(),
    }


def _from_shell(actor: Actor, cookies: Mapping[str, str], request: HttpRequest | None) -> bytes | None:
    """The page everybody opens all day: the frame is drawn once a person and few seconds, the rows each time.

    Args:
        request: what a frame that is not kept is drawn with; on the lane there is none, and the answer is None then.
    """
    assert actor.org_id is not None
    page = queries.paged(lane.rows(actor.org_id), PLAIN)
    elder = cookies.get(ELDER_COOKIE) == "1"
    token = cookies[settings.CSRF_COOKIE_NAME]  # the frame holds this browser's form token
    key = (actor.account_id, actor.post_id, token, elder, len(page.rows), bool(page.next))

    views = saved_views(actor) if request is not None and not shells.is_kept(key) else ()
    if any(v.is_default for v in views):
        return None  # the list opens with a view of one's own

    def draw() -> str:
        context = _context(PLAIN, page, mark_safe(mark("rows") if page.rows else ""))
        context["page"] = Page(len(page.rows), next_url=mark("next") if page.next else "", unit="件")
        context["filter"] = _plain_filter("", "", "", True)
        context |= _desk(actor, views, None)
        return render_to_string("cases/desk/inbox.html", context, request)

    body = drawn(page.rows, actor, today=clock.local_day(clock.now()))
    return fill(key, draw if request else None, {"rows": body, "next": escape(page.next).encode()})


def drawn(rows: list[tuple[Any, ...]], actor: Actor, *, today: date) -> bytes:
    """The rows for this person: with who handles each, and a tick where several can be acted on."""
    names = staff_names(row[-1] for row in rows)
    return queries.as_html(rows, today=today, names=names, picks=actor.has_role(*access.DECIDING))


def _desk(actor: Actor, views: Sequence[ViewShown], request: HttpRequest | None) -> dict[str, Any]:
    """What stands around the list for who reviews: saved views, acts on several."""
    picks = actor.has_role(*access.DECIDING)
    here, at = reverse("case-inbox"), request.GET.get("view", "") if request is not None else ""
    tabs = [Tab("全部在办", f"{here}?whole=1", at == "" and (request is None or not _narrowed(request)))]
    return {
        "picks": picks,
        "views": [v for v in views if v.is_own],
        "view_tabs": [*tabs, *(Tab(v.label, here + v.address, str(v.id) == at) for v in views)] if views else [],
        "saving": _saving(request),
        "verbs": [(name, label) for name, label in VERBS.items() if name != "approve"] if picks else [],
    }  # fmt: skip


def _narrowed(request: HttpRequest) -> bool:
    return queries.Filter.of(request.GET).narrowed


def _saving(request: HttpRequest | None) -> str:
    """The conditions shown now, as a saved view keeps them."""
    return queries.Filter.of(request.GET).query(after="", before="").lstrip("?") if request is not None else ""


def _filter(wanted: queries.Filter, picks: bool) -> SafeString:
    """The filter above the list: ten fields, half of what the page costs."""
    about = {
        "picks": picks,
        "whose": list(queries.WHOSE.items()),
        "wanted": wanted,
        "since": wanted.since or "",
        "until": wanted.until or "",
        "states": list(queries.STATES.items()),
        "lamps": [("", "全部"), *queries.LAMPS.items()],
        "sorts": list(queries.SORTS.items()),
        "here": reverse("case-inbox"),
        "clear": reverse("case-inbox") + "?whole=1",
    }
    return render_to_string("cases/desk/_filter.html", about)


@lru_cache(maxsize=128)
def _plain_filter(state: str, lamp: str, whose: str, picks: bool) -> SafeString:
    """Drawn once for each state and lamp; what somebody typed is never kept here."""
    return _filter(queries.Filter(state=state, lamp=lamp, whose=whose), picks)


@require_GET
@staff_required(*access.DESK)
def rows(request: HttpRequest) -> HttpResponse:
    """The same as JSON: `{"columns": […], "rows": [[…]], "previous": …, "next": …}`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted, today = queries.Filter.of(request.GET), clock.local_day(clock.now())
    if lane.serves(actor, wanted):
        return HttpResponse(_lane_json(actor), content_type="application/json")
    page = queries.inbox(actor, wanted, today=today)
    body = encode({"columns": queries.COLUMNS, "rows": page.rows, "previous": page.previous, "next": page.next})
    return HttpResponse(body, content_type="application/json")


def _lane_json(actor: Actor) -> bytes:
    assert actor.org_id is not None
    found, following = lane.as_json(actor.org_id)
    ends = encode(PLAIN.query(after=following) if following else "")
    return b'{"columns":%s,"rows":%s,"previous":"","next":%s}' % (NAMES, found, ends)


@require_GET
@never_cache
@staff_required(*access.DESK)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook, names of persons masked."""
    return _workbook(request, whole=False)


@require_POST
@never_cache
@staff_required(*access.DESK)
def export_whole(request: HttpRequest) -> HttpResponse:
    """The same with whole names, for a stated purpose, which is journalled (个人信息保护法第六条)."""
    purpose = request.POST.get("purpose", "").strip()
    if len(purpose) < 2:
        raise Refused("请填写导出完整姓名的用途（至少 2 个字），例如：送达通知。不需要姓名时请用“导出 Excel”。")
    with transaction.atomic():
        journal.write(
            subject=("cases.Export", str(uuid7())), fresh=True, move="export_names", by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(), law="个人信息保护法第六条", note=purpose[:200], facts={"filter": request.GET.urlencode()[:500]},
        )  # fmt: skip
    return _workbook(request, whole=True)


def workbook_of(request: HttpRequest, numbers: Sequence[str]) -> HttpResponse:
    """The ticked cases as a workbook, names of persons masked."""
    today = clock.local_day(clock.now())
    return _book(queries.rows_of(request.actor, numbers), today=today, whole=False)  # type: ignore[attr-defined]


def _workbook(request: HttpRequest, *, whole: bool) -> HttpResponse:
    wanted, today = queries.Filter.of(request.GET), clock.local_day(clock.now())
    return _book(queries.every_row(request.actor, wanted, today=today), today=today, whole=whole)  # type: ignore[attr-defined]


def _book(found: Iterator[tuple[Any, ...]], *, today: date, whole: bool) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    _write(file, _lines(found, today=today, whole=whole))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"办件-{today:%Y%m%d}.xlsx", content_type=SHEET)
    response["Cache-Control"] = "no-store"
    return response


def _write(file: Any, lines: Iterator[tuple[str, ...]]) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet("办件"), book.add_format({"bold": True})
    for column, width in enumerate((24, 36, 12, 16, 12, 12, 12, 10, 18)):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, HEADS, bold)
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines, 1):
        sheet.write_row(number, 0, line)
    book.close()


def _lines(rows: Iterator[tuple[Any, ...]], *, today: date, whole: bool) -> Iterator[tuple[str, ...]]:
    for row in rows:
        said = queries.shown([row], today=today)[0]
        name = said["name"] if whole else masked_name(said["name"], is_person=row[5] is None)
        yield (
            said["number"],
            said["title"],
            said["state"],
            name,
            said["due"],
            said["left"],
            said["on"],
            said["channel"],
            said["owner"],
        )
