"""The unfoldable chapters of a guide: every element of the list (实施清单要素), named for the public. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from siban.kernel.ui.parts import Cell, Column, Table

from . import labels, wording
from .content import HandlingItem, ItemContent, Material, Window


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of a section: what it is called and what it says; `url` where it leads somewhere."""

    key: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """An unfoldable part of the guide."""

    id: str
    title: str
    pairs: tuple[Pair, ...] = ()
    table: Table | None = None
    lines: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.pairs and not self.lines and (self.table is None or not self.table.rows)


def pairs(*said: "tuple[str, object] | tuple[str, object, str | None]") -> tuple[Pair, ...]:
    """The lines that say something."""
    found = ((s[0], _text(s[1]), (s[2] if len(s) > 2 else "") or "") for s in said)
    return tuple(Pair(key, value, url) for key, value, url in found if value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "、".join(str(v) for v in value)
    return str(value)


def sections(content: ItemContent, org_names: Mapping[str, str]) -> list[Section]:
    """All elements of the list (实施清单要素), in the order in which people ask."""
    return [
        Section(
            "conditions",
            "受理条件",
            lines=content.accept_conditions,
            pairs=pairs(("数量限制", content.quantity_limit)),
        ),
        _situations(content),
        _handling(content),
        _steps(content),
        _special(content),
        _limits(content),
        _charges(content),
        _result(content),
        _places(content),
        _online(content),
        _conveniences(content),
        _intermediaries(content),
        Section("questions", "常见问题", pairs=tuple(Pair(f.question, f.answer) for f in content.faqs)),
        _basis(content),
        _remedies(content),
        _identity(content, org_names),
    ]


def _situations(content: ItemContent) -> Section:
    if not content.situations:
        return Section("situations", "情形和材料")
    names = {m.id: m.name for m in content.materials}
    rows = [(leaf.path, "、".join(names.get(m, m) for m in leaf.materials)) for leaf in content.situations.leaves]
    asked_ = "；".join(q.question for q in content.situations.questions)
    table = Table("各种情形要交的材料", ["情形", "材料"], rows, caption_hidden=True)
    return Section("situations", "情形和材料", table=table, pairs=pairs(("办理前会问您", asked_)))


def materials_of(content: ItemContent, handling: HandlingItem) -> tuple[Material, ...]:
    """What a handling item asks for: its own materials, else those of its situation, else all."""
    leaves = content.situations.leaves if content.situations else ()
    leaf = next((leaf for leaf in leaves if leaf.scenario_id == handling.scenario_id), None)
    wanted = set(handling.materials or (leaf.materials if leaf else ()))
    return tuple(m for m in content.materials if m.id in wanted) if wanted else content.materials


def _handling(content: ItemContent) -> Section:
    """业务办理项: the ways in which the item is handled, each with its code and materials."""
    paths = {leaf.scenario_id: leaf.path for leaf in (content.situations.leaves if content.situations else ())}
    rows = [
        (
            Cell(h.name, note=h.code), paths.get(h.scenario_id or "", "不分情形"),
            "、".join(m.name for m in materials_of(content, h)),
        )
        for h in content.handling_items
    ]  # fmt: skip
    table = Table("业务办理项", ["业务办理项", "情形", "材料"], rows, caption_hidden=True)
    return Section("handling", "业务办理项", table=table)


def _steps(content: ItemContent) -> Section:
    rows = [
        (
            f"{s.seq}. {s.name}", Cell(s.handler_org or "", note=s.handler_role or ""),
            labels.days(s.time_limit_value, s.time_limit_unit), s.standard or "",
            Cell(s.result or "", note=f"特别程序：{s.special_note}" if s.has_special and s.special_note else ""),
        )
        for s in content.process_steps
    ]  # fmt: skip
    heads: list[Column | str] = [
        Column("环节", nowrap=True),
        "办理单位",
        Column("时限", nowrap=True),
        "审查标准",
        "结果",
    ]
    return Section("steps", "办理流程", table=Table("办理流程", heads, rows, caption_hidden=True))


def _special(content: ItemContent) -> Section:
    rows = [
        (
            p.type,
            labels.days(p.time_limit, p.unit),
            "不计入办理期限" if p.stop_clock else "计入办理期限",
            p.legal_basis or "",
        )
        for p in content.special_procedures
    ]
    heads = ["种类", "所需时间", "期限计算", "依据"]
    return Section("special", "特别程序", table=Table("特别程序", heads, rows, caption_hidden=True))


def _limits(content: ItemContent) -> Section:
    legal, promised = content.legal_limit, content.promised_limit
    return Section(
        "limits",
        "办理时限",
        pairs(
            ("办件类型", labels.CASE_TYPES[content.case_type]),
            ("法定时限", legal.words),
            ("法定时限依据", legal.basis),
            ("法定时限说明", legal.note),
            ("承诺时限", promised.words),
            ("承诺时限依据", promised.basis),
            ("承诺时限说明", promised.note),
        ),
    )


def _charges(content: ItemContent) -> Section:
    rows = [
        (c.name, c.standard or "", c.legal_basis or "", "可以减免" if c.reducible else "不减免")
        for c in content.charging.items
    ]
    table = Table("收费项目", ["项目", "标准", "依据", "减免"], rows, caption_hidden=True)
    told = pairs(
        ("是否收费", labels.yes(content.charging.is_charging)), ("收费说明", content.charging.note),
        ("网上支付", labels.yes(content.online.is_online_payment)),
    )  # fmt: skip
    return Section("charges", "收费", told, table if rows else None)


def _result(content: ItemContent) -> Section:
    certificate = wording.certificate_names().get(content.result.ecert_type_id or "", "")
    return Section(
        "result",
        "办理结果",
        pairs(
            ("结果类型", content.result.type),
            ("结果名称", content.result.name),
            ("电子证照", certificate),
            ("结果样本", content.result.sample_file),
        ),
    )


def place(window: Window) -> str:
    """A window in a line, with its kind."""
    kind = labels.WINDOWS.get(window.windows_type or "", "")
    note = labels.ADDRESS.get(window.address_status or "", "")
    said = "，".join(part for part in (kind, note) if part)
    return window.address + (f"（{said}）" if said else "")


def _places(content: ItemContent) -> Section:
    maps = [f"北纬 {w.lat}，东经 {w.lng}" for w in content.windows if w.lat is not None and w.lng is not None]
    return Section(
        "places",
        "办理地点、时间和电话",
        pairs(
            *(("办理地点", place(w)) for w in content.windows),
            ("位置", maps),
            ("办理时间", content.office_hours),
            ("咨询电话", content.consult_phones),
            ("监督投诉电话", content.complain_phones),
            ("进驻政务服务大厅", labels.yes(content.is_in_hall)),
        ),
    )


def _online(content: ItemContent) -> Section:
    said = content.online
    return Section(
        "online",
        "网上办理",
        pairs(
            ("网上办理", labels.yes(said.is_online)),
            ("网办深度", labels.DEPTHS[said.online_depth]),
            ("网上可以办到", [labels.STAGES[c] for c in said.online_stage_codes]),
            ("到现场次数", said.onsite_visits),
            ("必须到现场的原因", said.onsite_reason),
            ("手机办理", labels.yes(said.is_mobile)),
            ("手机办理地址", said.mobile_url, said.mobile_url),
            ("政务服务网地址", said.portal_url, said.portal_url),
            ("使用部门业务系统", labels.yes(said.via_dept_system)),
            ("业务系统", said.dept_system_name),
            ("业务系统地址", said.dept_system_url, said.dept_system_url),
            ("系统所在网络", labels.NETWORKS.get(said.system_network or "", said.system_network)),
            ("系统建设方式", said.build_mode),
            ("一次登录", labels.yes(said.is_sso)),
            ("网上预约", labels.yes(said.is_appointment)),
            ("自助机办理", labels.yes(said.is_self_service)),
        ),
    )


def _conveniences(content: ItemContent) -> Section:
    names = {m.id: m.name for m in content.materials}
    deficiency, commitment, delayed = content.deficiency, content.commitment, content.delayed_service or {}
    letter = content.authorisation_letter or {}
    said = content.online
    return Section(
        "conveniences",
        "便民服务",
        pairs(
            ("免证办", labels.yes(said.is_cert_free)),
            ("减证办", labels.yes(said.is_cert_reduced)),
            ("快递服务", labels.yes(said.is_express)),
            ("材料可以邮寄", labels.yes(said.mail_material)),
            ("结果可以邮寄", labels.yes(said.mail_result)),
            ("通办范围", content.cross_region_scope),
            ("收件即受理", labels.yes(content.accept_on_receipt)),
            ("收件即受理授权书", [v for v in (letter.get("no"), letter.get("file")) if v]),
            ("缺材料可以先受理", labels.yes(content.is_deficiency)),
            ("可以后补的材料", [names.get(m, m) for m in deficiency.materials] if deficiency else None),
            ("补齐期限", labels.days(deficiency.days, deficiency.unit) if deficiency else None),
            ("逾期不补的后果", deficiency.overdue if deficiency else None),
            ("告知承诺", labels.yes(content.is_commitment)),
            ("承诺内容", commitment.content if commitment else None),
            ("承诺不实的责任", commitment.legal_liability if commitment else None),
            ("承诺后的监管", commitment.supervision if commitment else None),
            (
                "承诺后核查期限",
                f"{commitment.post_check_days} 日内" if commitment and commitment.post_check_days else None,
            ),
            ("延时服务", labels.yes(content.is_delayed_service)),
            ("延时服务种类", [labels.DELAYED.get(k, k) for k in delayed.get("kinds") or ()]),
            ("延时服务时间", delayed.get("hours")),
            ("延时服务内容", delayed.get("content")),
            ("延时服务需要预约", labels.yes(delayed.get("appointment_required"))),
        ),
    )


def _intermediaries(content: ItemContent) -> Section:
    rows = [
        (i.name, i.legal_basis or "", "可以自行选择机构" if i.provider_selectable else "由指定机构办理")
        for i in content.intermediaries
    ]
    table = Table("中介服务", ["服务", "依据", "机构"], rows, caption_hidden=True)
    told = pairs(("需要中介服务", labels.yes(content.has_intermediary)))
    return Section("intermediaries", "中介服务", told, table if rows else None)


def _basis(content: ItemContent) -> Section:
    rows = [(b.law, b.article, b.gist) for b in content.legal_basis]
    return Section("basis", "设定依据", table=Table("设定依据", ["名称", "条款", "内容"], rows, caption_hidden=True))


def _remedies(content: ItemContent) -> Section:
    return Section(
        "remedies",
        "行政复议和行政诉讼",
        pairs(("行政复议机关", content.review_org), ("行政诉讼法院", content.lawsuit_org)),
    )


def _identity(content: ItemContent, org_names: Mapping[str, str]) -> Section:
    joint = [org_names.get(code, code) for code in content.joint_depts]
    guidance = content.guidance_dept_id
    versions = [f"{labels.CHANNELS.get(c, c)}第 {n} 版" for c, n in content.guide_versions.items()]
    return Section(
        "identity",
        "事项信息",
        pairs(
            ("事项名称", content.name),
            ("事项类型", content.item_type_name),
            ("事项子类", labels.SUB_TYPES.get(content.sub_type or "", content.sub_type)),
            ("服务方式", labels.MODES.get(content.public_service_mode or "", "")),
            ("基本编码", content.basic_code),
            ("实施编码", content.impl_code),
            ("业务办理项编码", content.handling_code),
            ("编码说明", labels.ILLUSTRATIVE.get(content.code_status or "", "")),
            ("实施主体", content.dept_name),
            ("实施主体代码", content.dept_uscc),
            ("实施主体性质", labels.NATURES.get(content.dept_nature or "", "")),
            ("业务指导部门", org_names.get(guidance, guidance) if guidance else None),
            ("委托部门", content.entrust_dept),
            ("基层办理方式", labels.GRASSROOTS.get(content.grassroots_mode or "", "")),
            ("联合办理部门", joint),
            ("行使层级", labels.LEVELS[content.exercise_level]),
            ("可以办理的层级", [labels.LEVELS[n] for n in content.levels]),
            ("权力来源", labels.POWER_SOURCES.get(content.power_source or 0, "")),
            ("服务对象", [labels.OBJECTS[o] for o in content.service_objects]),
            ("个人办事主题", content.natural_topics),
            ("法人办事主题", content.legal_topics),
            *(("权责清单", p.id, p.url) for p in content.power_list),
            ("指南版本", versions),
            ("生效日期", content.effective_at),
            ("指南公布日期", content.guide_published_at),
            ("版本", f"第 {content.version} 版"),
        ),
    )
