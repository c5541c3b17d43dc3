"""A whole notice: its head, its problems paired with their requirements, and everything that has to be asked about."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher

from . import days as reading_days
from .days import Day
from .targets import TargetRead, targets
from .text import DAY_LINE, Source, level_of, sentences, source, unmarked
from .units import LISTS, ORGAN, SEPARATOR, STOP, Directory, Name, names

NUMBER = re.compile(r"[一-龥]{1,14}[〔\[【（](?:20\d{2})[〕\]】）]\s*第?\d{1,4}号")
TITLE = re.compile(r"关于[^。；]{4,80}?(?:的)?(?:紧急|督办|督查|整改)*(?:通知|通报|函|意见|方案|督办单|通知书)")
PROBLEMS = re.compile(r"问题|不足|短板|存在的?|突出情况|通报如下")
REQUIREMENTS = re.compile(r"要求|整改|任务|措施|工作安排|下一步")
BESIDE = re.compile(r"组织领导|工作保障|有关事项|附则|督查考核|责任追究")
DEMAND = re.compile(
    r"要|须|应|请|务必|必须|不得|确保|力争|加快|尽快|立即|限|严格|落实|报送|完成|达到|前报|于.{1,12}前"
)
LABELLED = re.compile(r"(?:整改要求|整改措施|工作要求|整改任务|要求)：")
DUE_LABEL = re.compile(r"(?:整改期限|整改时限|完成时限|办结时限|报送时限|时限|期限|截止时间)：")
FOUND_LABEL = re.compile(r"(?:存在的?问题|问题描述|主要问题)：")
CADENCES = (("日调度", "daily_dispatch"), ("每日调度", "daily_dispatch"), ("每周调度", "weekly_dispatch"), ("每周一调度", "weekly_dispatch"), ("周通报", "weekly_bulletin"), ("每周通报", "weekly_bulletin"), ("月通报", "monthly_bulletin"), ("每月通报", "monthly_bulletin"), ("每月一通报", "monthly_bulletin"), ("点评会", "monthly_review"), ("季度总结", "quarterly_report"), ("回头看", "look_back"))  # fmt: skip
CLOSING = re.compile(
    r"以上(?:问题|事项|任务)|上述(?:问题|事项)|特此通知|附件[：\d]|联系(?:人|电话|方式)|抄送|（此件|.{0,12}督查室将|各(?:地区|部门|单位|苏木乡镇).{0,30}(?:高度重视|认真贯彻)"
)
UNDATED = "没有读到期限，请填写。"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was read, and where it stands in the text as it was given."""

    value: str
    start: int = 0
    end: int = 0


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


@dataclass(slots=True)
class _Section:
    """A numbered part with all that stands in it."""

    level: int
    mark: str
    title: str
    start: int
    end: int
    body: int
    parts: list["_Section"] = field(default_factory=list)


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
    sections = _sections(src, max(after, 0))
    pairs = _paired(src, sections)
    problems = [_problem(src, found, wanted, noticed, book, figures, workdays) for found, wanted in pairs]
    _common_days(src, sections, pairs, problems, noticed, workdays)
    made = NoticeRead(title, number, dated, noticed, list(_cadence(src)), problems, [])
    made.asks = list(_asks(src, made))
    return made


def _found(src: Source, start: int, end: int) -> Found:
    return Found(src.flat[start:end], *src.span(start, end))


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
        return replace(_found(src, m.start(), m.end()), value=re.sub("[\x01\n]", "", src.flat[m.start() : m.end()]))
    for start, line in src.paragraphs()[:6]:
        if level_of(line) is None and 6 <= len(line) <= 80 and not NUMBER.fullmatch(line) and line[-1] not in "：。":
            return _found(src, start, start + len(line))
    return Found("")


def _number(src: Source) -> Found:
    m = NUMBER.search(src.flat[:800]) or NUMBER.search(src.flat)
    if m is None:
        return Found("")
    said = re.sub(r"[\[【（](20\d{2})[\]】）]", r"〔\1〕", m.group().replace("第", ""))
    return replace(_found(src, m.start(), m.end()), value=said)


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
            return _found(src, start, start + len(line)), day.on
    return Found(""), None


