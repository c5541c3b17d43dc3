"""Reading a notice into a draft, and what a person decides about what could not be read for certain."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.db import transaction

from siban.identity.api import Org, Region, add_alias
from siban.kernel import files, journal, measures
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.codes import region
from siban.kernel.flow import Refused

from .. import access_supervision as access
from .. import reading
from ..drafts import DirectiveDraft, ProblemDraft
from ..flow import W11, DirectiveState
from ..forms_directives import measure_named
from ..models import Directive
from ..reading.documents import Unreadable, text_of
from ..reading.text import source
from ..reading.units import Directory, directory
from ..rules_supervision import HOLD_DAYS, Target, amount, targets_of
from . import directing
from .tasking import said

WORDS = Path(__file__).parent.parent / "reference" / "indicator_words.yaml"
LONGEST = 200_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@cache
def _other_words() -> dict[str, str]:
    """What documents call figures, besides the figures' own titles."""
    known: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {word: slug for slug, words in known.items() for word in words}


def figure_words() -> dict[str, str]:
    """What figures are called → slug; where several have one title, one that can be computed goes first."""
    found: dict[str, str] = {}
    for m in sorted(measures.REGISTRY.values(), key=lambda m: (bool(m.variant_of), not m.is_computed, m.code)):
        found.setdefault(m.title, m.slug)
    return found | {word: slug for word, slug in _other_words().items() if slug in measures.REGISTRY}


def directory_of(region_code: str, *, issuer: UUID | None) -> Directory:
    """The organisations of a territory by all their names; who issues the notice is no part of 各部门."""
    rows = Org.objects.within(region.prefix(region_code)).filter(is_active=True).exclude(kind="village")
    here = Region.objects.get(pk=region_code)
    places = [here.name, here.name.replace("族自治旗", "旗").replace("自治旗", "旗"), here.name[-1:]]
    return directory(
        [
            (o.pk, "village" if o.pk == issuer else o.kind, (o.name, o.short_name, *(a.name for a in o.aliases.all())))
            for o in rows.prefetch_related("aliases").order_by("order", "code")
        ],
        places=places,
    )  # fmt: skip


@transaction.atomic
def read_notice(*, text: str = "", upload: Any = None, by: Actor, at: datetime) -> Directive:
    """Read a pasted text or a DOCX into a draft; a person confirms every problem before it is issued.

    Raises:
        Refused: nothing to read, too long, no DOCX; `FileRefused` for a file that can't be taken.
    """
    if not access.may_direct(by) or by.org_id is None:
        raise Refused(f"您当前的岗位不能起草督查通知。{access.may_direct.__doc__}")
    text, kept = text.replace("\x00", ""), None
    if upload is not None:
        upload.file.seek(0)
        if files.sniff(upload.file, upload.name).media_type != DOCX:
            raise Refused(f"文件“{upload.name}”不是 Word 文档（.docx）。请另存为 .docx，或者把原文粘贴进来。")
        kept = files.keep(upload.file, name=upload.name, at=at, owner_id=by.id)
        try:
            with files.open_file(kept) as stream:
                text = text_of(stream, kept.name).replace("\x00", "")
        except Unreadable as why:
            raise Refused(str(why)) from why
    if len(text.strip()) < 10:
        raise Refused("请粘贴通知原文，或者上传 Word 文档（.docx）。")
    if len(text) > LONGEST:
        raise Refused(f"原文有 {len(text)} 个字，最多 {LONGEST} 个字，请只保留通知正文。")
    found = reading.read(
        text, book=directory_of(by.region_code, issuer=by.org_id), figures=figure_words(),
        workdays=calendar_for(by.region_code).add_workdays,
    )  # fmt: skip
    row = directing.begin(by=by, at=at, source_text=text, source_file_id=kept.pk if kept else None)
    row.reading = kept_form(found, text)
    row.save()
    return directing.save(directive_id=row.pk, draft=proposed(found), by=by, at=at)


def proposed(found: reading.NoticeRead) -> DirectiveDraft:
    """The draft as the reading proposes it; nothing of it is confirmed yet."""
    problems = []
    for n, p in enumerate(found.problems):
        aims = [
            Target(t.slug, t.comparison, t.value) for t in p.targets
            if t.slug and t.value is not None and measures.REGISTRY[t.slug].is_computed
        ]  # fmt: skip
        aims += [Target(document=t.paper[:100]) for t in p.targets if t.paper]
        units = tuple(dict.fromkeys(u for name in p.names for u in name.units))
        problems.append(
            ProblemDraft(
                p.title.value[:200], p.finding.value, p.requirement.value, p.due.on if p.due else None,
                tuple(dict.fromkeys(aims)), units, n, False,
            )
        )  # fmt: skip
    return DirectiveDraft(
        found.number.value[:60], found.title.value[:200], found.date, tuple(key for key, _ in found.cadence), HOLD_DAYS,
        problems=tuple(problems),
    )  # fmt: skip


