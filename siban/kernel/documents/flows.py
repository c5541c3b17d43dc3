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
        if not m.stays:
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
        needs = "".join((n.__doc__ or n.__name__).strip().splitlines()[0] for n in (*m.applies, *m.needs, *m.bars))
        if m.override:
            needs = "写明理由和文书，由第二人确认。" + needs
        sources = "、".join(machine.label(s) for s in m.sources)
        "（状态不变）" if m.stays else machine.label(m.target)
        lines.append(
            f"| `{m.name}` | {m.label} | {sources} | {'（状态不变）' if m.stays else machine.label(m.target)} | {who} | {m.law} | {needs} "
            f"| {CLOCKS[m.clock]} | {m.paper} |"
        )
    if machine.deadlines:
        lines += ["", "## 期限", "", "| 期限 | 在哪些状态计算 | 依据 | 届满以后 |", "|---|---|---|---|"]
        for d in machine.deadlines:
            after = f"`{d.leads_to}` {machine.moves[d.leads_to].label}" if d.leads_to else d.otherwise
            lines.append(f"| {d.label} | {'、'.join(machine.label(s) for s in d.states)} | {d.law} | {after} |")
    return "\n".join(lines) + "\n"