def _sections(src: Source, after: int) -> list[_Section]:
    """Numbered parts as a tree, in their order."""
    flat: list[_Section] = []
    for start, line in src.paragraphs():
        level = level_of(line)
        if level is None or start < after:
            continue
        bare = unmarked(line)
        shift = len(line) - len(bare)
        stop = re.search(r"[。：\n]", bare)
        head = (
            bare[: stop.start()]
            if stop and stop.start() <= 60
            else bare
            if len(bare) <= 60
            else bare[: (re.search(r"[，；]", bare) or re.search("$", bare)).start()]
        )  # type: ignore[union-attr]
        body = (
            start
            + shift
            + (len(head) + (1 if stop and stop.start() == len(head) else 0) if stop or len(bare) <= 60 else 0)
        )
        flat.append(_Section(level, line[:shift], head, start, len(src.flat), body))
    for n, one in enumerate(flat):
        one.end = next((other.start for other in flat[n + 1 :] if other.level <= one.level), len(src.flat))
        one.end = min(one.end, _closing(src, one))
    roots: list[_Section] = []
    way: list[_Section] = []
    for one in flat:
        while way and way[-1].level >= one.level:
            way.pop()
        (way[-1].parts if way else roots).append(one)
        way.append(one)
    return roots


def _closing(src: Source, one: _Section) -> int:
    """Where the words to all begin again (以上问题…, 联系人…, the signature and the day)."""
    lines = [(s, line) for s, line in src.paragraphs() if one.start < s < one.end]
    for n, (start, line) in enumerate(lines):
        signed = (
            n + 1 < len(lines) and DAY_LINE.fullmatch(lines[n + 1][1]) and len(line) < 40 and line[-1] not in "。；"
        )
        if level_of(line) is None and (CLOSING.match(line) or DAY_LINE.fullmatch(line) or signed):
            return start
    return one.end


def _ordinal(mark: str) -> str:
    return mark.strip("（）、.")


def _paired(src: Source, roots: list[_Section]) -> list[tuple[_Section | None, _Section | None]]:
    """(problem, its requirement): two chapters paired by title or number, or problems that carry their own."""
    chapters = [r for r in roots if r.parts]
    both = next((c for c in chapters if PROBLEMS.search(c.title) and not _is_problems(c)), None)
    has = next((c for c in chapters if _is_problems(c)), None)
    wants = next(
        (c for c in chapters if c is not has and REQUIREMENTS.search(c.title) and not BESIDE.search(c.title)), None
    )
    if has is None and both is not None:  # 问题及整改要求 in one chapter
        return [(part, None) for part in both.parts]
    if has is None and (wants is None or len(chapters) > 1 or LISTS.search(src.flat[: wants.start])):
        return _unpaired(src, roots, chapters)
    if has is None and wants is not None:
        return [(part, None) for part in wants.parts if not BESIDE.search(part.title)]
    found = list(has.parts) if has else []
    wanted = list(wants.parts) if wants else []
    pairs: list[tuple[_Section | None, _Section | None]] = []
    left = list(wanted)
    for one in found:
        scored = [(SequenceMatcher(None, one.title, w.title).ratio(), w) for w in left]
        best = max(scored, key=lambda s: s[0], default=None)
        same = next((w for w in left if _ordinal(w.mark) == _ordinal(one.mark)), None)
        partner = best[1] if best and best[0] >= 0.5 else None
        if (
            partner is None
            and same is not None
            and (len(found) == len(wanted) or (best and best[0] < 0.5 and not _elsewhere(same, found, one)))
        ):
            partner = same
        if partner is not None:
            left.remove(partner)
        pairs.append((one, partner))
    for one in left:  # a requirement of which the notice tells no problem stands where its number puts it
        if BESIDE.search(one.title):
            continue
        place = next(
            (n for n, (f, _) in enumerate(pairs) if f is not None and _rank(f.mark) > _rank(one.mark)), len(pairs)
        )
        pairs.insert(place, (None, one))
    return pairs


def _is_problems(chapter: _Section) -> bool:
    return bool(PROBLEMS.search(chapter.title)) and not re.search(r"整改(?:要求|措施|任务)|工作要求", chapter.title)


def _elsewhere(wanted: _Section, found: list[_Section], but: _Section) -> bool:
    """Whether a requirement belongs to another problem by its title."""
    return any(f is not but and SequenceMatcher(None, f.title, wanted.title).ratio() >= 0.5 for f in found)


ORDER = "一二三四五六七八九十"


def _rank(mark: str) -> int:
    said = _ordinal(mark)
    return reading_days.number(said) if said else 0


