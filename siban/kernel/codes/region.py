"""Region code 行政区划代码: GB/T 2260 six digits, GB/T 10114 three more, three for the village.

Kept as twelve digits. The significant digits are a prefix, so a subtree is a `startswith`.
"""

from dataclasses import dataclass

from .errors import CodeError, refuse, stray, tidy

NATIONAL = "000000000000"
WIDTHS = ((1, 0), (2, 2), (3, 4), (4, 6), (5, 9), (6, 12))  # exercise level, GB/T 39046-2020 A.2; significant digits
LEVEL_NAMES = {1: "国家", 2: "自治区", 3: "盟市", 4: "旗县市区", 5: "苏木乡镇街道", 6: "嘎查村社区"}


@dataclass(frozen=True, slots=True)
class Region:
    """A region code with its level (1 nation to 6 village) and prefix."""

    code: str
    level: int
    prefix: str


def check(value: object) -> str | None:
    """The sentence saying what is wrong with the twelve digits, or None."""
    code = tidy(value)
    if not code:
        return "行政区划代码没有填写，请填写 12 位代码。"
    named = f"行政区划代码“{code}”"
    if len(code) != 12:
        return f"{named}应为 12 位，现有 {len(code)} 位；6 位或 9 位代码请在后面补 0。"
    wrong = stray(code, "0123456789")
    if wrong is not None:
        return f"{named}第 {wrong[0]} 位是“{wrong[1]}”，只能是数字，请核对后重新填写。"
    if code != NATIONAL and code[0] == "0":
        return f"{named}首位不能是 0，请核对后重新填写。"
    if code[6:9] == "000" and code[9:] != "000":
        return f"{named}有嘎查村社区的 3 位而没有苏木乡镇的 3 位，请核对后重新填写。"
    return None


def parse(value: object) -> Region:
    """Read a region code, or raise `CodeError`."""
    refuse(check(value))
    code = tidy(value)
    for level_, width in WIDTHS:
        if code[width:] == "0" * (12 - width):
            return Region(code, level_, code[:width])
    raise CodeError(f"行政区划代码“{code}”无法识别，请核对后重新填写。")  # pragma: no cover - width 12 always fits


def pad(value: object) -> str:
    """Twelve digits from the 2, 4, 6, 9 or 12 significant ones; raises `CodeError`."""
    code = tidy(value)
    if len(code) not in (2, 4, 6, 9, 12):
        raise CodeError(f"行政区划代码“{code}”应为 6、9 或 12 位，现有 {len(code)} 位，请核对后重新填写。")
    return parse(code.ljust(12, "0")).code


def prefix(code: str) -> str:
    """The significant digits; every code of the subtree starts with them."""
    return parse(code).prefix


def level(code: str) -> int:
    """Exercise level of the region: 1 nation, 2 autonomous region, 3 league, 4 banner, 5 sumu, 6 gacha."""
    return parse(code).level


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies in it."""
    return parse(inner).code.startswith(prefix(outer))


def lineage(code: str) -> tuple[str, ...]:
    """The region and all it lies in, widest first: nation, region, league, banner, sumu, gacha."""
    region = parse(code)
    found = [region.code[:width].ljust(12, "0") for _, width in WIDTHS if width <= len(region.prefix)]
    return tuple(dict.fromkeys(found))
