"""The reviewer's inbox: cases of an office by due day, one lean statement whatever the number of cases.

How it is read (EXPLAIN ANALYZE of a page in the middle of one million open cases):

    Limit (actual time=0.041..0.365 rows=51)
      ->  Index Scan using case_inbox on cases_case
            Index Cond: ((org_id = …) AND (ROW(due_on, id) > ROW(…, …)))
            Buffers: 55

The partial index holds only what is with the office, in the order of the page, so the database walks from the mark to
the fiftieth row and stops: no sort, no count, no OFFSET. Whoever sees a whole territory walks `case_due` the same way;
a township counter reads its two indexes and sorts the few rows it has. Cases without a limit come last; their stretch
of the index is walked by a second statement, only on the page where the dated ones end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from itertools import islice
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from siban.cases import rules
from siban.cases.flow import CASE_FLOW, WITH_OFFICE, CaseState
from siban.cases.models import Case
from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day

PAGE = 50
EXPORT_LIMIT = 20_000  # rows of one workbook; more wants a narrower filter
COLUMNS = (
    "id", "number", "title", "state", "applicant_name", "enterprise_id", "due_on", "due_provisional", "submitted_at",
    "channel", "case_type", "handler_id",
)  # fmt: skip
SORTS = {"due": "期限由近到远", "newest": "最新收到在前", "oldest": "最早收到在前"}
WHOSE = {"": "不限", "mine": "由我承办", "none": "未分办"}
LAMPS = {"red": "已超期", "amber": "临近期限", "green": "正常", "grey": "没有期限"}
OFFICE = tuple(str(s) for s in WITH_OFFICE)
STATES = {"": "全部在办", **{str(s): str(s.label) for s in CaseState if s != CaseState.DRAFT}}
OWNERS = {str(s): CASE_FLOW.owner(s) for s in CaseState}
LABELS = {str(s): str(s.label) for s in CaseState}
CHANNELS = {"web": "网上", "window": "窗口", "mobile": "手机", "kiosk": "自助机", "api": "系统对接"}
NOBODY: Mapping[Any, str] = MappingProxyType({})
CHINA = ZoneInfo("Asia/Shanghai")


class RowAfter(Func):
    """`(a, b) > (x, y)`: the database compares whole rows and enters the index at that very place."""

    output_field = BooleanField()
    sign = ">"

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, given = compiler.compile(expression)
            parts.append(sql)
            params.extend(given)
        return f"(({parts[0]}, {parts[1]}) {self.sign} ({parts[2]}, {parts[3]}))", params


class RowBefore(RowAfter):
    sign = "<"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an inbox is narrowed to, as its address says it; unknown words are left out, wrong days are named."""

    state: str = ""
    lamp: str = ""
    whose: str = ""
    item: str = ""
    number: str = ""
    name: str = ""
    counter: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "due"
    after: str = ""
    before: str = ""
    faults: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: Any) -> "Filter":
        """From GET parameters."""
        faults: list[tuple[str, str]] = []
        days: dict[str, date | None] = {}
        for key, label in (("since", "收件日期起"), ("until", "收件日期止")):
            text = given.get(key, "").strip()
            try:
                days[key] = date.fromisoformat(text) if text else None
            except ValueError:
                days[key] = None
                faults.append((f"{label}“{text[:20]}”不是日历上有的一天，请写成 2026-03-02 这样。", f"#id_{key}"))
        said = {
            k: given.get(k, "").strip().replace("\x00", "")[:100]
            for k in ("item", "number", "name", "counter", "after", "before")
        }
        return cls(
            state=given.get("state", "") if given.get("state", "") in STATES else "",
            lamp=given.get("lamp", "") if given.get("lamp", "") in LAMPS else "",
            whose=given.get("whose", "") if given.get("whose", "") in WHOSE else "",
            sort=given.get("sort", "") if given.get("sort", "") in SORTS else "due",
            faults=tuple(faults),
            **said,
            **days,  # type: ignore[arg-type]
        )

    @property
    def narrowed(self) -> bool:
        return any(
            (
                self.state,
                self.lamp,
                self.whose,
                self.item,
                self.number,
                self.name,
                self.counter,
                self.since,
                self.until,
            )
        )

    @property
    def narrowed_more(self) -> bool:
        """Whether a condition is set that stands under 更多条件."""
        return any((self.item, self.number, self.counter, self.since, self.until, self.sort != "due", self.faults))

    def query(self, **other: str) -> str:
        """The address of the same list with something changed; always starts at the first page unless a mark is given."""
        said = {
            k: str(getattr(self, k) or "")
            for k in ("state", "lamp", "whose", "item", "number", "name", "counter", "since", "until")
        }
        said["sort"] = "" if self.sort == "due" else self.sort
        said.update(other)
        return "?" + urlencode({k: v for k, v in said.items() if v})


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox: rows as tuples of `COLUMNS`, and the addresses of its neighbours."""

    rows: list[tuple[Any, ...]]
    previous: str
    next: str


def chosen(actor: Actor, wanted: Filter, *, today: date) -> "QuerySet[Case]":
    """What an actor may see of what the filter asks for; not yet in any order."""
    rows: QuerySet[Case] = Case.objects.visible_to(actor)
    rows = rows.filter(state=wanted.state) if wanted.state else rows.filter(state__in=OFFICE)
    if wanted.whose == "mine":
        rows = rows.filter(handler_id=actor.account_id)
    elif wanted.whose == "none":
        rows = rows.filter(handler_id=None)
    soon = today + timedelta(days=1)  # one day ahead, as rules.lamp
    match wanted.lamp:
        case "red":
            rows = rows.filter(due_on__lt=today)
        case "amber":
            rows = rows.filter(due_on__range=(today, soon))
        case "green":
            rows = rows.filter(due_on__gt=soon)
        case "grey":
            rows = rows.filter(due_on=None)
    if wanted.item:
        rows = rows.filter(title__icontains=wanted.item)
    if wanted.number:
        rows = rows.filter(number__startswith=wanted.number)
    if wanted.name:
        rows = rows.filter(applicant_name__icontains=wanted.name)
    if wanted.counter:
        orgs = Org.objects.filter(Q(name__icontains=wanted.counter) | Q(short_name__icontains=wanted.counter))
        rows = rows.filter(received_org_id__in=orgs.order_by().values("id"))
    if wanted.since:
        rows = rows.filter(submitted_at__gte=datetime.combine(wanted.since, datetime.min.time(), CHINA))
    if wanted.until:
        rows = rows.filter(
            submitted_at__lt=datetime.combine(wanted.until + timedelta(days=1), datetime.min.time(), CHINA)
        )
    return rows


def inbox(actor: Actor, wanted: Filter, *, today: date, size: int = PAGE) -> Inbox:
    """One page. Raises nothing: a mark that can't be read starts at the first page."""
    rows = chosen(actor, wanted, today=today)
    backwards = bool(wanted.before) and not wanted.after
    mark = _mark(wanted.before if backwards else wanted.after)
    if wanted.sort == "due":
        found = _by_due(rows, mark, backwards, size + 1)
    else:
        found = _by_arrival(rows, mark, backwards, size + 1, newest=wanted.sort == "newest")
    return paged(found, wanted, size=size)


