"""Places as people say them: which township, and whether two of them are the same spot. Pure."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from .training import unit_names

SHORT = {
    "巴彦托海": "150724100000", "巴镇": "150724100000", "南屯": "150724100000", "开发区": "150724100000",
    "大雁": "150724110000", "伊敏河": "150724111000", "伊敏": "150724214000", "红花尔基": "150724112000",
    "巴彦嵯岗": "150724210000", "嵯岗": "150724210000", "锡尼河西": "150724211000", "西苏木": "150724211000",
    "锡尼河东": "150724212000", "东苏木": "150724212000", "巴彦塔拉": "150724213000", "达斡尔民族乡": "150724213000",
    "辉苏木": "150724215000",
}  # fmt: skip
ORDINARY = re.compile(
    r"(社区|小区|嘎查|苏木|民族乡|镇|附近|旁边|门口|路段|院内|工地|全旗|旗里|鄂温克(族自治)?旗|[东西南北]片|牧点|[0-9一二三四五六七八九十]+(号楼|栋|单元|期))"
)


@cache
def townships() -> Mapping[str, str]:
    """Names of the townships of the list by their code."""
    return {code: name.removesuffix("人民政府") for code, name in unit_names().items() if code.isdigit()}


FIGURES = str.maketrans("０１２３４５６７８９〇", "01234567890")
HAN = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}


def township(code: str = "", *texts: str) -> str:
    """The township of a place: by its code, else by the name in the place or the words; empty where none is named."""
    if code in townships():
        return code
    if len(code) == 12 and f"{code[:9]}000" in townships():
        return f"{code[:9]}000"
    for text in texts:
        for known, name in townships().items():
            if name in text:
                return known
        found = [(text.find(short), -len(short), known) for short, known in SHORT.items() if short in text]
        if found:
            return min(found)[2]
    return ""


@lru_cache(maxsize=4096)
def spot(place: str) -> str:
    """What is left of a place without its township and ordinary words: 瑟宾锦绣, 雁北."""
    left = place.translate(FIGURES)
    for name in townships().values():
        left = left.replace(name, "")
    return ORDINARY.sub("", left).strip()


def sameness(one: str, other: str) -> float:
    """How far two places are the same spot, 0 to 1; half where one of them is not told."""
    a, b = spot(one), spot(other)
    if not a or not b:
        return 0.5
    if a in b or b in a:
        return 1.0
    pairs = {a[n : n + 2] for n in range(len(a) - 1)}, {b[n : n + 2] for n in range(len(b) - 1)}
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]) or 1)


def numbers(text: str) -> frozenset[str]:
    """Numbers of buildings named in a text: 3号楼, 三号楼, 8栋."""
    found = re.findall(r"([0-9]{1,3}|[一二三四五六七八九])(?:号楼|栋|号)", text.translate(FIGURES))
    return frozenset(HAN.get(n, n) for n in found)
