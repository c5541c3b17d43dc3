"""The guide (办事指南) of a version, in the words of the public: every element once, the first screen on its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from siban.kernel.ui.parts import Row

from . import labels, wording
from .blanks.links import links
from .chapters import Pair, Section, pairs, sections
from .content import ItemContent, Material, Question, Way


@dataclass(frozen=True, slots=True)
class Paper:
    """A material as the applicant reads it."""

    id: str
    name: str
    note: str
    how: str
    condition: str
    waived_by: str
    files: tuple[Pair, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A situation question with the answer given so far."""

    question: Question
    answer: str


@dataclass(frozen=True, slots=True)
class Guide:
    """All a guide page shows, apart from who looks at it."""

    content: ItemContent
    content_hash: str
    suspended: bool
    who: tuple[str, ...]
    conditions: tuple[str, ...]
    where: tuple[str, ...]
    limit: str
    cost: str
    visits: str
    asking: tuple[Asking, ...]
    answers: Mapping[str, str]
    open_question: bool
    papers: tuple[Paper, ...]
    all_papers: int
    sections: tuple[Section, ...]

    @property
    def first_rows(self) -> list[Row]:
        """The first screen: who, where, when, how long, what it costs, how often one has to come."""
        said = (
            ("谁能办", "、".join(self.who)),
            ("办理条件", "；".join(self.conditions)),
            ("在哪里办", "；".join(self.where)),
            ("什么时候办", self.content.office_hours),
            ("要多久", self.limit),
            ("要花多少钱", self.cost),
            ("要跑几次", self.visits),
            ("办成后得到", self.content.result.name),
            ("咨询电话", "、".join(self.content.consult_phones)),
        )
        return [Row(key, value) for key, value in said if value]

    @property
    def apply_url(self) -> str:
        """Where an application for this item is started, with the situation already answered."""
        said = "&".join(f"{k}={v}" for k, v in self.answers.items())
        return f"/apply/{self.content.impl_code}/" + (f"?{said}" if said else "")


def build(
    content: ItemContent, *, content_hash: str, given: Mapping[str, str], org_names: Mapping[str, str], suspended: bool
) -> Guide:
    """The guide of a version in the situation chosen so far.

    Args:
        given: `{question id: option id}`.
        org_names: names of the departments that take part, by code.
    """
    way = content.situations.walk(given) if content.situations else Way(())
    is_open = way.open is not None
    materials = content.materials if is_open or not content.situations else content.materials_for(way.answers)
    return Guide(
        content=content,
        content_hash=content_hash,
        suspended=suspended,
        who=tuple(labels.OBJECTS[o] for o in content.service_objects),
        conditions=content.accept_conditions,
        where=tuple(w.address for w in content.windows),
        limit=way.limit(content.promised_limit).words,
        cost=way.charging(content.charging).words,
        visits=visits(content),
        asking=tuple(Asking(x.question, x.option.id if x.option else "") for x in way.stops if x.why != "idle"),
        answers=way.answers,
        open_question=is_open,
        papers=tuple(paper(content, m) for m in materials),
        all_papers=len(content.materials),
        sections=tuple(s for s in sections(content, org_names) if not s.empty),
    )


def visits(content: ItemContent) -> str:
    """How often one has to come, and why."""
    count = content.online.onsite_visits
    if count is None:
        return ""
    if count == 0:
        return "不用到现场，网上可以办完"
    return f"需要到现场 {count} 次" + (f"：{content.online.onsite_reason}" if content.online.onsite_reason else "")


def paper(content: ItemContent, material: Material) -> Paper:
    """A material with everything that is asked of it."""
    counts = [f"原件 {material.original_count} 份"] if material.original_count else []
    counts += [f"复印件 {material.copy_count} 份"] if material.copy_count else []
    waived = wording.certificate_names().get(material.ecert_type_id or "", "")
    return Paper(
        id=material.id,
        name=material.name,
        note="、".join(counts),
        how="网上填写" if material.form_fields else "",
        condition=material.case_condition or "",
        waived_by=waived,
        files=links(content, material),
        pairs=pairs(
            ("是否必须", labels.NECESSITY[material.necessity]),
            ("什么情况下提交", material.case_condition),
            ("材料类型", material.category),
            ("原件或者复印件", labels.KINDS.get(material.kind or "", "")),
            ("材料形式", labels.MEDIA.get(material.medium or "", "")),
            ("原件份数", material.original_count),
            ("复印件份数", material.copy_count),
            ("材料来源", labels.SOURCES.get(material.source_type or "", "")),
            ("出具单位", material.issuing_body),
            ("出具时间要求", material.issue_time_req),
            ("规格", material.paper_spec),
            ("复印要求", material.copy_requirement),
            ("填写须知", material.fill_notice),
            ("受理标准", material.accept_standard),
            ("审查要点", "；".join(material.review_points)),
            ("依据", material.legal_basis),
            ("是否申请表", labels.yes(material.is_form)),
            ("须本人现场填写", labels.yes(material.sign_on_site) if material.is_form else ""),
            ("可以替代的电子证照", waived),
            ("填写内容", [f.name for f in material.form_fields]),
        ),
    )
