"""Law of the hotline, pure: limits, clocks, what is asked of a reply to be lawful, how often is too often."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import yaml

from siban.kernel.calendar import WorkCalendar
from siban.kernel.clock import local, local_day

Unit = Literal["minute", "hour", "working_hour", "workday", "day", "month"]
REFERENCE = Path(__file__).parent / "reference"
W7 = "接诉即办流程（国办发〔2020〕53号）"
UNITS = {
    "minute": "分钟",
    "hour": "小时",
    "working_hour": "个工作小时",
    "workday": "个工作日",
    "day": "日",
    "month": "个月",
}
NATURES = {"consult": "咨询", "help": "求助", "complaint": "投诉", "report": "举报", "suggestion": "建议"}
LEVELS = {"grid": "网格", "community": "社区（嘎查）", "street": "街道（苏木乡镇）", "whistle": "吹哨"}
CHANNELS = {
    "phone": "电话", "wechat": "微信", "mensuban_app": "蒙速办", "online_portal": "网站", "sms": "短信", "mailbox": "信箱",
    "leader_board": "领导留言板", "transfer_up": "上级转来", "open311": "开放接口",
}  # fmt: skip
OUT_OF_SCOPE = {
    "litigation": ("应走诉讼或者已经诉讼", "人民法院诉讼服务热线 12368"),
    "arbitration": ("应走仲裁或者已经仲裁", "劳动人事争议仲裁委员会或者约定的仲裁机构"),
    "reconsideration": ("应走行政复议", "旗司法局行政复议接待窗口"),
    "discipline": ("应由纪检监察机关受理", "纪检监察举报电话 12388"),
    "petition_in_progress": ("已经进入信访程序", "旗信访局，凭信访编号查询"),
    "info_disclosure": ("应走政府信息公开申请", "制作该信息的部门的政府信息公开窗口"),
    "emergency_transfer": ("紧急警情、火情、病情", "110 报警、119 火警、120 急救、122 交通事故"),
    "other_region": ("不属于本旗管辖", "所在地的 12345 热线"),
    "no_substance": ("没有实质内容", "想清楚具体的人、事、地点后再来电"),
    "privacy_secret": ("涉及国家秘密、商业秘密或者个人隐私", "保密或者公安机关的专门渠道"),
    "higher_authority": ("属于上级机关职权", "自治区或者呼伦贝尔市 12345 热线"),
}  # fmt: skip
RETURN_REASONS = {"not_ours": "不属于本单位职责", "lacking": "要素不全，无法办理"}
EMERGENCY_LINES = {"110": "公安报警", "119": "火警救援", "120": "医疗急救", "122": "交通事故", "12119": "森林草原防火"}
TERMINATE_GROUNDS = {
    "answered": "已经依法答复，仍以同一事由反复提出", "no_basis": "没有法律、政策依据", "excessive": "要求明显过高，超出法定标准",
    "entangled": "缠诉，扰乱正常工作秩序", "false": "经查诉求内容不属实",
}  # fmt: skip
SUSPEND_GROUNDS = {
    "history": "历史遗留问题",
    "funds": "需要大额资金",
    "planning": "涉及规划，须待条件具备",
    "season": "受季节限制，不能施工",
}
VISITS = {"handle": "上门办理", "persuade": "上门劝导", "feedback": "上门反馈"}
LEAST_WORDS = 4


@cache
def table() -> Mapping[str, Any]:
    """The table of limits that ships with the product."""
    loaded: Mapping[str, Any] = yaml.safe_load((REFERENCE / "limits.yaml").read_text(encoding="utf-8"))
    return loaded


def setting(group: str, key: str) -> Any:
    """One configured value, e.g. `setting("counts", "extensions")`."""
    return table()[group][key]["value"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time with the document it stands in."""

    value: int
    unit: Unit
    name: str
    source: str

    @property
    def words(self) -> str:
        return f"{self.value} {UNITS[self.unit]}"


def step_limit(step: str) -> Limit:
    """The limit of one step: dispatch, sign, callback …"""
    row = table()["steps"][step]
    return Limit(row["value"], row["unit"], row["name"], row["source"])


def whole_limit(
    *, nature: str, top: str, level: str, urgent: bool, emergency: bool, leaf: tuple[int, str] | None
) -> Limit:
    """The limit of the whole order: the first row of the table that fits.

    Args:
        leaf: the limit written in the list of categories, if it says one.
    """
    for row in table()["limits"]:
        when = row["when"]
        if when.get("emergency") and not emergency:
            continue
        if when.get("urgent") and not urgent:
            continue
        if "tops" in when and top not in when["tops"]:
            continue
        if "levels" in when and level not in when["levels"]:
            continue
        if "natures" in when and nature not in when["natures"]:
            continue
        if when.get("leaf"):
            if leaf is None:
                continue
            value, unit = leaf
            return Limit(value, "workday" if unit == "working_day" else unit, row["name"], row["source"])  # type: ignore[arg-type]
        return Limit(row["value"], row["unit"], row["name"], row["source"])
    raise LookupError("the table of limits has no row for this order")


def _hours() -> tuple[time, time]:
    row = table()["working_day"]
    return time.fromisoformat(row["from"]), time.fromisoformat(row["to"])


