"""The guide (办事指南) of a version, in the words of the public: every element once, the first screen on its own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from siban.kernel.ui.parts import Row

from . import labels, wording
from .blanks.links import links
from .chapters import Pair, Section, pairs, sections
from .content import ItemContent, Limit, Material, Question, Way


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
    fewest: int
    most: int
    time: Limit
    path: str
    sections: tuple[Section, ...]
    usual: str = ""

    @property
    def who_words(self) -> str:
        """Who may come, in everyday words."""
        return "、".join(self.who)

    @property
    def bring(self) -> str:
        """How many papers, in a line."""
        if self.open_question and self.fewest != self.most:
            return f"{self.fewest} 至 {self.most} 份材料，看您是哪种情况"
        count = self.fewest if self.open_question else len(self.papers)
        if not count:
            return "不用带材料"
        waived = sum(1 for p in self.papers if p.waived_by)
        if waived and not self.open_question:
            return f"{count} 份材料，其中 {waived} 份有电子证照的不用带"
        return f"{count} 份材料"

    @property
    def duration(self) -> str:
        """How long it takes, in everyday words: 当场办好, 5 个工作日内办好."""
        if self.time.value is None:
            return self.time.words
        return "当场办好" if self.time.value == 0 else f"{self.time.words}内办好"

    @property
    def ways_to_answer(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.asking)

    @property
    def query(self) -> str:
        """The answers as they stand in an address."""
        return urlencode(self.answers)

    @property
    def told(self) -> tuple[Pair, ...]:
        """Everything the guide says, element by element; every channel shows exactly this."""
        first = (("谁能办", self.who), ("到哪里", self.where), ("电话", self.content.consult_phones))
        said = [Pair(key, one) for key, ones in first for one in ones]
        said += [Pair("什么时候办", self.content.office_hours or ""), Pair("多久", self.duration)]
        said += [Pair("多少钱", self.cost), Pair("要跑几次", self.visits)]
        for paper in self.papers:
            said += [Pair("申请材料", paper.name), *paper.pairs]
        for section in self.sections:
            said += [Pair(section.title, line) for line in section.lines]
            said += section.pairs
            if section.table:
                said += [
                    Pair(section.title, str(getattr(cell, "text", cell))) for row in section.table.rows for cell in row
                ]
        return tuple(pair for pair in said if pair.value)

    @property
    def first_rows(self) -> list[Row]:
        """The first screen: who, where, when, how long, what it costs, how often one has to come."""
        said = (
            ("谁能办", "、".join(self.who)),
            ("办理条件", "；".join(self.conditions)),
            ("在哪里办", "；".join(self.where)),
            ("什么时候办", self.content.office_hours),
            ("要多久", self.duration),
            ("要花多少钱", self.cost),
            ("要跑几次", self.visits),
            ("办成后得到", self.content.result.name),
            ("咨询电话", "、".join(self.content.consult_phones)),
        )
        return [Row(key, value) for key, value in said if value]

    @property
    def apply_url(self) -> str:
        """Where an application for this item is started, with the situation already answered."""
        return f"/apply/{self.content.impl_code}/" + (f"?{self.query}" if self.answers else "")


def build(
    content: ItemContent,
    *,
    content_hash: str,
    given: Mapping[str, str],
    org_names: Mapping[str, str],
    suspended: bool,
    usual: str = "",
) -> Guide:
    """The guide of a version in the situation chosen so far.

    Args:
        given: `{question id: option id}`.
        org_names: names of the departments that take part, by code.
        usual: how long it really takes, in words; empty where too few cases say so.
    """
    way = content.situations.walk(given) if content.situations else Way(())
    is_open = way.open is not None
    counts = paper_counts(content)
    materials = content.materials if is_open or not content.situations else content.materials_for(way.answers)
    return Guide(
        content=content,
        content_hash=content_hash,
        suspended=suspended,
        usual=usual,
        who=tuple(labels.OBJECTS[o] for o in content.service_objects),
        conditions=content.accept_conditions,
        where=tuple(w.address for w in content.windows),
        limit=way.limit(content.promised_limit).words,
        cost=way.cost(content.charging.words),
        visits=visits(content),
        asking=tuple(Asking(x.question, x.option.id if x.option else "") for x in way.stops if x.why != "idle"),
        answers=way.answers,
        open_question=is_open,
        papers=tuple(paper(content, m) for m in materials),
        all_papers=len(content.materials),
        fewest=min(counts),
        most=max(counts),
        time=way.limit(content.promised_limit),
        path=way.label,
        sections=tuple(s for s in sections(content, org_names) if not s.empty),
    )


def paper_counts(content: ItemContent) -> list[int]:
    """How many materials each situation asks for."""
    tree, all_of_them = content.situations, {m.id for m in content.materials}
    ways = [len(tree.materials(way) & all_of_them) for way in tree.ways()] if tree else []
    return ways or [len(all_of_them)]


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
