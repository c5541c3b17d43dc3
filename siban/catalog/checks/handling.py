"""Rule L02: handling items (业务办理项) have codes of their own, situations and materials that exist."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found
from siban.kernel.codes import items as codes

from .declared import EMPTY, ITEM, NO_ROWS, blank

IMPL_LENGTH = 31
IMPL = "11150724MB0E0016954150176001000"


@ITEM.check(
    "L02", "业务办理项编码和内容正确", "E",
    source="GB/T 39554.1—2020 编码要求",
    mend="业务办理项编码 = 实施编码 31 位 + 顺序号 2 位（01 起，不重复）；写明名称；情形和材料的编号要在本事项里。",
    example=Example(
        good={"impl_code": IMPL, "handling_items": [{"code": f"{IMPL}01", "name": "首次申请"}]},
        bad={"impl_code": IMPL, "handling_items": [{"code": f"{IMPL}00", "name": "首次申请"}]},
    ),
)  # fmt: skip
def handling_items_are_right(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """业务办理项的编码不对、重复，没有名称，或者情形、材料不在本事项里。"""
    rows = item.get("handling_items") or NO_ROWS
    if not rows:
        return
    often = Counter(str(row.get("code")) for row in rows)
    leaves = {leaf.get("scenario_id") for leaf in (item.get("situations") or EMPTY).get("leaves") or NO_ROWS}
    known = {m.get("id") for m in item.get("materials") or NO_ROWS}
    for index, row in enumerate(rows):
        here, code = f"handling_items[{index}]", row.get("code")
        if fault := codes.check_handling(code):
            yield Found(f"{here}.code", code, fault)
        elif item.get("impl_code") and str(code)[:IMPL_LENGTH] != item["impl_code"]:
            yield Found(f"{here}.code", code, f"业务办理项编码前 31 位与实施编码（{item['impl_code']}）不一致。")
        elif often[str(code)] > 1:
            yield Found(f"{here}.code", code, f"业务办理项编码“{code}”重复，顺序号要各不相同。")
        if blank(row.get("name")):
            yield Found(f"{here}.name", row.get("name"), f"第 {index + 1} 个业务办理项没有名称。")
        if row.get("scenario_id") and row["scenario_id"] not in leaves:
            yield Found(f"{here}.scenario_id", row["scenario_id"], f"情形“{row['scenario_id']}”不在本事项的情形里。")
        if strange := [m for m in row.get("materials") or () if m not in known]:
            yield Found(f"{here}.materials", strange, f"材料 {'、'.join(map(str, strange))} 不在本事项的材料里。")