def due(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """When a limit that begins now is over.

    Minutes, hours and days run on, day and night. Working hours run from opening to closing of workdays. A limit in
    workdays, days or months ends with its last day, the first day not counted (民法典第二百零一条).
    """
    if limit.unit == "minute":
        return start + timedelta(minutes=limit.value)
    if limit.unit == "hour":
        return start + timedelta(hours=limit.value)
    if limit.unit == "working_hour":
        return _after_working(start, timedelta(hours=limit.value), calendar)
    day = local_day(start)
    if limit.unit == "workday":
        return _end_of(calendar.add_workdays(day, limit.value), start)
    if limit.unit == "month":
        return _end_of(months_later(day, limit.value), start)
    return _end_of(day + timedelta(days=limit.value), start)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where there is none (民法典第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _end_of(day: date, start: datetime) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=local(start).tzinfo)


def _after_working(start: datetime, left: timedelta, calendar: WorkCalendar) -> datetime:
    opens, closes = _hours()
    here = local(start)
    while True:
        begin = max(here, here.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0))
        end = here.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0)
        if calendar.is_workday(here.date()) and begin < end:
            if begin + left <= end:
                return begin + left
            left -= end - begin
        tomorrow = calendar.next_workday(here.date())
        here = datetime.combine(tomorrow, opens, tzinfo=here.tzinfo)


def moved(due_at: datetime, stopped_at: datetime, resumed_at: datetime) -> datetime:
    """A due instant after a stop: later by as long as the clock stood still, to the second."""
    return due_at + (resumed_at - stopped_at)


def sampled(order_number: str, percent: int) -> bool:
    """Whether a consultation is drawn for a call-back: the same answer whenever it is asked."""
    return int.from_bytes(blake2b(order_number.encode(), digest_size=4).digest(), "big") % 100 < percent


def called_back(nature: str, number: str) -> bool:
    """Everything is called back but consultations, of which a share is drawn (the sample plan)."""
    return nature != "consult" or sampled(number, int(setting("counts", "consult_sample_percent")))


def is_difficult(redos: int, transfers: int) -> bool:
    """重办或者转办次数达到上限的，是疑难工单，提级督办。"""
    return redos >= int(setting("counts", "redos_before_difficult")) or transfers >= int(
        setting("counts", "transfers_before_difficult")
    )


def wants_visit(nature: str) -> bool:
    """三上门: which natures ask for a visit, or for a written reason why there was none."""
    return nature in setting("visits", "natures")


def wants_help(level: str, demands: int) -> bool:
    """Whether the co-handlers of the list are called by themselves: what a township or a meeting handles, and several demands at once."""
    return level in setting("help", "levels") or demands > 1


def lead_code(unit: str, township_code: str) -> str:
    """The code of the organisation that a row of the list names; `territorial` is the township of the place."""
    code = f"{township_code[:9]}000"
    if unit == "territorial":
        return f"township-{code}"
    return f"township-{unit}" if unit.isdigit() else unit


@dataclass(frozen=True, slots=True)
class Conflict:
    """One fault of the list of categories; one that is not grave asks to be looked at and does not stand in the way."""

    code: str
    words: str
    is_grave: bool = True


def conflicts(rows: Sequence[Any], known_units: Collection[str]) -> list[Conflict]:
    """What contradicts in rows of the list: two rows of one category in force at once, unknown units, the same name or word with two leads.

    Args:
        rows: objects with code, name, natures, lead_unit, co_units, keywords, valid_from, valid_to.
    """
    found: list[Conflict] = []
    by_code: dict[str, list[Any]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
        strange = [u for u in (row.lead_unit, *row.co_units) if u != "territorial" and u not in known_units]
        if strange:
            found.append(
                Conflict(row.code, f"“{row.name}”写了查不到的单位：{'、'.join(strange)}。请改成机构名录里的单位。")
            )
        if row.lead_unit in row.co_units:
            found.append(Conflict(row.code, f"“{row.name}”的主责单位又列为协办单位，请删去一处。"))
        if not row.natures or set(row.natures) - set(NATURES):
            found.append(Conflict(row.code, f"“{row.name}”没有写明适用的诉求性质（咨询、求助、投诉、举报、建议）。"))
    for code, same in by_code.items():
        ordered = sorted(same, key=lambda r: r.valid_from)
        for one, other in itertools.pairwise(ordered):
            if one.valid_to is None or other.valid_from < one.valid_to:
                found.append(
                    Conflict(code, f"“{one.name}”有两行在同一天有效（{other.valid_from} 起）。请让前一行在那天失效。")
                )
    open_rows = [r for r in rows if r.valid_to is None]
    names: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for row in open_rows:
        if (twin := names.setdefault(row.name, row)) is not row and twin.code != row.code:
            found.append(Conflict(row.code, f"“{row.name}”与 {twin.code} 同名。请改名，或者合并成一行。"))
        for word in row.keywords:
            twin = words.setdefault(word, row)
            if twin is not row and twin.code[:4] == row.code[:4] and twin.lead_unit != row.lead_unit:
                found.append(
                    Conflict(
                        row.code,
                        f"“{row.name}”与“{twin.name}”有同一个关键词“{word}”，主责单位却不同。请分清，或者换一个关键词。",
                        is_grave=False,
                    )
                )
    return found


def said(words: str, what: str) -> str:
    """Words that say something. Raises ValueError with the sentence."""
    if len(words.strip()) < LEAST_WORDS:
        raise ValueError(f"请写明{what}（至少 {LEAST_WORDS} 个字）。")
    return words.strip()
