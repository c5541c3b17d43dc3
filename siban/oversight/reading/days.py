"""Days as notices write them: 5月19日前, 2023年5月12日下班前, 二〇二三年五月十日, 5月8日至19日, 5个工作日内, 月底前, 每月20日前."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
NUM = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
YEAR = r"(?:(?P<year>\d{4}|[二零〇○一三四五六七八九]{4})年|(?P<which>今年|本年|当年|明年))?"
AFTER = r"(?:（[^）]{1,8}）)?(?:下班|上班|中午|上午|下午|晚上?|零时|\d{1,2}(?:：\d{2}|[时点](?:\d{1,2}分)?|时整)?)*"
END = rf"{AFTER}(?P<end>之前|以前|前|止|内)"
DAY = re.compile(
    rf"{YEAR}(?P<month>{NUM})月(?P<day>{NUM})[日号](?:起)?(?:(?:至|到|—+|-+|－|~|～)(?:(?P<month2>{NUM})月)?(?P<day2>{NUM})[日号])?(?P<tail>{END})?"
)  # fmt: skip
MONTHLY = re.compile(rf"每月(?P<day>{NUM})[日号](?:之前|以前|前)?")
SHORT = re.compile(rf"(?<![\d月{''.join(DIGIT)}])(?P<day>{NUM})[日号]{END}")
WITHIN = re.compile(rf"(?P<count>{NUM}|\d{{1,3}})个?(?P<kind>工作日|自然日|日|天)(?:之内|以内|内)")
MONTH_END = re.compile(rf"{YEAR}(?:(?P<month>{NUM})|(?P<this>本|当|次|下))?(?<!每)月底(?:之前|以前|前)")
NUMERIC = re.compile(
    rf"(?<!\d)(?P<year>20\d{{2}})[-./](?P<month>\d{{1,2}})[-./](?P<day>\d{{1,2}})(?!\d)(?P<tail>{END})?"
)
HALF = re.compile(r"(?:于|在|限|务必于|须于|应于|截止(?:时间)?(?:为|：)?|截至|期限(?:为|：)?|时限(?:为|：)?)$")
AT_ONCE = re.compile(r"即日起|立即整改|立行立改")


@dataclass(frozen=True, slots=True)
class Day:
    """One day that was read. `is_limit`: something has to be done by it. `note` says what was taken for granted."""

    on: date | None
    start: int
    end: int
    words: str
    is_limit: bool
    note: str = ""
    monthly: int = 0


def number(said: str) -> int:
    """12, 十二, 二十, 三 → the number."""
    if said.isdecimal() and said.isascii():
        return int(said)
    if "十" in said:
        tens, _, ones = said.partition("十")
        return (DIGIT[tens] if tens else 1) * 10 + (DIGIT[ones] if ones else 0)
    return DIGIT[said]


def _year(said: str) -> int:
    return int(said) if said.isdecimal() and said.isascii() else int("".join(str(DIGIT[c]) for c in said))


def days(text: str, *, noticed: date | None, workdays: Callable[[date, int], date] | None = None) -> Iterator[Day]:
    """Every day named in a text, in its order.

    Args:
        noticed: the date of the notice; a missing year is taken from it.
        workdays: counts working days on from a day; calendar days of the week without it.
    """
    taken: list[tuple[int, int]] = []
    found: list[Day] = []

    def keep(day: Day) -> None:
        if not any(s < day.end and day.start < e for s, e in taken):
            taken.append((day.start, day.end))
            found.append(day)

    for m in MONTHLY.finditer(text):
        keep(Day(None, m.start(), m.end(), m.group(), True, "每月报送", number(m["day"])))
    for m in DAY.finditer(text):
        keep(_full(m, text, noticed))
    for m in NUMERIC.finditer(text):
        limit = bool(m["tail"]) or bool(HALF.search(text[: m.start()]))
        keep(_made(int(m["year"]), int(m["month"]), int(m["day"]), m, limit, ""))
    for m in MONTH_END.finditer(text):
        keep(_month_end(m, noticed))
    for m in WITHIN.finditer(text):
        if noticed is None:
            keep(Day(None, m.start(), m.end(), m.group(), True, "没有通知日期，算不出是哪一天，请填写。"))
            continue
        count = number(m["count"])
        working = m["kind"] == "工作日"
        on = (
            (workdays(noticed, count) if workdays and working else noticed + timedelta(days=count))
            if count <= 366
            else None
        )
        keep(Day(on, m.start(), m.end(), m.group(), True, f"从通知日期 {noticed} 起算"))
    for m in SHORT.finditer(text):
        keep(_short(m, noticed))
    yield from sorted(found, key=lambda d: d.start)


def _full(m: "re.Match[str]", text: str, noticed: date | None) -> Day:
    month, day = number(m["month"]), number(m["day"])
    if m["day2"]:
        month, day = number(m["month2"]) if m["month2"] else month, number(m["day2"])
    limit = bool(m["tail"]) or bool(m["day2"]) or bool(HALF.search(text[: m.start()]))
    if m["year"]:
        return _made(_year(m["year"]), month, day, m, limit, "")
    if m["which"] and noticed:
        return _made(noticed.year + (m["which"] == "明年"), month, day, m, limit, f"{m['which']}按通知日期推算")
    return _guessed(month, day, m, noticed, limit)


def _guessed(month: int, day: int, m: "re.Match[str]", noticed: date | None, limit: bool) -> Day:
    """The year of the notice; of a day that lies half a year and more before it, the next."""
    if noticed is None:
        return Day(None, m.start(), m.end(), m.group(), limit, "没有写年份，也没有通知日期，请填写是哪一年。")
    year = noticed.year + (noticed.month - month >= 6)
    made = _made(year, month, day, m, limit, f"没有写年份，按通知日期推算为 {year} 年")
    if made.on is not None and made.on < noticed and limit:
        return Day(made.on, made.start, made.end, made.words, limit, f"{made.note}；早于通知日期，请核对")
    return made


def _made(year: int, month: int, day: int, m: "re.Match[str]", limit: bool, note: str) -> Day:
    try:
        return Day(date(year, month, day), m.start(), m.end(), m.group(), limit, note)
    except ValueError:
        return Day(None, m.start(), m.end(), m.group(), limit, f"“{m.group()}”不是日历上有的一天，请核对。")


def _short(m: "re.Match[str]", noticed: date | None) -> Day:
    if noticed is None:
        return Day(None, m.start(), m.end(), m.group(), True, "没有写月份，也没有通知日期，请填写。")
    day = number(m["day"])
    later = day < noticed.day
    first = (noticed.replace(day=1) + timedelta(days=32 if later else 0)).replace(day=1)
    return _made(first.year, first.month, day, m, True, f"没有写月份，按通知日期推算为 {first.month} 月")


def _month_end(m: "re.Match[str]", noticed: date | None) -> Day:
    if noticed is None and not m["year"]:
        return Day(None, m.start(), m.end(), m.group(), True, "没有通知日期，算不出是哪一天，请填写。")
    year = _year(m["year"]) if m["year"] else noticed.year if noticed else 0
    if m["month"]:
        month = number(m["month"])
        if not m["year"] and noticed and noticed.month - month >= 6:
            year += 1
    else:
        assert noticed is not None or m["year"]
        month = (noticed.month if noticed else 12) + (m["this"] in ("次", "下"))
        year, month = year + (month > 12), (month - 1) % 12 + 1
    if not 1 <= month <= 12:
        return Day(None, m.start(), m.end(), m.group(), True, f"“{m.group()}”不是日历上有的月份，请核对。")
    first = date(year, month, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Day(last, m.start(), m.end(), m.group(), True, f"按 {last.month} 月最后一天")
