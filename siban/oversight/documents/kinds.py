"""The four documents of supervision, each a function from facts to a draft that reads like the document itself. Pure.

Source: workflows.md W11 (日调度, 周通报, 月通报 每月20日锁数, 季度总结) and its chapter on the report; kept apart: what grew
by how much and to how many times (A07).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from siban.kernel.measures import Measure

from .blocks import Cell, Draft, Number
from .facts import GROUPS, Chapter, Facts, Said, Standing, TaskLine, Unit, standings

NUMERALS: Final = "一二三四五六七八九十"


def day_words(day: date) -> str:
    """2026年11月26日."""
    return f"{day.year}年{day.month}月{day.day}日"


def shares(facts: Facts) -> list[Measure]:
    """The measures with a target, in the order of the table."""
    return [m for m in facts.measures if facts.aims_of(m.slug)]


def _heading(draft: Draft, text: str) -> None:
    done = sum(b.kind == "heading" for b in draft.blocks)
    tens, ones = divmod(done + 1, 10)
    draft.heading(f"{'十' if tens else ''}{NUMERALS[ones - 1] if ones else ''}、{text}")


def _overall(draft: Draft, facts: Facts) -> None:
    """One sentence a measure: where it stands, its target, what is missing, how it moved."""
    for m in shares(facts):
        figure, target = facts.figure(m), facts.target(m)
        if figure is None:
            draft.para(f"{m.title}：当日没有记录。")
            continue
        parts: list[str | Number | None] = [f"{m.title}", figure]
        if (
            (hits := facts.count(m, "hits"))
            and (total := facts.count(m, "total"))
            and m.code.startswith("ITEM")
            and facts.short(m)
        ):
            parts += ["（", hits, "项，应达到的事项共", total, "项）"]
        parts += ["，目标为", target]
        if short := facts.short(m):
            parts += ["，还差", short, "项"]
        elif facts.met(m):
            parts.append("，已达到")
        elif facts.met(m) is False:
            parts.append("，未达到")
        if change := facts.change(m):
            when = f"{facts.before_day.month}月{facts.before_day.day}日" if facts.before_day else ""
            unit = "个百分点" if figure.kind == "percent" else "项"
            parts += [f"，与{when}持平"] if change.text in ("0", "0.00") else [f"，与{when}相比", change, unit]
        draft.para(*parts, "。")


def _table_of_units(
    draft: Draft, facts: Facts, group: str, title: str, measures: Sequence[Measure], *, changes: bool = False
) -> None:
    units = [u for u in facts.units if u.group == group and any(facts.at(m.slug, u) for m in measures)]
    if not units:
        return
    columns = ["单位"]
    for m in measures:
        columns.append(m.title)
        if changes:
            columns.append("较前次")
    rows: list[list[Cell]] = []
    lines: list[Unit | str] = [*([group] if len(units) > 1 else []), *units]
    for unit in lines:
        row: list[Cell] = [unit.name if isinstance(unit, Unit) else f"{title}合计"]
        for m in measures:
            row.append(facts.figure(m, unit))
            if changes:
                row.append(facts.change(m, unit))
        rows.append(row)
    draft.table(f"{title}指标", columns, rows, sum_row=len(units) > 1)


def _tasks(draft: Draft, facts: Facts) -> None:
    """Where the tasks of the directives stand."""
    if not facts.tasks:
        draft.para("本期没有督查任务。")
        return
    for directive in dict.fromkeys(t.directive for t in facts.tasks):
        _tasks_of(draft, facts, directive, [t for t in facts.tasks if t.directive == directive])


def _tasks_of(draft: Draft, facts: Facts, directive: str, of: Sequence[TaskLine]) -> None:
    def tally(title: str, rows: Sequence[TaskLine], tab: str) -> Number:
        return facts.tally(
            len(rows), title, f"《{directive}》的督查任务中，{title}", hits=len(rows), total=len(of),
            href=f"{facts.tasks_href}?tab={tab}&directive={of[0].directive_id}", source=directive,
        )  # fmt: skip

    still = [t for t in of if t.is_open]
    draft.para(
        f"《{directive}》共分解任务", tally("任务总数", of, "all"), "项，其中已销号",
        tally("已销号", [t for t in of if not t.is_open], "closed"), "项、正在整改", tally("正在整改", still, "open"), "项。",
    )  # fmt: skip
    late = [t for t in still if t.is_overdue]
    silent = [t for t in still if not t.is_acknowledged]
    back = [t for t in of if t.is_back]
    if late:
        draft.para("已经超期", tally("超期未完成", late, "late"), "项：", _named(late), "。")
    if silent:
        draft.para("尚未确认接收", tally("尚未确认接收", silent, "issued"), "项：", _named(silent), "。")
    if back:
        draft.para("达标后又回落", tally("反弹", back, "came_back"), "项：", _named(back), "。")


def _named(tasks: Sequence[TaskLine]) -> str:
    """Units with their problems, each unit once."""
    by: dict[str, list[str]] = {}
    for t in tasks:
        by.setdefault(t.unit, []).append(t.problem)
    return "；".join(f"{unit}（{'、'.join(dict.fromkeys(problems))}）" for unit, problems in by.items())


def _standing_table(draft: Draft, facts: Facts, group: str, title: str, rows: Sequence[Standing]) -> None:
    def cell(standing: Standing, value: int, words: str, title_: str) -> Number:
        return Number(
            str(value), "tally", title_, standing.unit.name, str(standing.unit.id), day=facts.day.isoformat(),
            hits=value, words=words, href=f"{facts.sheet_of}all/?unit={standing.unit.id}",
        )  # fmt: skip

    draft.table(
        f"{title}达标情况", ["位次", "单位", "达标项数", "考核项数", "未达标的指标（还差）"],
        [
            [
                cell(s, s.place, "按达标项数 ÷ 考核项数从高到低排，相同的并列，其后的位次顺延", "位次") if s.place else "不排名",
                s.unit.name, cell(s, s.met, "达到最严格目标的指标数", "达标项数"),
                cell(s, s.asked, "有目标并且有数据的指标数", "考核项数"),
_missing(facts, s),
            ]
            for s in rows
        ],
    )  # fmt: skip


def _missing(facts: Facts, standing: Standing) -> list[str | Number]:
    """The measures not reached, each with the rows still missing."""
    parts: list[str | Number] = []
    for m, lacking in standing.missing:
        parts.append(("、" if parts else "") + m.title)
        if lacking and (number := facts.short(m, standing.unit)):
            parts += ["（差", number, "项）"]
    return parts or ["无"]


def daily(facts: Facts) -> Draft:
    """日调度: where every unit stands today, what moved since the day before, how the tasks go on."""
    draft = Draft(f"{facts.region_name}政务服务指标日调度表（{day_words(facts.day)}）", "各苏木乡镇，旗直各部门")
    _heading(draft, "全旗情况")
    _overall(draft, facts)
    _heading(draft, "各单位情况")
    for group, title in list(GROUPS.items())[:2]:
        _table_of_units(draft, facts, group, title, shares(facts), changes=facts.before_day is not None)
    _heading(draft, "任务进展")
    _tasks(draft, facts)
    return draft


def weekly(facts: Facts) -> Draft:
    """周通报: the ranking, who reached what, who is named, by when."""
    draft = Draft(
        f"关于{day_words(facts.starts)}至{facts.day.month}月{facts.day.day}日政务服务指标整改情况的周通报",
        "各苏木乡镇人民政府，旗直各部门",
    )
    _heading(draft, "总体情况")
    _overall(draft, facts)
    _ranking(draft, facts)
    _heading(draft, "任务进展")
    _tasks(draft, facts)
    _heading(draft, "下一步要求")
    _demands(draft, facts)
    return draft


def monthly(facts: Facts) -> Draft:
    """月通报: as the weekly one, with the figures as they were locked on the 20th, and every unit's figures annexed."""
    draft = Draft(f"关于{facts.day.year}年{facts.day.month}月政务服务工作情况的通报", "各苏木乡镇人民政府，旗直各部门")
    draft.para(
        f"根据每月20日前报送进展的要求，现将截至{day_words(facts.day)}的情况通报如下。数字在{day_words(facts.day)}锁定，以后的更正在下期说明。"
    )
    _heading(draft, "指标完成情况")
    _overall(draft, facts)
    for chapter in facts.chapters:
        if not chapter.waits_for:
            _chapter(draft, facts, chapter)
    _ranking(draft, facts)
    _heading(draft, "督查任务")
    _tasks(draft, facts)
    for note in facts.notes:
        draft.para(note)
    _heading(draft, "下一步要求")
    _demands(draft, facts)
    for group, title in list(GROUPS.items())[:2]:
        _table_of_units(draft, facts, group, title, shares(facts))
    return draft


