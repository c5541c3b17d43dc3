"""The elements of an implementation list (实施清单要素) as typed data, shaped as they are written down and exchanged.

Every struct follows item_elements.md §4–5; the published version keeps the same structure as JSON, so the path of a
finding (`promised_limit.value`, `materials[2].copy_count`) is the path in the data, in the editor and in the file.
"""

from typing import Any, Literal

import msgspec


class LegalBasis(msgspec.Struct, frozen=True):
    """设定依据: law, article, gist."""

    law: str
    article: str = ""
    gist: str = ""
    confidence: str = ""


class Limit(msgspec.Struct, frozen=True):
    """时限: `value` None = 无法定期限; `unit` workday or natural_day."""

    value: int | None = None
    unit: str | None = None
    note: str | None = None
    basis: str | None = None

    @property
    def words(self) -> str:
        if self.value is None:
            return self.note or "无法定期限"
        if self.value == 0:
            return "当场办结"
        return f"{self.value} 个{'工作日' if self.unit == 'workday' else '自然日'}"


class Online(msgspec.Struct, frozen=True):
    """网办信息 (§5.2)."""

    is_online: bool = False
    online_depth: int = 1
    online_stage_codes: tuple[int, ...] = ()
    onsite_visits: int | None = None
    onsite_reason: str | None = None
    is_mobile: bool = False
    mobile_url: str | None = None
    portal_url: str | None = None
    via_dept_system: bool = False
    dept_system_name: str | None = None
    dept_system_url: str | None = None
    system_network: str | None = None
    build_mode: str | None = None
    is_sso: bool = False
    is_appointment: bool = False
    is_online_payment: bool = False
    is_express: bool = False
    mail_material: bool = False
    mail_result: bool = False
    is_self_service: bool = False
    is_cert_free: bool = False
    is_cert_reduced: bool = False


class FormField(msgspec.Struct, frozen=True):
    """A field of a form material; `element` is its data element."""

    name: str
    element: str
    type: str = "string"
    required: bool = False


class Material(msgspec.Struct, frozen=True):
    """申请材料 (§5.4)."""

    id: str
    name: str
    grain_id: str | None = None
    category: str = "其他"
    kind: str | None = None
    medium: str | None = None
    original_count: int | None = 0
    copy_count: int | None = 0
    source_type: str | None = None
    issuing_body: str | None = None
    issue_time_req: str | None = None
    necessity: str = "required"
    case_condition: str | None = None
    paper_spec: str | None = None
    copy_requirement: str | None = None
    fill_notice: str | None = None
    accept_standard: str | None = None
    legal_basis: str | None = None
    is_form: bool = False
    blank_form_file: str | None = None
    sample_form_file: str | None = None
    sign_on_site: bool = False
    scenario_ids: tuple[str, ...] = ()
    ecert_type_id: str | None = None
    review_points: tuple[str, ...] = ()
    form_fields: tuple[FormField, ...] = ()


class Option(msgspec.Struct, frozen=True):
    """An answer of a situation question and the materials it brings."""

    id: str
    label: str
    materials: tuple[str, ...] = ()
    next: str | None = None


class Question(msgspec.Struct, frozen=True):
    """情形问题."""

    id: str
    question: str
    options: tuple[Option, ...]


class Leaf(msgspec.Struct, frozen=True):
    """A complete path of answers with its material set."""

    scenario_id: str
    path: str
    materials: tuple[str, ...]


class Situations(msgspec.Struct, frozen=True):
    """情形: a tree of questions (data format of the situations)."""

    root: str
    common_materials: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    leaves: tuple[Leaf, ...] = ()


class Deficiency(msgspec.Struct, frozen=True):
    """容缺受理: which materials may follow later, within how many days."""

    materials: tuple[str, ...] = ()
    days: int = 5
    unit: str = "workday"
    letter_grain: str | None = None
    overdue: str | None = None


class Commitment(msgspec.Struct, frozen=True):
    """告知承诺: what is promised, liability, supervision, days until the later check."""

    content: str = ""
    legal_liability: str = ""
    supervision: str = ""
    post_check_days: int | None = None
    letter_grain: str | None = None


class ProcessStep(msgspec.Struct, frozen=True):
    """办理环节 with its four elements (环节、时限、标准、结果)."""

    seq: int
    name: str
    handler_org: str | None = None
    handler_role: str | None = None
    time_limit_value: int | None = None
    time_limit_unit: str | None = None
    standard: str | None = None
    result: str | None = None
    has_special: bool = False
    special_note: str | None = None


class SpecialProcedure(msgspec.Struct, frozen=True):
    """特别程序: stops the clock (行政许可法第四十五条)."""

    type: str
    time_limit: int | None = None
    unit: str | None = None
    legal_basis: str | None = None
    stop_clock: bool = True


class Charge(msgspec.Struct, frozen=True):
    """收费项目."""

    name: str
    standard: str | None = None
    legal_basis: str | None = None
    reducible: bool = False


class Charging(msgspec.Struct, frozen=True):
    """收费."""

    is_charging: bool | None = False
    items: tuple[Charge, ...] = ()
    note: str | None = None


class Result(msgspec.Struct, frozen=True):
    """办理结果."""

    type: str = "无"
    name: str = ""
    ecert_type_id: str | None = None
    sample_file: str | None = None


