"""The elements said once for an item, in groups, each bound to its path in the content."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from siban.kernel.ui import forms as ui_forms

from .. import labels, rules
from ..content import Limit

PHONE = re.compile(r"^[0-9][0-9\-转 ]{2,29}$")
LONGEST_DAYS = 3650
TEXT, NOTE = 300, 4000
WORDS = ("word", "words")  # kinds whose element is an empty word, never nothing


@dataclass(frozen=True, slots=True)
class Asked:
    """One element on the page: its path in the content and how it is asked."""

    path: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 0

    @property
    def name(self) -> str:
        return self.path.replace(".", "__")

    @property
    def top(self) -> str:
        """The element of the list this belongs to, as the locking rule names it."""
        return self.path.split(".")[0]


def _choices(known: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(code), words) for code, words in known.items())


YES_NO = (("", "没有写明"), ("yes", "有"), ("no", "没有"))
UNITS = (("", "没有"), ("workday", "工作日"), ("natural_day", "自然日"))
GROUPS: tuple[tuple[str, tuple[Asked, ...]], ...] = (
    ("办件类型和时限", (
        Asked("case_type", "办件类型", "choice", choices=_choices(labels.CASE_TYPES)),
        Asked("legal_limit.value", "法定时限（天数）", "count", "没有法定期限的不填", most=LONGEST_DAYS),
        Asked("legal_limit.unit", "法定时限单位", "choice", choices=UNITS),
        Asked("legal_limit.basis", "法定时限依据"),
        Asked("promised_limit.value", "承诺时限（天数）", "count", "当场办结填 0；不能超过法定时限", most=LONGEST_DAYS),
        Asked("promised_limit.unit", "承诺时限单位", "choice", choices=UNITS),
        Asked("promised_limit.note", "承诺时限说明"),
    )),
    ("谁能办、什么条件", (
        Asked("service_objects", "服务对象", "several", choices=_choices(labels.OBJECTS)),
        Asked("accept_conditions", "受理条件", "lines", "每行一条"),
        Asked("quantity_limit", "数量限制"),
        Asked("natural_topics", "个人办事主题", "lines", "每行一个，例如：婚姻登记"),
        Asked("legal_topics", "法人办事主题", "lines", "每行一个，例如：准营准办"),
    )),
    ("办理时间和电话", (
        Asked("office_hours", "办理时间", hint="例如：星期一至星期五：上午08:30-12:00，下午14:30-17:30（法定节假日除外）"),
        Asked("consult_phones", "咨询电话", "phones", "每行一个，例如：0470-1234567"),
        Asked("complain_phones", "监督投诉电话", "phones", "每行一个"),
        Asked("is_in_hall", "已进驻政务服务大厅", "flag"),
    )),
    ("网上办理", (
        Asked("online.is_online", "可以网上办理", "flag"),
        Asked("online.online_depth", "网办深度", "code", choices=_choices(labels.DEPTHS)),
        Asked("online.onsite_visits", "到现场次数", "count", most=9),
        Asked("online.onsite_reason", "必须到现场的原因"),
        Asked("online.is_mobile", "可以用手机办理", "flag"),
        Asked("online.mobile_url", "手机办理地址", "address"),
        Asked("online.portal_url", "政务服务网地址", "address"),
        Asked("online.is_appointment", "可以网上预约", "flag"),
        Asked("online.is_self_service", "可以在自助机办理", "flag"),
        Asked("online.is_online_payment", "可以网上支付", "flag"),
        Asked("online.is_sso", "一次登录", "flag"),
    )),
    ("便民服务", (
        Asked("online.is_express", "提供快递服务", "flag"),
        Asked("online.mail_material", "材料可以邮寄", "flag"),
        Asked("online.mail_result", "结果可以邮寄", "flag"),
        Asked("online.is_cert_free", "免证办", "flag"),
        Asked("online.is_cert_reduced", "减证办", "flag"),
        Asked("is_delayed_service", "提供延时服务", "flag"),
        Asked("cross_region_scope", "通办范围"),
    )),
    ("收费和办理结果", (
        Asked("charging.is_charging", "收费", "flag"),
        Asked("charging.note", "收费说明"),
        Asked("has_intermediary", "办理前要做中介服务", "yes_no", "例如检测、评估报告；有的在下面逐项写依据", YES_NO),
        Asked("result.type", "结果类型", "choice", choices=tuple((t, t) for t in labels.RESULTS)),
        Asked("result.name", "结果名称", "word"),
        Asked("result.sample_file", "结果样本"),
    )),
    ("部门业务系统", (
        Asked("online.via_dept_system", "通过部门业务系统办理", "flag"),
        Asked("online.dept_system_name", "系统名称"),
        Asked("online.dept_system_url", "系统地址", "address"),
        Asked("online.build_mode", "系统建设方式", "choice", choices=(("", "没有写明"), *((m, m) for m in labels.BUILT))),
        Asked("online.system_network", "系统所在网络", "choice", choices=(("", "没有写明"), *_choices(labels.NETWORKS))),
    )),
    ("延时服务", (
        Asked("delayed_service.kinds", "延时的时段", "several", choices=_choices(labels.DELAYED)),
        Asked("delayed_service.hours", "具体时间", hint="例如：星期六、日：09:00-12:00"),
        Asked("delayed_service.content", "办理内容", hint="例如：接收材料、咨询、受理"),
        Asked("delayed_service.appointment_required", "需要预约", "flag"),
    )),
    ("容缺受理", (
        Asked("is_deficiency", "可以容缺受理", "flag"),
        Asked("deficiency.materials", "可以后补的材料", "materials", "补齐以前不发结果；法定的实质要件不能后补"),
        Asked("deficiency.days", "补齐期限（天数）", "count", most=LONGEST_DAYS),
        Asked("deficiency.unit", "补齐期限单位", "choice", choices=UNITS),
        Asked("deficiency.overdue", "逾期怎么办", "note"),
    )),
    ("告知承诺", (
        Asked("is_commitment", "可以告知承诺", "flag"),
        Asked("commitment.content", "承诺内容", "words"),
        Asked("commitment.legal_liability", "法律责任", "words"),
        Asked("commitment.supervision", "监管细则", "words"),
        Asked("commitment.post_check_days", "决定后多少天内核查", "count", most=LONGEST_DAYS),
    )),
    ("收件即受理", (
        Asked("accept_on_receipt", "收件即受理", "flag", "收件时间就是受理时间，须有部门授权书"),
        Asked("authorisation_letter.no", "授权书文号"),
        Asked("authorisation_letter.file", "授权书文件"),
    )),
    ("救济渠道", (
        Asked("review_org", "行政复议机关"),
        Asked("lawsuit_org", "行政诉讼法院"),
    )),
)  # fmt: skip
ASKED = {a.name: a for _, group in GROUPS for a in group}


def at(content: Mapping[str, Any], path: str) -> Any:
    """The value at a path of the content; None where there is none."""
    found: Any = content
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def shown(kind: str, value: Any) -> Any:
    """A value of the content as its field shows it."""
    if kind in ("lines", "phones"):
        return "\n".join(value or ())
    if kind in ("several", "materials"):
        return list(value or ())
    if kind == "flag":
        return bool(value)
    if kind == "yes_no":
        return "" if value is None else "yes" if value else "no"
    if kind == "code":
        return "" if value is None else str(value)
    return "" if value is None else value


def kept(kind: str, value: Any) -> Any:
    """A cleaned value as the content keeps it."""
    if kind in ("lines", "phones"):
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if kind in ("several", "materials"):
        return sorted(value or ())
    if kind == "flag":
        return bool(value)
    if kind == "yes_no":
        return {"yes": True, "no": False}.get(value)
    if kind == "code":
        return int(value)
    if kind == "count":
        return value
    return value or ("" if kind in WORDS else None)


def field(asked: Asked, *, locked: bool = False) -> forms.Field:
    """The form field that asks for it."""
    said: dict[str, Any] = {"label": asked.label, "required": False, "help_text": asked.hint}
    if locked:
        said |= {"disabled": True, "help_text": "与上级事项一致，不在本级修改"}
    match asked.kind:
        case "choice" | "code" | "yes_no":
            return forms.ChoiceField(**said, choices=asked.choices)
        case "several" | "materials":
            return forms.MultipleChoiceField(**said, choices=asked.choices, widget=forms.CheckboxSelectMultiple)
        case "flag":
            return forms.BooleanField(**said)
        case "count":
            return forms.IntegerField(
                **said, min_value=0, max_value=asked.most,
                error_messages={
                    "min_value": f"{asked.label}不能是负数。", "max_value": f"{asked.label}最多填 {asked.most}。",
                },
            )  # fmt: skip
        case "lines" | "phones":
            return forms.CharField(**said, max_length=NOTE, widget=forms.Textarea({"rows": 3}))
        case "address":
            return forms.URLField(
                **said, max_length=TEXT, assume_scheme="https",
                error_messages={"invalid": f"{asked.label}应是完整的网址，例如 https://www.example.org/。"},
            )  # fmt: skip
        case "note" | "words":
            return forms.CharField(**said, max_length=NOTE, widget=forms.Textarea({"rows": 2}))
    return forms.CharField(**said, max_length=TEXT)


class ElementsForm(ui_forms.Form):
    """Every element of `GROUPS` over the content of a draft; what the level above fixes is greyed."""

    def __init__(self, data: Any = None, *, content: Mapping[str, Any], locked: Collection[str] = ()) -> None:
        fields = {name: field(a, locked=a.top in locked) for name, a in ASKED.items()}
        self.base_fields = fields  # type: ignore[misc]  # which are greyed differs from draft to draft
        super().__init__(data, initial={name: shown(a.kind, at(content, a.path)) for name, a in ASKED.items()})
        own = [(m["id"], m["name"]) for m in content.get("materials") or () if m.get("id")]
        for name in (name for name, a in ASKED.items() if a.kind == "materials"):
            self.fields[name].choices = own  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, str, list[Any]]]:
        """(anchor, title, fields) of each group, in order."""
        return [
            (f"g{number}", title, [self[a.name] for a in group]) for number, (title, group) in enumerate(GROUPS, 1)
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in ("consult_phones", "complain_phones"):
            wrong = [line for line in kept("phones", said.get(name)) if not PHONE.match(line)]
            if wrong:
                self.add_error(name, f"“{wrong[0][:30]}”不是电话号码，只能填数字和“-”，每行一个。")
        limits = []
        for name, words in (("legal_limit", "法定时限"), ("promised_limit", "承诺时限")):
            value, unit = said.get(f"{name}__value"), said.get(f"{name}__unit") or None
            if value and not unit:
                self.add_error(f"{name}__unit", f"请选择{words}是工作日还是自然日。")
            limits.append(Limit(value, unit))
        legal, promised = (rules.comparable_days(limit) for limit in limits)
        if legal is not None and promised is not None and promised > legal:
            self.add_error(
                "promised_limit__value",
                f"承诺时限（{limits[1].words}）超过法定时限（{limits[0].words}），请改短。",  # 行政许可法 art. 42
            )
        return said
