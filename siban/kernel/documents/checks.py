"""The declared checks as pages: an index, and one page a check."""

from collections.abc import Mapping
from typing import Any

import yaml

from ..checks import DECLARED, Check

HEAD = "<!-- 由 siban docs 生成，请勿手改 -->"
SEVERITIES = {"E": "错误（不许发布）", "W": "提醒"}


def checks_pages() -> dict[str, str]:
    """File name below `docs/` -> text: `checks.md` and `checks/NUMBER.md`."""
    checks = sorted((c for registry in DECLARED.values() for c in registry), key=lambda c: c.number)
    lines = [
        HEAD, "", "# 检查规则", "",
        "`siban lint` 和发布前的自检用的是同一套规则。错误不许发布，提醒应当核对。每条规则一页，有依据、正反例和改法。", "",
        "| 编号 | 规则 | 级别 | 依据 | 可以自动改正 |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| [{c.number}](checks/{c.number}.md) | {c.title} | {SEVERITIES[c.severity]} | {c.source} |"
        f" {'部分写法' if c.fix else ''} |"
        for c in checks
    ]
    pages = {"checks.md": "\n".join(lines) + "\n"}
    pages |= {f"checks/{c.number}.md": _page(c) for c in checks}
    return pages


def _page(check: Check) -> str:
    lines = [HEAD, "", f"# {check.number} {check.title}", ""]
    lines += [f"- **级别**：{SEVERITIES[check.severity]}", f"- **依据**：{check.source}"]
    if check.find.__doc__:
        lines.append(f"- **查什么**：{check.find.__doc__.strip()}")
    lines.append(f"- **改法**：{check.mend}")
    if check.fix and check.fix.__doc__:
        lines.append("- **自动改正**：`siban lint --fix` 只改不会有第二种意思的写法，改前先给看。")
    if check.needs:
        lines.append(
            f"- **还要知道**：{'、'.join(f'`{n}`' for n in check.needs)}；不知道的时候不检查，并且说明没有检查。"
        )
    if check.example:
        lines += [
            "",
            "## 正确的写法",
            "",
            *_yaml(check.example.good),
            "",
            "## 有问题的写法",
            "",
            *_yaml(check.example.bad),
        ]
        found = [f"- `{f.path}`：{f.message}" for f in check.find(check.example.bad, check.example.context)]
        lines += ["", "指出：", "", *found]
        if check.example.context:
            lines += ["", "当时知道的：", "", *_yaml(check.example.context)]
    lines += ["", "[全部规则](../checks.md)"]
    return "\n".join(lines) + "\n"


class _Plain(yaml.SafeDumper):
    """No anchors: an example is read, not loaded."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(value: Mapping[str, Any]) -> list[str]:
    text = yaml.dump(dict(value), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    return ["```yaml", *text.rstrip().splitlines(), "```"]
