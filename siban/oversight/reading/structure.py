"""How a notice is built: its numbered parts, which of them are problems, which requirements belong to which."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .days import number
from .text import DAY_LINE, Source, level_of, sentences, unmarked
from .units import LISTS

NUMBER = re.compile(r"[一-龥]{1,14}[〔\[【（](?:20\d{2})[〕\]】）]\s*第?\d{1,4}号")
TITLE = re.compile(r"关于[^。；]{4,80}?(?:的)?(?:紧急|督办|督查|整改)*(?:通知|通报|函|意见|方案|督办单|通知书)")
PROBLEMS = re.compile(r"问题|不足|短板|存在的?|突出情况|通报如下")
REQUIREMENTS = re.compile(r"要求|整改|任务|措施|工作安排|下一步")
BESIDE = re.compile(r"组织领导|工作保障|有关事项|附则|督查考核|责任追究")
DEMAND = re.compile(
    r"要|须|应|请|务必|必须|不得|确保|力争|加快|尽快|立即|限|严格|落实|报送|完成|达到|前报|[日底号]前|于.{1,12}前"
)
LABELLED = re.compile(r"(?:整改要求|整改措施|工作要求|整改任务|要求)：")
DUE_LABEL = re.compile(r"(?:整改期限|整改时限|完成时限|办结时限|报送时限|时限|期限|截止时间)：")
FOUND_LABEL = re.compile(r"(?:存在的?问题|问题描述|主要问题)：")
CLOSING = re.compile(
    r"以上(?:问题|事项|任务)|上述(?:问题|事项)|特此通知|附件[：\d]|联系(?:人|电话|方式)|抄送|（此件|.{0,12}督查室将|各(?:地区|部门|单位|苏木乡镇).{0,30}(?:高度重视|认真贯彻)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was read, and where it stands in the text as it was given."""

    value: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Section:
    """A numbered part with all that stands in it."""

    level: int
    mark: str
    title: str
    start: int
    end: int
    body: int
    parts: list["Section"] = field(default_factory=list)


def found_at(src: Source, start: int, end: int) -> Found:
    return Found(src.flat[start:end], *src.span(start, end))


def sections(src: Source, after: int) -> list[Section]:
    """Numbered parts as a tree, in their order."""
    flat: list[Section] = []
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
        whole = head
        if (label := LISTS.search(bare)) is not None and 0 < label.start() < len(head) + 1:
            head = bare[: label.start()].rstrip("，、（：。")
        end = len(head) if head != whole else len(whole) + (1 if stop and stop.start() == len(whole) else 0)
        body = start + shift + end
        flat.append(Section(level, line[:shift], head, start, len(src.flat), body))
    for n, one in enumerate(flat):
        one.end = next((other.start for other in flat[n + 1 :] if other.level <= one.level), len(src.flat))
        one.end = min(one.end, _closing(src, one))
    roots: list[Section] = []
    way: list[Section] = []
    for one in flat:
        while way and way[-1].level >= one.level:
            way.pop()
        (way[-1].parts if way else roots).append(one)
        way.append(one)
    return roots


def _closing(src: Source, one: Section) -> int:
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


def paired(src: Source, roots: list[Section], after: int = 0) -> list[tuple[Section | None, Section | None]]:
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
        return _unpaired(src, roots, chapters, after)
    if has is None and wants is not None:
        return [(part, None) for part in wants.parts if not BESIDE.search(part.title)]
    found = list(has.parts) if has else []
    wanted = list(wants.parts) if wants else []
    pairs: list[tuple[Section | None, Section | None]] = []
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


def _is_problems(chapter: Section) -> bool:
    return bool(PROBLEMS.search(chapter.title)) and not re.search(r"整改(?:要求|措施|任务)|工作要求", chapter.title)


def _elsewhere(wanted: Section, found: list[Section], but: Section) -> bool:
    """Whether a requirement belongs to another problem by its title."""
    return any(f is not but and SequenceMatcher(None, f.title, wanted.title).ratio() >= 0.5 for f in found)


ORDER = "一二三四五六七八九十"


def _rank(mark: str) -> int:
    said = _ordinal(mark)
    return number(said) if said else 0


def _unpaired(
    src: Source, roots: list[Section], chapters: list[Section], after: int
) -> list[tuple[Section | None, Section | None]]:
    """Problems that stand by themselves: numbered parts that say whom they concern or what is asked."""

    def tells(one: Section) -> bool:
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
        if s >= after and not DAY_LINE.fullmatch(line) and not TITLE.search(line) and not NUMBER.fullmatch(line)
    ]
    plain_text = [
        (s, line) for s, line in lines if line[-1] != "："
    ]  # whom it is addressed to is no part of the problem
    if not plain_text:
        return []
    end = plain_text[-1][0] + len(plain_text[-1][1])
    return [(Section(0, "", "", lines[0][0], max(end, lines[-1][0]), plain_text[0][0]), None)]


Span = tuple[int, int]


def told_and_asked(src: Source, found: Section | None, wanted: Section | None) -> tuple[list[Span], list[Span]]:
    """The sentences that say how it is, and those that say what is to be done."""
    told: list[Span] = []
    asked: list[Span] = []
    if found is not None:
        mode = ""
        for at, sentence in sentences(src.flat[found.body : found.end], found.body):
            end = at + len(sentence.rstrip("\n"))
            plain = unmarked(sentence).lstrip("，、；。（）")
            if not plain.strip("\n"):
                continue
            if LABELLED.match(plain):
                mode = "asked"
            elif FOUND_LABEL.match(plain):
                mode = "told"
            elif LISTS.match(plain) or DUE_LABEL.match(plain):
                mode = "list" if sentence.endswith("；") else ""  # a list may go on after a semicolon
                continue
            elif mode == "list":
                mode = "list" if sentence.endswith("；") else ""
                if "，" not in plain and not re.search(r"前|务必|完成", plain):
                    continue
            if mode == "asked" or (mode != "told" and wanted is None and DEMAND.search(plain) and not _tells(plain)):
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


def joined(src: Source, spans: list[Span]) -> Found:
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
