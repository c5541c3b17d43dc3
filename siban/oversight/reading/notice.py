"""A whole notice: its head, its problems paired with their requirements, and everything that has to be asked about."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from . import days as reading_days
from .days import Day
from .structure import DEMAND, NUMBER, TITLE, Found, Section, found_at, joined, paired, sections, told_and_asked
from .targets import TargetRead, targets
from .text import DAY_LINE, Source, level_of, sentences, source
from .units import LISTS, ORGAN, SEPARATOR, STOP, SUBJECT, Directory, Name, names

CADENCES = (("日调度", "daily_dispatch"), ("每日调度", "daily_dispatch"), ("每周调度", "weekly_dispatch"), ("每周一调度", "weekly_dispatch"), ("周通报", "weekly_bulletin"), ("每周通报", "weekly_bulletin"), ("月通报", "monthly_bulletin"), ("每月通报", "monthly_bulletin"), ("每月一通报", "monthly_bulletin"), ("点评会", "monthly_review"), ("季度总结", "quarterly_report"), ("回头看", "look_back"))  # fmt: skip
UNDATED = "没有读到期限，请填写。"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person has to decide: a name nobody knows, a number of units that does not come out, a figure without name."""

    kind: str
    words: str
    why: str
    problem: int
    start: int
    end: int
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class ProblemRead:
    """One problem as proposed."""

    title: Found
    finding: Found
    requirement: Found
    dues: list[Day] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    targets: list[TargetRead] = field(default_factory=list)
    counts: list[tuple[int, int, int]] = field(default_factory=list)
    note: str = ""

    @property
    def due(self) -> Day | None:
        """The day that is proposed: the first limit that is a day."""
        return next((d for d in self.dues if d.is_limit and d.on is not None), None)


@dataclass(slots=True)
class NoticeRead:
    """All that was read."""

    title: Found
    number: Found
    dated: Found
    date: date | None
    cadence: list[tuple[str, Found]]
    problems: list[ProblemRead]
    asks: list[Ask]


def read(
    text: str, *, book: Directory, figures: Mapping[str, str], workdays: Callable[[date, int], date] | None = None
) -> NoticeRead:
    """Read a notice.

    Args:
        book: the organisations of the territory.
        figures: what figures are called → slug.
        workdays: counts working days on from a day.
    """
    src = source(text)
    title, number, (dated, noticed) = _title(src), _number(src), _dated(src)
    after = src.flat.find("\n", _flat_end(src, title))
    parts = sections(src, max(after, 0))
    pairs = paired(src, parts, max(after, 0))
    problems = [_problem(src, found, wanted, noticed, book, figures, workdays) for found, wanted in pairs]
    _common_days(src, pairs, problems, noticed, workdays)
    made = NoticeRead(title, number, dated, noticed, list(_cadence(src)), problems, [])
    made.asks = list(_asks(src, made))
    return made


def _flat_end(src: Source, found: Found) -> int:
    """Where something found ends in the flat text."""
    return (
        next((n + 1 for n in range(len(src.places) - 1, -1, -1) if src.places[n] == found.end - 1), 0)
        if found.end
        else 0
    )


def _title(src: Source) -> Found:
    """The first 关于…的通知 near the top; else the first short paragraph."""
    head = src.flat[:600].replace("\n", "\x00")
    if (m := TITLE.search(re.sub("\x00", "\n", head).replace("\n", "\x01"))) is not None:
        return replace(found_at(src, m.start(), m.end()), value=re.sub("[\x01\n]", "", src.flat[m.start() : m.end()]))
    for start, line in src.paragraphs()[:6]:
        if level_of(line) is None and 6 <= len(line) <= 80 and not NUMBER.fullmatch(line) and line[-1] not in "：。":
            return found_at(src, start, start + len(line))
    return Found("")


