"""What everyone sees of the item library: search, guide, print."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zlib import crc32

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from siban.identity.gate import Answer, Asked, visitor_lane
from siban.kernel import clock, files
from siban.kernel.models import StoredFile
from siban.kernel.ui.context import ELDER_COOKIE
from siban.kernel.ui.parts import Link, Page

from . import blanks, queries, queries_changes, search
from . import guide as guides
from .cache import Kept
from .content import ItemContent
from .queries import InForce
from .search import Wanted

BODIES: Kept[tuple[str, SafeString]] = Kept()
PAGES: Kept[bytes] = Kept()
MOST_ANSWERS = 8
CRUMBS = [Link("首页", "/"), Link("办事事项", "/items/")]
UNKNOWN = "没有找到这个事项，可能已经取消或者网址有误。请在首页搜索事项名称，或者拨打 12345 咨询。"


def wanted_in(request: HttpRequest) -> Wanted:
    """The filters in the address."""
    said = request.GET
    who = said.get("who", "")
    return Wanted(
        who=who if who in ("natural", "legal") else "",
        topic=said.get("topic", "")[:40],
        dept=said.get("dept", "")[:60],
        region=said.get("region", "")[:12] if said.get("region", "").isdigit() else "",
        online=said.get("online") == "1",
        instant=said.get("instant") == "1",
    )


def narrowed(wanted: Wanted) -> bool:
    """Whether any filter is set."""
    return wanted != Wanted()


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Search and list of items."""
    question, wanted = request.GET.get("q", "")[:60].replace("\x00", ""), wanted_in(request)
    found = search.find(question, wanted=wanted, after=request.GET.get("after", ""))
    wider = narrowed(wanted) and not found.hits and bool(search.find(question, limit=1).hits)
    kept = {k: v for k, v in request.GET.items() if k != "after" and v}
    following = f"{request.path}?{urlencode({**kept, 'after': found.after})}" if found.after else ""
    context = {
        "question": question,
        "wanted": wanted,
        "found": found,
        "page": Page(len(found.hits), next_url=following, unit="项"),
        "filters": queries.filters(),
        "crumbs": CRUMBS[:1],
        "narrowed": narrowed(wanted),
        "wider": wider,
    }
    return render(request, "catalog/items.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What a question being typed may become; a piece of page below the search box."""
    typed = request.GET.get("q", "")[:60].replace("\x00", "")
    response = render(request, "catalog/_suggestions.html", {"suggestions": search.suggest(typed)})
    response["Cache-Control"] = "private, max-age=300"
    return response


@dataclass(frozen=True, slots=True)
class Piece:
    """What a guide page is made from: the version and the situation chosen."""

    impl_code: str
    version: InForce
    given: tuple[tuple[str, str], ...]
    template: str

    @property
    def key(self) -> tuple[object, ...]:
        return (
            self.impl_code,
            self.version.content_hash,
            self.version.suspended,
            self.version.coming_hash,
            self.version.usual,
            self.given,
            self.template,
        )

    def guide(self) -> guides.Guide:
        content = queries.content_of(self.version.version_id)
        return guides.build(
            content,
            content_hash=self.version.content_hash,
            given=dict(self.given),
            org_names=queries.org_names(content),
            suspended=self.version.suspended,
            usual=self.version.usual,
        )

    def context(self) -> dict[str, object]:
        """The name and the part of the page that is the same for everyone."""
        name, body = BODIES.get(self.key, self._made)
        return {"name": name, "body": body, "crumbs": CRUMBS}

    def _made(self) -> tuple[str, SafeString]:
        guide = self.guide()
        coming = queries_changes.coming(self.version.coming_id, self.version.version_id)
        return guide.content.name, mark_safe(render_to_string(self.template, {"guide": guide, "coming": coming}))


def piece_of(request: HttpRequest, impl_code: str, template: str) -> Piece:
    """The version in force and the answers in the address; raises Http404 in words."""
    version = queries.in_force(impl_code)
    if version is None:
        raise Http404(UNKNOWN)
    return Piece(impl_code, version, answers_in(request), template)


def answers_in(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """The situation answers in the address, as many as a guide may ask."""
    said = ((k[:8], str(v)[:8]) for k, v in request.GET.items() if k[:1] == "q" and k[1:].isdigit())
    return tuple(sorted(said))[:MOST_ANSWERS]


def is_plain_visitor(request: HttpRequest) -> bool:
    """Someone of whom nothing is known: no session, no message waiting."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and "messages" not in request.COOKIES


@require_safe
def item_guide(request: HttpRequest, impl_code: str) -> HttpResponse:
    """The guide of an item; for plain visitors a kept page, the same bytes for all: it holds no form that needs a token."""
    piece = piece_of(request, impl_code, "catalog/_guide.html")
    return _answer(request, piece, "catalog/guide.html")


@require_safe
def item_print(request: HttpRequest, impl_code: str) -> HttpResponse:
    """The guide as sheets of paper, everything unfolded."""
    piece = piece_of(request, impl_code, "catalog/_print.html")
    return _answer(request, piece, "catalog/print.html")


CODE_LENGTH = 31


@visitor_lane("items")
def guide_again(asked: Asked) -> Answer | None:
    """The guide of an item without answers, for a visitor, when its page is kept already; else `item_guide` makes it."""
    _, _, code, *rest = f"{asked.path}/".split("/")
    if rest != ["", ""] or len(code) != CODE_LENGTH or "HTTP_IF_NONE_MATCH" in asked.environ:
        return None
    version = queries.in_force(code)
    if version is None:
        return None
    piece = Piece(code, version, (), "catalog/_guide.html")
    page = PAGES.kept(_page_key(piece, "catalog/guide.html", asked.cookies, asked.path))
    if page is None:
        return None
    return Answer(page, headers=(("ETag", _tag(piece)), ("Cache-Control", REVALIDATED), ("Vary", "Cookie")))


REVALIDATED = "private, no-cache"


def _tag(piece: Piece) -> str:
    version = piece.version
    usual = f"-{crc32(version.usual.encode()):x}" if version.usual else ""
    return f'W/"{version.content_hash[:32]}-{"s" if version.suspended else "p"}{version.coming_hash[:16]}{usual}"'


def _page_key(piece: Piece, template: str, cookies: Mapping[str, str], path: str) -> tuple[object, ...]:
    return (*piece.key, template, cookies.get(ELDER_COOKIE) == "1", path)


def _answer(request: HttpRequest, piece: Piece, template: str) -> HttpResponse:
    tag = _tag(piece)
    if not is_plain_visitor(request):
        response = render(request, template, piece.context())
        response["Cache-Control"] = "private, no-store"
        return response
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(
            PAGES.get(
                _page_key(piece, template, request.COOKIES, request.path),
                lambda: render_to_string(template, {**piece.context(), "csrf_token": ""}, request).encode(),
            )
        )
    response["ETag"] = tag
    response["Cache-Control"] = REVALIDATED
    patch_vary_headers(response, ["Cookie"])
    return response


NO_FORM = "这份材料没有可以下载的表格，请回到办事指南核对，或者拨打 12345 咨询。"


@require_safe
def form_file(
    request: HttpRequest, impl_code: str, material_id: str, kind: str, suffix: str
) -> HttpResponse | FileResponse:
    """A blank form or a filled sample of the version in force, as a file to keep."""
    version = queries.in_force(impl_code)
    if version is None:
        raise Http404(UNKNOWN)
    return offered(queries.content_of(version.version_id), version.content_hash, material_id, kind, suffix)


def offered(
    content: ItemContent, content_hash: str, material_id: str, kind: str, suffix: str
) -> HttpResponse | FileResponse:
    """The file of a form: the unit's own, or the drawn one. Raises Http404 in words."""
    material = next((m for m in content.materials if m.id == material_id and m.is_form), None)
    if material is None or kind not in blanks.KINDS:
        raise Http404(NO_FORM)
    if suffix == "own":
        given = StoredFile.objects.filter(subject_type="catalog.ImplementationItem")  # nothing that persons handed in
        stored = given.filter(pk=blanks.own_file(material, kind)).first()
        if stored is None:
            raise Http404(NO_FORM)
        return FileResponse(
            files.open_file(stored), content_type=stored.media_type, as_attachment=True, filename=stored.name
        )
    if suffix not in blanks.SUFFIXES:
        raise Http404(NO_FORM)
    day = date.fromisoformat(content.effective_at) if content.effective_at else clock.local_day(clock.now())
    body = blanks.file_of(content, material, content_hash=content_hash, kind=kind, suffix=suffix, today=day)
    name = f"{material.name}（{blanks.KINDS[kind]}）.{suffix}"
    return FileResponse(io.BytesIO(body), content_type=blanks.SUFFIXES[suffix], as_attachment=True, filename=name)
