"""Invented content for the gallery: banner-like cases, people and figures, none of them real."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .parts import Cell, Column, Confirm, Entry, Lamp, Link, Page, Row, Step, Tab, Table

NOON = datetime(2024, 6, 3, 1, 30, tzinfo=UTC)

CONFIRM = Confirm(
    title="不予受理这件申请",
    body="决定作出后会立即送达申请人，并告知可以申请行政复议或提起行政诉讼。作出后不能撤回。",
    label="作出不予受理决定",
    back="/ui/",
    danger=True,
    fields={"move": "refuse_acceptance"},
)

LONG = "建设工程消防验收备案抽查整改情况复查暨临时占用草原施工便道恢复植被验收合并办理（含中介服务事项三项）"
NAMES = ("其其格", "巴图", "娜仁", "苏日娜", "乌云", "哈斯")
ITEMS = (
    "食品经营许可（新办）",
    "新生儿出生登记",
    "城镇居民基本医疗保险参保",
    LONG,
    "草畜平衡奖励申领",
    "个体工商户注销登记",
)
LAMPS = (
    Lamp("green", "正常"), Lamp("amber", "剩 2 个工作日"), Lamp("red", "超期 1 个工作日"),
    Lamp("stopped", "停钟：待勘验"), Lamp("grey", "已办结"), Lamp("blue", "待受理"),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Stands in for a flow's choice."""

    name: str
    label: str
    refusal: str | None = None


def tabs(chapters: Mapping[str, str], current: str, layout: str) -> list[Tab]:
    """The gallery's chapters as tabs."""
    return [Tab(label, f"?chapter={name}&layout={layout}", name == current) for name, label in chapters.items()]


def case_table(rows: int) -> Table:
    """A list of invented cases."""
    columns = (
        Column("办件号", sort_url="?sort=number", nowrap=True),
        Column("事项"),
        Column("申请人", nowrap=True),
        Column("收件时间", sort_url="?sort=-received", sorted="descending", nowrap=True),
        Column("承诺工作日", numeric=True),
        Column("时限"),
    )
    lines = [
        (
            Cell(f"150724-2024-{n + 1:06d}", url=f"#case-{n}"),
            Cell(ITEMS[n % 6], note="综合窗口 3 号" if n % 2 else ""),
            f"{NAMES[n % 6]}（演示）",
            (NOON - timedelta(hours=5 * n)).strftime("%m-%d %H:%M"),
            (n * 3) % 20 + 1,
            Cell(lamp=LAMPS[n % 6]),
        )
        for n in range(rows)
    ]
    return Table("我的待办", columns, lines, empty="现在没有待办。", empty_hint="新的办件分到您名下时会出现在这里。")


def timeline() -> list[Entry]:
    """The life of one invented case."""
    day = timedelta(days=1)
    return [
        Entry(NOON + 4 * day, "综合窗口 娜仁（演示）", "中止计时：等待现场勘验", "《行政许可法》第四十五条",
              "勘验约需 3 个工作日，已书面告知申请人。", "stopped"),
        Entry(NOON + 3 * day, "市场监管局 巴图（演示）", "要求补正", "《行政许可法》第三十二条第一款第（四）项",
              "缺：经营场所平面图。\n请在 5 个工作日内补齐。", "amber"),
        Entry(NOON + day, "综合窗口 娜仁（演示）", "受理", "《行政许可法》第三十二条第一款第（五）项", "", "green"),
        Entry(NOON, "其其格（演示）", "提交申请", "", "网上提交，材料 4 份。", "blue"),
    ]  # fmt: skip


def figures() -> Table:
    """Monthly figures beside the chart."""
    months = ("1 月", "2 月", "3 月", "4 月", "5 月", "6 月")
    received, done = (812, 530, 941, 1003, 1120, 1286), (790, 541, 902, 998, 1093, 1240)
    rows = list(zip(months, received, done, strict=True))
    columns = (Column("月份"), Column("收件", numeric=True), Column("办结", numeric=True))
    return Table("上半年收件与办结", columns, rows, footer=("合计", sum(received), sum(done)))


def chart_option(table: Table) -> dict[str, Any]:
    """The same figures for the chart."""
    months, received, done = zip(*table.rows, strict=True)
    return {
        "xAxis": {"type": "category", "data": list(months)},
        "yAxis": {"type": "value", "name": "件"},
        "series": [
            {"name": "收件", "type": "bar", "data": list(received)},
            {"name": "办结", "type": "line", "data": list(done)},
        ],
    }


def demo() -> dict[str, Any]:
    """All the gallery's content."""
    return {
        "lamps": LAMPS,
        "long": LONG,
        "choices": (
            Choice("accept", "受理"),
            Choice("request_correction", "要求补正"),
            Choice("grant", "准予许可", "还缺“经营场所平面图”，补齐后才能作出决定。"),
            Choice("refuse_acceptance", "不予受理"),
        ),
        "rows": (
            Row("申请人", "其其格（演示）", Link("修改", "#name")),
            Row("事项", LONG),
            Row("承诺时限", "5 个工作日（法定 20 个工作日）"),
            Row("取件方式", "到旗政务服务中心一楼综合窗口领取，\n或邮寄到家（免费）", Link("修改", "#pick")),
            Row("备注", "—"),
        ),
        "table": case_table(20),
        "empty_table": case_table(0),
        "page": Page(20, "", "?after=20", 5000, "件"),
        "middle": Page(20, "?before=20", "?after=40", None, "件"),
        "tabs": (Tab("待受理", "#a", True, 12), Tab("在办", "#b", False, 40), Tab("待补正", "#c", False, 0), Tab("已办结", "#d")),
        "links": (Link("首页", "/"), Link("我的办件", "/my/")),
        "timeline": timeline(),
        "no_entries": (),
        "steps": (
            Step("提交申请", "done", "6 月 3 日"), Step("受理", "done", "6 月 4 日"), Step("审查", "current", "剩 2 个工作日"),
            Step("决定"), Step("送达"),
        ),
        "steps_new": (Step("填写信息", "current"), Step("上传材料"), Step("确认并提交")),
        "option": chart_option(figures()),
        "figures": figures(),
        "states": (("", "全部"), ("received", "待受理"), ("accepted", "在办"), ("done", "已办结")),
    }  # fmt: skip
