"""One page a procedure: diagram, owners and the table of moves with their articles."""

from siban.kernel.flow import Machine

HEAD = "<!-- 由 siban docs 生成，请勿手改 -->\n"
CLOCKS = {"": "", "start": "起算", "stop": "停钟", "resume": "恢复", "extend": "延长", "end": "终止"}


def flow_page(machine: Machine) -> str:
    """Markdown with a Mermaid diagram and tables a lawyer can read."""
    lines = [HEAD, f"# {machine.title}（{machine.name}）", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{label}" as {value}' for value, label in machine.states.choices]
    lines.append(f"    [*] --> {machine.start}")
    for m in machine.moves.values():
        lines += [f"    {s} --> {m.target}: {m.label}" for s in m.sources]
    lines += [f"    {end} --> [*]" for end in sorted(machine.ends)]
    lines += ["```", "", "## 状态与责任方", "", "| 状态 | 名称 | 现在由谁办 |", "|---|---|---|"]
    for value, label in machine.states.choices:
        lines.append(f"| `{value}` | {label} | {machine.owner(value) or '——（终点）'} |")
    lines += [
        "",
        "## 动作",
        "",
        "| 动作 | 名称 | 从 | 到 | 谁 | 依据 | 条件 | 计时 | 文书 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for m in machine.moves.values():
        who = "系统（期限届满）" if m.deemed else (m.who.__doc__ or "").strip()
        needs = "；".join((n.__doc__ or n.__name__).strip().splitlines()[0] for n in m.needs)
        sources = "、".join(machine.label(s) for s in m.sources)
        lines.append(
            f"| `{m.name}` | {m.label} | {sources} | {machine.label(m.target)} | {who} | {m.law} | {needs} "
            f"| {CLOCKS[m.clock]} | {m.paper} |"
        )
    return "\n".join(lines) + "\n"
