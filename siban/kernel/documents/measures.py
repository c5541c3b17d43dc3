"""The page of all declared figures."""

from siban.kernel.measures import REGISTRY

from .flows import HEAD


def measures_page() -> str:
    """Markdown table of the declared measures, by code."""
    lines = [HEAD, "# 指标", "", "| 编号 | 标识 | 名称 | 含义 | 来源 | 层级 |", "|---|---|---|---|---|---|"]
    for m in sorted(REGISTRY.values(), key=lambda m: m.code):
        lines.append(f"| {m.code} | `{m.slug}` | {m.title} | {m.words} | {m.source} | {'、'.join(m.level)} |")
    return "\n".join(lines) + "\n"