def _number(src: Source) -> Found:
    m = NUMBER.search(src.flat[:800]) or NUMBER.search(src.flat)
    if m is None:
        return Found("")
    said = re.sub(r"[\[【（](20\d{2})[\]】）]", r"〔\1〕", m.group().replace("第", ""))
    return replace(found_at(src, m.start(), m.end()), value=said)


def _dated(src: Source) -> tuple[Found, date | None]:
    """The day under the notice: the last paragraph that is nothing but a day, else a day near the top."""
    lines = src.paragraphs()
    alone = [(s, line) for s, line in lines if DAY_LINE.fullmatch(line)]
    ended = [
        (s + m.start(), m.group()) for s, line in lines[-8:]
        if (m := re.search(r"(?:\d{4}|[二〇零○一三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$", line)) and len(line) < 60
    ]  # fmt: skip
    for start, line in [*reversed(alone), *reversed(ended)]:
        day = next(reading_days.days(line, noticed=None), None)
        if day is not None and day.on is not None:
            return found_at(src, start, start + len(line)), day.on
    return Found(""), None


def _problem(
    src: Source, found: Section | None, wanted: Section | None, noticed: date | None, book: Directory,
    figures: Mapping[str, str], workdays: Callable[[date, int], date] | None,
) -> ProblemRead:  # fmt: skip
    head = found or wanted
    assert head is not None
    start = head.start + len(head.mark)
    title = found_at(src, start, start + len(head.title)) if head.title else _first_words(src, head)
    note = "" if found else "通知里没有写这个问题，按整改要求列出，请核对。"
    told, asked = told_and_asked(src, found, wanted)
    made = ProblemRead(title, joined(src, told), joined(src, asked), note=note)
    parts = [part for part in (found, wanted) if part is not None]
    listed = any(LISTS.search(src.flat[p.start : p.end]) for p in parts)
    for part in parts:
        said = src.flat[part.start : part.end]
        if listed and not LISTS.search(said):
            found_names, counts = [], []  # the other part names its units in a list
        else:
            found_names, counts = _names_of(said, part.start, book)
        made.names += [
            n for n in found_names if not any(set(n.units) and set(n.units) == set(o.units) for o in made.names)
        ]
        made.counts += counts
        for at, sentence in sentences(said, part.start):
            demanding = part is wanted or wanted is None
            if demanding:
                made.targets += list(targets(sentence, at, figures))
            read_days = reading_days.days(sentence, noticed=noticed, workdays=workdays)
            made.dues += [
                replace(d, start=d.start + at, end=d.end + at)
                for d in read_days
                if (d.is_limit and demanding) or (d.is_limit and DEMAND.search(sentence))
            ]
    if made.names and not listed:
        made.note = "".join((made.note, "没有“涉及部门”这样的名单，单位是从正文里读出的，请核对。"))
    return made


def _first_words(src: Source, one: Section) -> Found:
    said = src.flat[one.body : one.end]
    stop = re.search(r"[，。；\n]", said)
    return found_at(src, one.body, one.body + min(stop.start() if stop else len(said), 40))


def _names_of(said: str, start: int, book: Directory) -> tuple[list[Name], list[tuple[int, int, int]]]:
    """Names of every list in a part; without any list, those that stand in its running text."""
    found: list[Name] = []
    counts: list[tuple[int, int, int]] = []
    heads = list(LISTS.finditer(said))
    for n, m in enumerate(heads):
        stop = STOP.search(said, m.end())
        end = min(stop.start() if stop else len(said), heads[n + 1].start() if n + 1 < len(heads) else len(said))
        listed, count = names(said[m.end() : end], start + m.end(), book)
        for name in listed:
            if not any(name.words == o.words or (name.units and set(name.units) <= set(o.units)) for o in found):
                found.append(name)
        wanted = int(m["count"]) if m["count"] else count
        if wanted is not None:
            have = len({u for name in listed for u in name.units}) + sum(not name.is_known for name in listed)
            if have != wanted:
                counts.append((wanted, have, start + m.start()))
    return (found, counts) if heads else (_running(said, start, book), [])