def kept_form(found: reading.NoticeRead, text: str) -> dict[str, Any]:
    """The reading as it is kept beside the draft: every piece with its place in the text."""
    src = source(text)

    def place(f: reading.Found) -> dict[str, Any]:
        return {"value": f.value, "start": f.start, "end": f.end}

    def span(words: str, start: int, end: int, **more: Any) -> dict[str, Any]:
        a, b = src.span(start, end)
        return {"value": words, "start": a, "end": b, **more}

    return {
        "title": place(found.title), "number": place(found.number), "dated": place(found.dated),
        "cadence": [place(f) for _, f in found.cadence],
        "problems": [
            {
                "title": place(p.title), "finding": place(p.finding), "requirement": place(p.requirement), "note": p.note,
                "dues": [span(d.words, d.start, d.end, note=d.note, on=d.on.isoformat() if d.on else "") for d in p.dues],
                "names": [span(x.words, x.start, x.end) for x in p.names],
                "targets": [span(t.words, t.start, t.end) for t in p.targets],
            }
            for p in found.problems
        ],
        "asks": [
            {
                "kind": a.kind, "value": a.words, "why": a.why, "problem": a.problem, "start": a.start, "end": a.end,
                "candidates": list(a.candidates), "answer": None,
            }
            for a in _all_asks(found, src)
        ],
    }  # fmt: skip


def _all_asks(found: reading.NoticeRead, src: Any) -> list[reading.Ask]:
    """What the reading asks, and figures that no data stand behind yet."""
    more = [
        reading.Ask("figure", t.words, f"“{measures.REGISTRY[t.slug].title}”的数据还没有接入，不能自动核对，请换成报送材料或者删去。", n, *src.span(t.start, t.end))
        for n, p in enumerate(found.problems) for t in p.targets
        if t.slug and not measures.REGISTRY[t.slug].is_computed
    ]  # fmt: skip
    return sorted([*found.asks, *more], key=lambda a: (a.start, a.end))


@transaction.atomic
def answer(*, directive_id: UUID, ask: int, choice: Mapping[str, str], by: Actor, at: datetime) -> Directive:
    """Decide on one thing that was asked: who is meant (perhaps under a new alias), which figure, checked, or dropped.

    Args:
        choice: `do` = org | figure | document | checked | drop, with `org`, `alias`, `figure`, `document`, `reason`.

    Raises:
        Refused: with the sentence; nothing is changed then.
    """
    row = Directive.objects.select_for_update(of=("self",)).get(pk=directive_id)
    if not access.directs(by, row):
        raise Refused(f"您当前的岗位不能修改这份通知。{access.directs.__doc__}")
    if row.state != DirectiveState.DRAFT:
        raise Refused(f"这份通知{row.get_state_display()}，不能再修改。")
    asks = row.reading.get("asks", [])
    if not 0 <= ask < len(asks):
        raise Refused("没有这一处。请刷新页面后再试。")
    one, do = asks[ask], choice.get("do", "")
    kept: dict[str, Any] = {"do": do, "by": by.name, "at": at.isoformat()}
    problem = row.problems.filter(read_from=one["problem"]).first()
    if do == "drop":
        kept["reason"] = said(choice.get("reason", ""), "不采用的理由")
    elif do == "org" and one["kind"] == "unit":
        org = _org(row, choice.get("org", ""))
        if problem is not None:
            problem.units.add(org)
        if choice.get("alias"):
            add_alias(org_id=org.pk, name=one["value"], region_code=row.region_id, by=by, at=at)
        kept |= {"org": str(org.pk), "name": org.short_name, "alias": bool(choice.get("alias"))}
    elif do == "figure" and one["kind"] == "figure":
        slug, value = choice.get("figure", ""), choice.get("value", "")
        _add_target(problem, _figure(slug, value))
        kept |= {"figure": slug, "value": value}
    elif do == "document" and one["kind"] == "figure":
        _add_target(problem, Target(document=said(choice.get("document", ""), "要报送的材料")[:100]))
        kept["document"] = choice.get("document", "")
    elif do != "checked" or one["kind"] not in ("count", "due"):
        raise Refused("请选择怎样处理这一处。")
    elif one["kind"] == "due" and problem is not None and problem.due_on is None:
        raise Refused("这个问题还没有期限。请先在“填写”页面填上期限，再确认。")
    asks[ask] = {**one, "answer": kept}
    row.changed_at = at
    row.save(update_fields=["reading", "changed_at"])
    journal.write(
        subject=row, move="answer", source=row.state, target=row.state, law=W11, by=by, at=at,
        note=f"“{one['value']}”：{_words(kept)}", facts=kept,
    )  # fmt: skip
    return row


def _org(row: Directive, said: str) -> Org:
    try:
        return Org.objects.within(region.prefix(row.region_id)).get(pk=UUID(said), is_active=True)
    except (ValueError, Org.DoesNotExist):
        raise Refused("请选择是哪一个单位。") from None


def _figure(slug: str, value: str) -> Target:
    found = measure_named(slug)
    if found is None or not measures.REGISTRY[found].is_computed:
        raise Refused("请从列表里选择一个已经可以统计的指标。")
    try:
        return Target(found, ">=", amount(value, ratio=measures.REGISTRY[found].is_share))
    except ValueError as why:
        raise Refused(str(why)) from None


def _add_target(problem: Any, target: Target) -> None:
    if problem is not None and target not in targets_of(problem.targets):
        problem.targets = [*problem.targets, target.as_json()]
        problem.save(update_fields=["targets"])


def _words(kept: Mapping[str, Any]) -> str:
    match kept["do"]:
        case "org":
            return f"就是{kept['name']}" + ("，记为别名" if kept["alias"] else "")
        case "drop":
            return f"不采用（{kept['reason']}）"
        case "figure":
            return f"指标 {kept['figure']}，目标 {kept['value']}"
        case "document":
            return f"报送材料“{kept['document']}”"
    return "已核对"
