"""The page of all declared figures."""

from siban.kernel.measures import LEVELS, REGISTRY, Measure, Pending, Several, variants_of

from .flows import HEAD


def measures_page() -> str:
    """Markdown tables of the declared measures: those that are counted, their other readings, those that wait for data."""
    declared = sorted(REGISTRY.values(), key=lambda m: m.code)
    counted = [m for m in declared if m.is_computed and not m.variant_of]
    several = [m for m in declared if isinstance(m, Several)]
    waiting = [m for m in declared if isinstance(m, Pending)]
    lines = [
        HEAD, "# 指标", "",
        f"已接入 {len(counted)} 个（另有 {sum(bool(m.variant_of) for m in declared)} 种并列的口径），由几个指标组成的 {len(several)} 个，待接入 {len(waiting)} 个。",
        "待接入的只写明需要什么数据，不显示数字。", "", "## 已接入", "",
        "| 编号 | 标识 | 名称 | 含义 | 分子 | 分母 | 其他口径 | 来源 | 层级 |", "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for m in counted:
        others = "；".join(f"{v.variant}（`{v.slug}`）" for v in variants_of(m.slug))
        lines.append(
            _line(m.code, f"`{m.slug}`", m.title, m.words, m.numerator, m.denominator, others, m.source, _levels(m))
        )
    lines += ["", "## 由几个指标组成", "", "| 编号 | 标识 | 名称 | 含义 | 组成 | 来源 |", "|---|---|---|---|---|---|"]
    for m in several:
        lines.append(_line(m.code, f"`{m.slug}`", m.title, m.words, "、".join(f"`{p}`" for p in m.parts), m.source))
    lines += ["", "## 待接入", "", "| 编号 | 标识 | 名称 | 含义 | 分子 | 分母 | 需要的数据 | 由谁提供 | 来源 | 层级 |", "|---|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for m in waiting:
        lines.append(
            _line(
                m.code,
                f"`{m.slug}`",
                m.title,
                m.words,
                m.numerator,
                m.denominator,
                m.needs,
                m.room,
                m.source,
                _levels(m),
            )
        )
    return "\n".join(lines) + "\n"


def _levels(m: Measure) -> str:
    return "、".join(LEVELS.get(level, level) for level in m.level)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "｜") for cell in cells) + " |"