def paged(found: list[tuple[Any, ...]], wanted: Filter, *, size: int = PAGE) -> Inbox:
    """A page out of one row more than a page, with the marks of its neighbours."""
    backwards = bool(wanted.before) and not wanted.after
    mark = _mark(wanted.before if backwards else wanted.after)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = more if not backwards else bool(found)
    has_previous = (mark is not None and bool(found)) if not backwards else more
    return Inbox(
        rows=found,
        previous=wanted.query(before=_sign(found[0])) if has_previous else "",
        next=wanted.query(after=_sign(found[-1])) if has_next else "",
    )


def _sign(row: tuple[Any, ...]) -> str:
    return f"{row[6] or ''}_{row[0]}"


def _mark(text: str) -> tuple[date | None, UUID] | None:
    day, _, key = text.partition("_")
    try:
        return (date.fromisoformat(day) if day else None), UUID(key)
    except ValueError:
        return None


def _by_due(
    rows: "QuerySet[Case]", mark: tuple[date | None, UUID] | None, backwards: bool, size: int
) -> list[tuple[Any, ...]]:
    """Dated ones first, then those without a limit, walked from the mark."""
    order = ("-due_on", "-id") if backwards else ("due_on", "id")
    if mark is None:
        return list(rows.order_by("due_on", "id").values_list(*COLUMNS)[:size])
    day, key = mark
    row = RowBefore if backwards else RowAfter
    dated = (
        rows.filter(row(F("due_on"), F("id"), Value(day), Value(key))) if day else rows.filter(due_on__isnull=False)
    )
    side = {"id__lt" if backwards else "id__gt": key} if day is None else {}
    undated = rows.filter(due_on=None, **side)
    if day is None and not backwards:
        return list(undated.order_by("id").values_list(*COLUMNS)[:size])
    if day is not None and backwards:
        return list(dated.order_by(*order).values_list(*COLUMNS)[:size])
    first, second = (undated, dated) if backwards else (dated, undated)
    found = list(first.order_by(*order).values_list(*COLUMNS)[:size])
    if len(found) < size:
        found += second.order_by(*order).values_list(*COLUMNS)[: size - len(found)]
    return found


