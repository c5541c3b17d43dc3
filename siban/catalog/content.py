"""The elements of an implementation list (实施清单要素) as typed data, shaped as they are written down and exchanged.

Every struct follows item_elements.md §4–5; the published version keeps the same structure as JSON, so the path of a
finding (`promised_limit.value`, `materials[2].copy_count`) is the path in the data, in the editor and in the file.
"""

from typing import Any, Literal

import msgspec

from .amounts import Charge, Charging, Limit
from .situations.tree import Leaf, Option, Question, SituationOpen, Situations, Way

__all__ = [
    "CaseType", "Charge", "Charging", "Commitment", "Deficiency", "Faq", "FormField", "Intermediary", "ItemContent",
    "Leaf", "LegalBasis", "Limit", "Material", "Online", "Option", "PowerLink", "ProcessStep", "Question", "Result",
    "SituationOpen", "Situations", "SpecialProcedure", "Way", "Window", "read",
]  # fmt: skip


class LegalBasis(msgspec.Struct, frozen=True):
    """设定依据: law, article, gist."""

    law: str
    article: str = ""
    gist: str = ""
    confidence: str = ""


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
        wanted = self.situations.materials(self.way(answers))
        return tuple(m for m in self.materials if m.id in wanted)

    def way(self, answers: "dict[str, str]") -> Way:
        """The way these answers take through the situations. Raises SituationOpen while a question is open."""
        way = self.situations.walk(answers) if self.situations else Way(())
        if way.open is not None:
            raise SituationOpen(way.open)
        return way

    def limit_for(self, answers: "dict[str, str]") -> Limit:
        """The promised limit in a situation; the item's own while a question is open."""
        return self.situations.walk(answers).limit(self.promised_limit) if self.situations else self.promised_limit

    def scenario_id(self, answers: "dict[str, str]") -> str:
        """`q1a/q2b`: the path taken, empty for an item without situations."""
        return self.way(answers).scenario_id


def read(content: "dict[str, Any]") -> ItemContent:
    """Typed elements from their JSON form. Raises msgspec.ValidationError naming the path of a wrong element."""
    return msgspec.convert(content, ItemContent)


CaseType = Literal["instant", "promised", "other"]
