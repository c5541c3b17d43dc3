"""我的档案 and 单位档案: everything kept about one, who looked at it, and the whole of it to take along."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siban.cases.queries import archive as queries
from siban.cases.queries import bundle as bundles
from siban.identity.api import Enterprise
from siban.identity.gate import citizen_required
from siban.kernel import clock, files, journal, papers
from siban.kernel.files import Packed
from siban.kernel.ui.paging import page_of
from siban.kernel.ui.parts import Tab

LAW = "个人信息保护法第四十五条"


def _whose(request: HttpRequest, enterprise_id: UUID | None) -> queries.Whose:
    try:
        return queries.whose(request.actor, enterprise_id)  # type: ignore[attr-defined]
    except Enterprise.DoesNotExist:
        raise Http404 from None


@never_cache
@citizen_required
@require_safe
def archive(request: HttpRequest, enterprise_id: UUID | None = None) -> HttpResponse:
    """One part of the file at a time."""
    one, wanted = _whose(request, enterprise_id), queries.Wanted.of(request.GET)
    here = request.path
    rows: list[Any] = []
    if wanted.part != "data":
        start = (wanted.page - 1) * queries.SIZE
        rows = list(queries.rows_of(one, wanted)[start : start + queries.SIZE + 1])
    more, rows = len(rows) > queries.SIZE, rows[: queries.SIZE]
    context = {
        "one": one, "wanted": wanted, "here": here,
        "tabs": [Tab(label, f"{here}?part={part}", part == wanted.part) for part, label in queries.PARTS.items()],
        "lines": [(getattr(row, "number", ""), queries.line_of(row)) for row in rows],
        "facts": queries.data_of(one) if wanted.part == "data" else [],
        "pages": page_of(len(rows), wanted.page, more, **wanted.kept()),
        "firms": [] if enterprise_id else queries.firms(request.actor),  # type: ignore[attr-defined]
        "export": reverse("my-archive-firm-export", args=[enterprise_id]) if enterprise_id else reverse("my-archive-export"),
    }  # fmt: skip
    return render(request, "cases/public/archive.html", context)


@never_cache
@citizen_required
@require_safe
def export(request: HttpRequest, enterprise_id: UUID | None = None) -> StreamingHttpResponse:
    """The whole file: for programs and for people, in one ZIP; that it was taken is journalled."""
    one = _whose(request, enterprise_id)
    said = queries.everything(one)
    journal.write(
        subject=one.enterprise or one.person, move="take_file", by=request.actor, at=clock.now(), law=LAW  # type: ignore[attr-defined, arg-type]
    )  # fmt: skip
    written = json.dumps(said, ensure_ascii=False, indent=1, default=str).encode()
    sheet = {
        "title": "档案", "number": one.name, "facts": [[k, v] for k, v in said["数据"].items()], "heads": [], "rows": [],
        "notes": [
            f"{name}：" + "；".join(f"{key}{value}" for key, value in line.items() if value)
            for name in ("办件", "证照", "谁看过") for line in said[name]
        ],
    }  # fmt: skip
    packed = [
        Packed("", "档案.pdf", lambda: [papers.draw(bundles.TEMPLATE, sheet)]),
        Packed("", "档案.json", lambda: [written]),
    ]
    return zipped(files.packed(packed), f"{one.name} 档案.zip")


def zipped(pieces: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """A ZIP that is sent while it is made."""
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