def _by_arrival(
    rows: "QuerySet[Case]", mark: tuple[date | None, UUID] | None, backwards: bool, size: int, *, newest: bool
) -> list[tuple[Any, ...]]:
    """Identifiers are given in the order of time, so they are the order of arrival."""
    falling = newest != backwards
    if mark is not None:
        rows = rows.filter(**{"id__lt" if falling else "id__gt": mark[1]})
    return list(rows.order_by("-id" if falling else "id").values_list(*COLUMNS)[:size])


def limit_words(due_on: date | None, today: date, provisional: bool = False) -> str:
    """`还有 3 天` in natural days, as the desk says it."""
    if due_on is None:
        return "没有期限"
    left = (due_on - today).days
    words = f"超期 {-left} 天" if left < 0 else "今天到期" if left == 0 else f"还有 {left} 天"
    return words + ("（暂算）" if provisional else "")


def shown(rows: list[tuple[Any, ...]], *, today: date) -> list[dict[str, str]]:
    """The rows in words, worked out here so that the template only prints."""
    lamps: dict[date | None, tuple[str, str]] = {}
    made = []
    for key, number, title, state, name, _, due_on, provisional, submitted_at, channel, case_type, _handler in rows:
        if due_on not in lamps:
            tone = "grey" if state not in OFFICE else rules.lamp(due_on, today)
            lamps[due_on] = (tone, limit_words(due_on, today))
        tone, words = lamps[due_on]
        made.append(
            {
                "url": f"/desk/cases/{number}/" if number else f"/desk/counter/{key}/",
                "number": number or "",
                "title": title,
                "mark": "即办" if case_type == "instant" else "",
                "state": LABELS[state],
                "owner": OWNERS[state],
                "name": name,
                "tone": tone,
                "left": words + ("（暂算）" if provisional else ""),
                "due": due_on.isoformat() if due_on else "",
                "on": local_day(submitted_at).isoformat() if submitted_at else "",
                "channel": CHANNELS.get(channel, channel),
            }
        )
    return made


ROW = (
    '\n    <tr data-row>%b%b<td data-label="事项"><div><a href="%b">%b</a>%b<span class="sb-table__note sb-num">%b</span></div></td>'
    '<td data-label="申请人"><div>%b</div></td>%b%b<td data-label="收件" class="is-nowrap"><div>%b'
    '<span class="sb-table__note">%b</span></div></td></tr>'
).encode()
PICK = (
    '<td data-label="选" class="sb-pick-cell"><label class="sb-tick"><input type="checkbox" form="batch" name="case" value="%b">'
    '<span class="govuk-visually-hidden">选这一件 %b</span></label></td>'
).encode()
INSTANT = ' <span class="sb-tag">即办</span>'.encode()