class Window(msgspec.Struct, frozen=True):
    """办理地点: a window of a venue."""

    venue_id: str | None = None
    street: str | None = None
    house_no: str | None = None
    building: str | None = None
    floor: str | None = None
    room_no: str | None = None
    window_no: str | None = None
    windows_type: str | None = None
    lat: float | None = None
    lng: float | None = None
    address_status: str | None = None

    @property
    def address(self) -> str:
        """街道、门牌、楼、层、房间、窗口 in one line."""
        return "".join(
            part
            for part in (self.street, self.house_no, self.building, self.floor, self.room_no, self.window_no)
            if part
        )


class PowerLink(msgspec.Struct, frozen=True):
    """A link to an entry of the power list (权责清单)."""

    id: str
    url: str | None = None


class Faq(msgspec.Struct, frozen=True):
    """常见问题."""

    question: str
    answer: str


class Intermediary(msgspec.Struct, frozen=True):
    """中介服务."""

    name: str
    legal_basis: str | None = None
    provider_selectable: bool = True


class HandlingItem(msgspec.Struct, frozen=True):
    """业务办理项: a way in which the item is handled, with its own code (实施编码 31 + 顺序号 2)."""

    code: str
    name: str
    scenario_id: str | None = None
    materials: tuple[str, ...] = ()


class ItemContent(msgspec.Struct, frozen=True):
    """All elements of one version of an implementation item."""

    id: str
    name: str
    basic_code: str
    impl_code: str
    item_type: str
    dept_id: str
    dept_name: str
    exercise_level: int
    handling_code: str | None = None
    handling_items: tuple[HandlingItem, ...] = ()
    code_status: str | None = None
    item_type_name: str = ""
    sub_type: str | None = None
    public_service_mode: str | None = None
    base_item_id: str | None = None
    guidance_dept_id: str | None = None
    grassroots_mode: str | None = None
    entrust_dept: str | None = None
    dept_uscc: str | None = None
    dept_nature: str | None = None
    levels: tuple[int, ...] = ()
    power_source: int | None = None
    joint_depts: tuple[str, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    service_objects: tuple[str, ...] = ()
    natural_topics: tuple[str, ...] = ()
    legal_topics: tuple[str, ...] = ()
    case_type: str = "promised"
    legal_limit: Limit = Limit()
    promised_limit: Limit = Limit()
    accept_conditions: tuple[str, ...] = ()
    quantity_limit: str | None = None
    online: Online = Online()
    is_in_hall: bool = False
    cross_region_scope: str | None = None
    accept_on_receipt: bool = False
    authorisation_letter: dict[str, Any] | None = None
    is_delayed_service: bool = False
    delayed_service: dict[str, Any] | None = None
    has_intermediary: bool | None = None
    intermediaries: tuple[Intermediary, ...] = ()
    materials: tuple[Material, ...] = ()
    has_situations: bool = False
    situations: Situations | None = None
    is_deficiency: bool = False
    deficiency: Deficiency | None = None
    is_commitment: bool = False
    commitment: Commitment | None = None
    process_steps: tuple[ProcessStep, ...] = ()
    special_procedures: tuple[SpecialProcedure, ...] = ()
    charging: Charging = Charging()
    result: Result = Result()
    windows: tuple[Window, ...] = ()
    office_hours: str | None = None
    consult_phones: tuple[str, ...] = ()
    complain_phones: tuple[str, ...] = ()
    review_org: str | None = None
    lawsuit_org: str | None = None
    power_list: tuple[PowerLink, ...] = ()
    faqs: tuple[Faq, ...] = ()
    status: str = "draft"
    version: int = 1
    effective_at: str | None = None
    guide_published_at: str | None = None
    guide_versions: dict[str, int] = {}
    confidence: dict[str, Any] = {}

    @property
    def is_instant(self) -> bool:
        return self.case_type == "instant"

    def material(self, material_id: str) -> Material:
        """The material with this id. Raises KeyError when there is none."""
        for m in self.materials:
            if m.id == material_id:
                return m
        raise KeyError(material_id)

    def materials_for(self, answers: "dict[str, str]") -> tuple[Material, ...]:
        """The materials of a situation: common ones and those of every answered option, in list order.

        Args:
            answers: `{question id: option id}`; questions off the path are ignored.

        Raises:
            SituationOpen: a question on the path has no (or no such) answer.
        """
        if not self.situations:
            return self.materials
        asked = {q.id: q for q in self.situations.questions}
        wanted, at = set(self.situations.common_materials), asked.get(self.situations.root)
        while at is not None:
            option = next((o for o in at.options if o.id == answers.get(at.id)), None)
            if option is None:
                raise SituationOpen(at)
            wanted |= set(option.materials)
            at = asked.get(option.next) if option.next else None
        return tuple(m for m in self.materials if m.id in wanted)

    def scenario_id(self, answers: "dict[str, str]") -> str:
        """`q1a/q2b`: the path taken, empty for an item without situations."""
        if not self.situations:
            return ""
        asked = {q.id: q for q in self.situations.questions}
        path, at = [], asked.get(self.situations.root)
        while at is not None:
            option = next((o for o in at.options if o.id == answers.get(at.id)), None)
            if option is None:
                raise SituationOpen(at)
            path.append(f"{at.id}{option.id}")
            at = asked.get(option.next) if option.next else None
        return "/".join(path)


class SituationOpen(LookupError):
    """A situation question still wants an answer; `question` says which."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"请先回答：{question.question}")
        self.question = question


def read(content: "dict[str, Any]") -> ItemContent:
    """Typed elements from their JSON form. Raises msgspec.ValidationError naming the path of a wrong element."""
    return msgspec.convert(content, ItemContent)


CaseType = Literal["instant", "promised", "other"]