def quarterly(facts: Facts) -> Draft:
    """季度工作总结: the chapters of the office's own report, each from what the platform holds; what it does not hold is said."""
    quarter = (facts.day.month - 1) // 3 + 1
    draft = Draft(f"{facts.region_name}政务服务局{facts.day.year}年第{NUMERALS[quarter - 1]}季度工作总结", "")
    chapters = {c.title: c for c in facts.chapters}
    for title in ("三级体系与标准化", "三集中三到位"):
        _chapter(draft, facts, chapters.get(title, Chapter(title, waits_for="数据尚未接入")))
    _heading(draft, "一网办、掌上办、一次办、帮您办")
    _overall(draft, facts)
    for title in ("办件与评价", "跨域通办", "许可权改革", "政务公开", "12345 热线"):
        _chapter(draft, facts, chapters.get(title, Chapter(title, waits_for="数据尚未接入")))
    _heading(draft, "存在的问题")
    short = [m for m in shares(facts) if facts.met(m) is False]
    if short:
        for m in short:
            lacking = facts.short(m)
            draft.para(
                f"{m.title}为",
                facts.figure(m),
                "，没有达到",
                facts.target(m),
                *(("，还差", lacking, "项") if lacking else ()),
                "。",
            )
    else:
        draft.para("有目标的指标全部达到。")
    _tasks(draft, facts)
    _heading(draft, "下一步工作")
    _demands(draft, facts)
    return draft