def as_html(
    rows: list[tuple[Any, ...]], *, today: date, names: Mapping[Any, str] = NOBODY, picks: bool = False
) -> bytes:
    """The rows as table rows. Formatted bytes, not a template: fifty rows are drawn some thousand times a second.

    What repeats from row to row (limit, title, state, channel) is drawn once a page; what people wrote is escaped.

    Args:
        names: of those who handle the cases, by account.
        picks: whether each row can be ticked for an act on several.
    """
    limits: dict[Any, bytes] = {}
    titles: dict[str, bytes] = {}
    owners: dict[Any, bytes] = {}
    made = []
    for key, number, title, state, name, _, due_on, provisional, submitted_at, channel, case_type, handler in rows:
        asked = (due_on, provisional, state)
        if asked not in limits:
            limits[asked] = _limit_cell(due_on, provisional, state, today).encode()
        if title not in titles:
            titles[title] = _safe(title)
        if (state, handler) not in owners:
            owners[state, handler] = _owner_cell(state, names.get(handler, ""))
        sign = _safe(number) if number else b""
        address = b"/desk/cases/%b/" % sign if number else f"/desk/counter/{key}/".encode()
        on = submitted_at if submitted_at.__class__ is date else _on(submitted_at)
        mark = INSTANT if case_type == "instant" else b""
        made.append(
            ROW % (PICK % (sign, sign) if picks else b"", limits[asked], address, titles[title], mark, sign, _safe(name), STATE_CELLS[state], owners[state, handler], str(on).encode(),
                   CHANNEL_WORDS.get(channel, b""))
        )  # fmt: skip
    return b"".join(made)


def _on(submitted_at: datetime | None) -> str:
    """The day it came in; the lane's statement gives the day itself."""
    return local_day(submitted_at).isoformat() if submitted_at else ""


def _safe(text: str) -> bytes:
    """Escaped for a page; what is letters, characters and digits only has nothing to escape."""
    return (text if text.isalnum() else escape(text)).encode()


def _limit_cell(due_on: date | None, provisional: bool, state: str, today: date) -> str:
    tone = "grey" if state not in OFFICE else rules.lamp(due_on, today)
    return (
        f'<td data-label="期限" class="is-nowrap"><div><span class="sb-lamp sb-lamp--{tone}">'
        f"{limit_words(due_on, today, provisional)}</span>"
        f'<span class="sb-table__note">{due_on or ""}</span></div></td>'
    )


def _owner_cell(state: str, handler: str) -> bytes:
    note = f'<span class="sb-table__note">承办：{escape(handler)}</span>' if handler else ""
    return f'<td data-label="现在由谁办"><div>{OWNERS[state]}{note}</div></td>'.encode()


STATE_CELLS = {
    state: (f'<td data-label="状态" class="is-nowrap"><div>{LABELS[state]}</div></td>').encode() for state in LABELS
}
CHANNEL_WORDS = {channel: words.encode() for channel, words in CHANNELS.items()}


def every_row(actor: Actor, wanted: Filter, *, today: date) -> Iterator[tuple[Any, ...]]:
    """All rows of the filter, streamed, for the workbook; at most `EXPORT_LIMIT`."""
    order = {"due": ("due_on", "id"), "newest": ("-id",), "oldest": ("id",)}[wanted.sort]
    rows = chosen(actor, replace(wanted, after="", before=""), today=today).order_by(*order)
    return islice(rows.values_list(*COLUMNS)[:EXPORT_LIMIT].iterator(chunk_size=2000), EXPORT_LIMIT)


def rows_of(actor: Actor, numbers: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of these cases, as far as one may see them, nearest limit first."""
    rows = Case.objects.visible_to(actor).filter(number__in=list(numbers)[:EXPORT_LIMIT])
    return iter(rows.order_by("due_on", "id").values_list(*COLUMNS))