def _running(said: str, start: int, book: Directory) -> list[Name]:
    """Names in running text, and the unknown ones that stand in a row with known ones (住建局、热力公司)."""
    found = list(book.scan(said, start))
    if not found:
        return []
    for m in re.finditer(r"[^，。；：！？\n]+", said):
        pieces = [p for p in re.split(SEPARATOR, m.group()) if p]
        if len(pieces) < 2:
            continue
        at = m.start()
        for piece in pieces:
            at = said.index(piece, at)
            place = start + at
            if any(n.start < place + len(piece) and place < n.end for n in found):
                continue
            known_beside = any(m.start() + start <= n.start < m.end() + start for n in found)
            if not ORGAN.search(piece) and (head := SUBJECT.match(piece)) is not None:
                piece = head.group()
            if known_beside and 3 <= len(piece) <= 14 and ORGAN.search(piece):
                found.append(
                    Name(piece, place, place + len(piece), (), book.near(piece), "机构名录里没有这个名称，请确认。")
                )
    kept: list[Name] = []
    for name in sorted(found, key=lambda n: n.start):
        if not any(name.units and name.units == o.units for o in kept):
            kept.append(name)
    return kept


def _common_days(
    src: Source, pairs: list[tuple[Section | None, Section | None]], problems: list[ProblemRead],
    noticed: date | None, workdays: Callable[[date, int], date] | None,
) -> None:  # fmt: skip
    """A day that stands outside all problems (以上问题于5月19日前整改到位) is the day of those that have none."""
    inside = [(s.start, s.end) for pair in pairs for s in pair if s is not None]
    common: list[Day] = []
    for at, sentence in sentences(src.flat, 0):
        if any(a <= at < b for a, b in inside) and not re.search(
            r"以上(?:问题|事项|任务)|上述(?:问题|事项)", sentence
        ):
            continue
        found = reading_days.days(sentence, noticed=noticed, workdays=workdays)
        common += [replace(d, start=d.start + at, end=d.end + at) for d in found if d.is_limit and not d.monthly]
    for problem in problems:
        if problem.due is None and common:
            problem.dues += [
                replace(d, note="；".join(filter(None, (d.note, "写在问题以外，适用于全部问题")))) for d in common
            ]


def _cadence(src: Source) -> Iterator[tuple[str, Found]]:
    seen: set[str] = set()
    for words, key in CADENCES:
        at = src.flat.find(words)
        if at >= 0 and key not in seen:
            seen.add(key)
            yield key, found_at(src, at, at + len(words))
    if (m := re.search(r"每月\d{1,2}日前(?:[^。；]{0,10})报", src.flat)) is not None:
        yield "monthly_report", found_at(src, m.start(), m.end())


def _asks(src: Source, made: NoticeRead) -> Iterator[Ask]:
    """Everything a person must decide before the notice can be issued."""
    for n, problem in enumerate(made.problems):
        for name in problem.names:
            if not name.is_known:
                yield Ask(
                    "unit",
                    name.words,
                    name.why,
                    n,
                    *src.span(name.start, name.end),
                    tuple(str(u) for u in name.candidates),
                )
        for wanted, have, place in problem.counts:
            yield Ask(
                "count",
                f"{wanted} 个",
                f"通知写的是 {wanted} 个单位，读出 {have} 个，请核对名单。",
                n,
                *src.span(place, place + 4),
            )
        for target in problem.targets:
            if not target.slug and not target.paper:
                yield Ask(
                    "figure",
                    target.words,
                    "读出了目标值，不知道是哪一个指标，请指定或者删去。",
                    n,
                    *src.span(target.start, target.end),
                )
        if problem.due is None:
            odd = next((d for d in problem.dues if d.is_limit), None)
            start, end = src.span(odd.start, odd.end) if odd else (problem.title.start, problem.title.end)
            yield Ask(
                "due",
                odd.words if odd else problem.title.value,
                odd.note if odd and odd.note else UNDATED,
                n,
                start,
                end,
            )