def _chapter(draft: Draft, facts: Facts, chapter: Chapter) -> None:
    _heading(draft, chapter.title)
    if chapter.waits_for:
        draft.para(f"{chapter.waits_for}，本期不列数字。")
    for said in chapter.lines:
        draft.para(*_said(facts, said))


def _said(facts: Facts, said: Said) -> list[str | Number | None]:
    def number(of: Said) -> Number:
        return facts.tally(of.hits, of.label, of.words, hits=of.hits, total=of.total, href=of.href, source=of.source)

    parts: list[str | Number | None] = [said.label, number(said), said.unit_word]
    for position, part in enumerate(said.parts):
        parts += ["，其中" if not position else "、", part.label, number(part), part.unit_word]
    if pair := facts.growth(said):
        rate, multiple = pair
        before = facts.tally(
            said.before, f"{said.label}（上期）", said.words, hits=said.before, href=said.href, source=said.source
        )
        parts += ["；上期", before, said.unit_word]
        if said.hits == said.before:
            parts.append("，持平")
        else:
            parts += [f"，{'增长' if said.hits > (said.before or 0) else '下降'}", rate, "，为上期的", multiple, "倍"]
    return [*parts, "。"]


def _ranking(draft: Draft, facts: Facts) -> None:
    for group, title in list(GROUPS.items())[:2]:
        rows = standings(facts, group)
        if not rows:
            continue
        _heading(draft, f"{title}排名")
        full = [s for s in rows if not s.missing]
        short = [s for s in rows if s.missing]
        words = "有目标的指标全部达到的单位"
        draft.para(
            f"{title}中，全部达标的", facts.tally(len(full), f"{title}全部达标", words, hits=len(full), total=len(rows)),
            "个" + (f"：{'、'.join(s.unit.name for s in full)}" if full else "") + "；尚有指标未达标的",
            facts.tally(len(short), f"{title}未全部达标", "至少一项有目标的指标没有达到的单位", hits=len(short), total=len(rows)), "个。",
        )  # fmt: skip
        _standing_table(draft, facts, group, title, rows)
        if last := _last_places(rows):
            draft.para(f"对排名靠后的{'、'.join(s.unit.name for s in last)}予以通报。")


def _last_places(rows: Sequence[Standing]) -> list[Standing]:
    """Units in the last place, when it is not shared by all and something is missing there."""
    ranked = [s for s in rows if s.place is not None]
    if not ranked or ranked[0].place == ranked[-1].place:
        return []
    return [s for s in ranked if s.place == ranked[-1].place and s.missing]


def _demands(draft: Draft, facts: Facts) -> None:
    short = [m for m in shares(facts) if facts.met(m) is False]
    for m in short:
        units = _lacking_units(facts, m)
        aim = facts.strictest(m.slug)
        until = (
            f"（期限{day_words(aim.deadline)}{'，已过' if aim.deadline < facts.day else ''}）"
            if aim and aim.deadline
            else ""
        )
        if units:
            draft.para(
                f"{m.title}没有达到",
                facts.target(m),
                f"的{'、'.join(u.name for u in units)}，逐项对照清单整改{until}。",
            )
    open_tasks = [t for t in facts.tasks if t.is_open]
    if open_tasks:
        nearest = min(open_tasks, key=lambda t: t.due_on)
        draft.para(f"未销号的督查任务按期提交佐证材料，最近的期限是{day_words(nearest.due_on)}。")
    if not short and not open_tasks:
        draft.para("各单位继续保持，防止回落。")


def _lacking_units(facts: Facts, measure: Measure) -> list[Unit]:
    return [u for u in facts.units if facts.met(measure, u) is False and u.group != "village"]


KINDS: Final[dict[str, tuple[str, str, Callable[[Facts], Draft]]]] = {
    "daily": ("日调度", "调度", daily),
    "weekly": ("周通报", "周通报", weekly),
    "monthly": ("月通报", "通报", monthly),
    "quarterly": ("季度工作总结", "季报", quarterly),
}
