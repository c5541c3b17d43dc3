"""一人一档、一企一档 for the one concerned: what is kept, who looked at it and why, and a copy to take along."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siban.cases.queries import archive as queries
from siban.identity.api import enterprises_of, note_reading
from siban.identity.gate import citizen_required
from siban.kernel import clock, files
from siban.kernel.files import Packed
from siban.kernel.ui.paging import number_of, page_of
from siban.kernel.ui.parts import Tab, Table

from .apply import ASSURANCE

HEAD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{0}</title></head><body><h1>{0}</h1><p>{1}</p>"""


def day_of(said: Any, name: str) -> date | None:
    """A day of the filter; what is no day filters nothing."""
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        return None


@never_cache
@citizen_required(assurance=ASSURANCE)
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """One section of one's own file, or of the file of an enterprise one belongs to."""
    by, asked = request.actor, request.GET  # type: ignore[attr-defined]
    of = asked.get("of", "")
    owner = queries.owner_of(by, of)
    sections = [s for s in queries.SECTIONS if s.is_of(owner)]
    name = asked.get("part", "data")
    here = reverse("my-archive")
    tabs = [
        Tab(label, f"{here}?{urlencode({'of': of, 'part': key} if of else {'part': key})}", key == name)
        for key, label in (("data", "资料"), *((s.name, s.label) for s in sections))
    ]
    since, until = day_of(asked, "since"), day_of(asked, "until")
    context: dict[str, Any] = {
        "owner": owner, "of": of, "tabs": tabs, "part": name, "since": since or "", "until": until or "",
        "firms": enterprises_of(by.person_id), "here": here,
        "clear": f"{here}?{urlencode({'of': of, 'part': name})}",
    }  # fmt: skip
    if name in {s.name for s in sections}:
        number = number_of(asked)
        found = queries.part(owner, name, number=number, since=since, until=until)
        kept = {"of": of, "part": name, "since": str(since or ""), "until": str(until or "")}
        context["table"] = Table(
            found.section.label, found.section.heads, found.lines, empty="没有记录。", caption_hidden=True
        )
        context["page"] = page_of(len(found.lines), number, found.has_more, **kept)
    else:
        lines = [(k.name, k.value, k.source) for k in queries.kept(owner)]
        context["part"], context["table"] = "data", Table("资料", ("内容", "记录", "来源"), lines, caption_hidden=True)
    return render(request, "cases/public/archive.html", context)


@never_cache
@citizen_required(assurance=ASSURANCE)
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Everything in one file: a page to read and the same for programs (个人信息保护法第四十五条第一款)."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    owner = queries.owner_of(by, request.GET.get("of", ""))
    note_reading(
        subject=owner.enterprise or owner.person, title="一企一档" if owner.enterprise else "一人一档", what="导出全部档案",
        purpose="申请人一方查阅、复制", by=by, at=at, person_id=owner.person.pk if owner.person else None,
        enterprise_id=owner.enterprise.pk if owner.enterprise else None,
    )  # fmt: skip
    on = clock.local_day(at)
    packed = files.packed(
        [
            Packed("", "档案.html", lambda: as_page(owner, on)),
            Packed("", "档案.json", lambda: as_json(owner, on)),
        ]
    )
    answer = StreamingHttpResponse(packed, content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, f"档案 {owner.name} {on}.zip") or ""
    answer["Cache-Control"] = "private, no-store"
    return answer


def as_page(owner: queries.Owner, on: date) -> Iterator[bytes]:
    """The file as a page that any browser shows."""
    yield format_html(HEAD, f"{owner.name}的档案", f"截至 {on}，由政务服务平台导出。").encode()
    for label, heads, lines in queries.everything(owner):
        yield format_html("<h2>{}</h2><table border=1 cellpadding=4><tr>", label).encode()
        yield b"".join(format_html("<th>{}</th>", head).encode() for head in heads) + b"</tr>\n"
        for line in lines:
            cells = b"".join(format_html("<td>{}</td>", cell).encode() for cell in line)
            yield b"<tr>" + cells + b"</tr>\n"
        yield b"</table>\n"
    yield b"</body></html>\n"


def as_json(owner: queries.Owner, on: date) -> Iterator[bytes]:
    """The file for programs: `{"name": …, "on": …, "sections": {label: [{head: value}]}}`."""

    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    yield f'{{"name": {text(owner.name)}, "on": "{on}", "sections": {{'.encode()
    for n, (label, heads, lines) in enumerate(queries.everything(owner)):
        yield f"{',' if n else ''}\n{text(label)}: [".encode()
        for m, line in enumerate(lines):
            yield f"{',' if m else ''}\n{text(dict(zip(heads, line, strict=True)))}".encode()
        yield b"]"
    yield b"\n}}\n"