def _unpaired(
    src: Source, roots: list[_Section], chapters: list[_Section]
) -> list[tuple[_Section | None, _Section | None]]:
    """Problems that stand by themselves: numbered parts that say whom they concern or what is asked."""

    def tells(one: _Section) -> bool:
        said = src.flat[one.start : one.end]
        return bool(LISTS.search(said) or LABELLED.search(said) or DUE_LABEL.search(said) or re.search(r"前", said))

    deep = [p for c in chapters for p in c.parts if p.level <= 2 and LISTS.search(src.flat[p.start : p.end])]
    if len(deep) >= 2 and not all(LISTS.match(unmarked(src.flat[p.start : p.end])) for p in deep):
        return [(p, None) for p in deep]
    plain = [r for r in roots if tells(r) and not BESIDE.search(r.title)]
    if plain:
        return [(r, None) for r in plain]
    if roots:
        return [(r, None) for r in roots if not BESIDE.search(r.title)]
    lines = [
        (s, line)
        for s, line in src.paragraphs()
        if not DAY_LINE.fullmatch(line) and not TITLE.search(line) and not NUMBER.fullmatch(line) and line[-1] != "："
    ]
    if not lines:
        return []
    start, end = lines[0][0], lines[-1][0] + len(lines[-1][1])
    return [(_Section(0, "", "", start, end, start), None)]


def _problem(
    src: Source, found: _Section | None, wanted: _Section | None, noticed: date | None, book: Directory,
    figures: Mapping[str, str], workdays: Callable[[date, int], date] | None,
) -> ProblemRead:  # fmt: skip
    head = found or wanted
    assert head is not None
    start = head.start + len(head.mark)
    title = _found(src, start, start + len(head.title)) if head.title else _first_words(src, head)
    note = "" if found else "通知里没有写这个问题，按整改要求列出，请核对。"
    told, asked = _told_and_asked(src, found, wanted)
    made = ProblemRead(title, _joined(src, told), _joined(src, asked), note=note)
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


def _first_words(src: Source, one: _Section) -> Found:
    said = src.flat[one.start : one.end]
    stop = re.search(r"[，。；\n]", said)
    return _found(src, one.start, one.start + min(stop.start() if stop else len(said), 40))


Span = tuple[int, int]


def _told_and_asked(src: Source, found: _Section | None, wanted: _Section | None) -> tuple[list[Span], list[Span]]:
    """The sentences that say how it is, and those that say what is to be done."""
    told: list[Span] = []
    asked: list[Span] = []
    if found is not None:
        mode = ""
        for at, sentence in sentences(src.flat[found.body : found.end], found.body):
            end = at + len(sentence.rstrip("\n"))
            plain = unmarked(sentence)
            if LABELLED.match(plain):
                mode = "asked"
            elif FOUND_LABEL.match(plain):
                mode = "told"
            elif LISTS.match(plain) or DUE_LABEL.match(plain):
                mode = "list"
                continue
            elif mode == "list" and level_of(sentence) is None and not re.search(r"[，]", sentence):
                continue
            elif mode == "list":
                mode = ""
            if mode == "asked" or (mode == "" and wanted is None and DEMAND.search(plain) and not _tells(plain)):
                asked.append((at, end))
            else:
                told.append((at, end))
    if wanted is not None:
        asked += [
            (at, at + len(s.rstrip("\n"))) for at, s in sentences(src.flat[wanted.body : wanted.end], wanted.body)
            if not LISTS.match(unmarked(s))
        ]  # fmt: skip
        if not asked:
            asked.append((wanted.start + len(wanted.mark), wanted.start + len(wanted.mark) + len(wanted.title)))
    return told, asked


def _tells(sentence: str) -> bool:
    """It says what was not done, and so is no demand."""
    return bool(re.search(r"未(?!来)|没有|不到位|滞后|不足|缺|仍有|仅|不高|不力|迟滞", sentence)) and not re.search(
        r"(?:务必|必须|确保|请|限|前)(?!期)", sentence
    )


def _joined(src: Source, spans: list[Span]) -> Found:
    """Several stretches as one text; the place is from the first to the last."""
    if not spans:
        return Found("")
    said, before = "", None
    for start, end in spans:
        piece = src.flat[start:end].strip("\n")
        new = before is not None and src.paragraph_at(start) != src.paragraph_at(before)
        said += ("\n" if new and said else "") + piece
        before = start
    start, end = src.span(spans[0][0], spans[-1][1])
    return Found(LABELLED.sub("", FOUND_LABEL.sub("", said, count=1), count=1).strip(), start, end)


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
    src: Source, roots: list[_Section], pairs: list[tuple[_Section | None, _Section | None]], problems: list[ProblemRead],
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
            yield key, _found(src, at, at + len(words))
    if (m := re.search(r"每月\d{1,2}日前(?:[^。；]{0,10})报", src.flat)) is not None:
        yield "monthly_report", _found(src, m.start(), m.end())


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
