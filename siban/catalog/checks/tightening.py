"""Rule L01: what a lower level may set itself it may only make easier for people."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .. import rules
from .declared import ITEM


@ITEM.check(
    "L01", "本级要素只能比上级更便民", "E",
    source="国发〔2022〕5号（同一事项同标准）；平台规定（承诺时限只能更短，办件类型只能往即办件改）",
    mend="把承诺时限改得不长于上级事项；上级是即办件的，本级也按即办件办理。",
    needs=("base",),
    example=Example(
        good={"promised_limit": {"value": 5, "unit": "workday"}, "case_type": "promised"},
        bad={"promised_limit": {"value": 20, "unit": "workday"}, "case_type": "promised"},
        context={"base": {"promised_limit": {"value": 10, "unit": "workday"}, "case_type": "promised"}},
    ),
)  # fmt: skip
def only_tightens(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """承诺时限比上级长，或者把上级的即办件改成了承诺件。"""
    base = context["base"]
    if base is None:
        return
    for path, why in rules.laxer(item, base):
        value = item["promised_limit"]["value"] if path == "promised_limit.value" else item.get(path)
        yield Found(path, value, f"{why}。")
