"""Whether the elements are of the right kind at all, so that the other checks can rely on it."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import ITEM

GROUPS = (
    "legal_limit", "promised_limit", "online", "situations", "deficiency", "commitment", "charging", "result",
    "guide_versions", "authorisation_letter", "delayed_service",
)  # fmt: skip
ROWS = (
    "legal_basis", "materials", "process_steps", "windows", "power_list", "intermediaries", "faqs",
    "special_procedures",
)  # fmt: skip
WORDS = (
    "service_objects", "natural_topics", "legal_topics", "accept_conditions", "consult_phones", "complain_phones",
)  # fmt: skip
YES_NO = (
    "is_in_hall", "accept_on_receipt", "is_delayed_service", "has_situations", "is_deficiency", "is_commitment",
)  # fmt: skip
ONLINE_YES_NO = (
    "is_online", "is_mobile", "via_dept_system", "is_online_payment", "is_express", "mail_material", "mail_result",
    "is_cert_free",
)  # fmt: skip
TEXTS = ("item_type", "status", "name", "office_hours", "case_type", "public_service_mode", "handling_code")


def misshapen(item: dict[str, Any]) -> list[Found]:
    """Elements of the wrong kind; nothing said (None, an empty text) is of any kind."""
    wrong: list[Found] = []
    get = item.get
    for name in GROUPS:
        if (value := get(name)).__class__ is not dict and value is not None and value != "":
            wrong.append(Found(name, value, _why(name, value, "一组要素")))
    for name in ROWS:
        if (rows := get(name)).__class__ is list:
            _rows(wrong, name, rows)
        elif rows is not None and rows != "":
            wrong.append(Found(name, rows, _why(name, rows, "逐条的列表")))
    for name in WORDS:
        if (words := get(name)).__class__ is list:
            for word in words:
                if word.__class__ is not str and word.__class__ is not int:
                    wrong.append(Found(name, words, f"要素“{name}”里的“{word}”应为文字。"))
                    break
        elif words is not None and words != "":
            wrong.append(Found(name, words, _why(name, words, "逐条的列表")))
    for name in YES_NO:
        if (value := get(name)) is not True and value is not False and value is not None and value != "":
            wrong.append(Found(name, value, _why(name, value, "“是”（true）或者“否”（false）")))
    for name in TEXTS:
        if (value := get(name)).__class__ is not str and value is not None:
            wrong.append(Found(name, value, _why(name, value, "文字（数字编码要加引号）")))
    if (online := get("online")).__class__ is dict:
        for name in ONLINE_YES_NO:
            if (value := online.get(name)) is not True and value is not False and value is not None and value != "":
                wrong.append(Found(f"online.{name}", value, _why(name, value, "“是”（true）或者“否”（false）")))
    if (charging := get("charging")).__class__ is dict:
        if (
            (value := charging.get("is_charging")) is not True
            and value is not False
            and value is not None
            and value != ""
        ):
            wrong.append(Found("charging.is_charging", value, _why("is_charging", value, "“是”或者“否”")))
        _inner(wrong, "charging.items", charging.get("items"))
    if (situations := get("situations")).__class__ is dict:
        _situations(wrong, situations)
    if (deficiency := get("deficiency")).__class__ is dict:
        _listed(wrong, "deficiency.materials", deficiency.get("materials"))
    return wrong


def _rows(wrong: list[Found], path: str, rows: list[Any]) -> None:
    for index, row in enumerate(rows):
        if row.__class__ is not dict:
            wrong.append(
                Found(f"{path}[{index}]", row, f"“{path}”的第 {index + 1} 条应是一组要素，现为“{_shown(row)}”。")
            )


def _inner(wrong: list[Found], path: str, rows: Any) -> bool:
    if rows.__class__ is list:
        before = len(wrong)
        _rows(wrong, path, rows)
        return len(wrong) == before
    if rows is not None and rows != "":
        wrong.append(Found(path, rows, _why(path, rows, "逐条的列表")))
    return False


def _listed(wrong: list[Found], path: str, value: Any) -> None:
    if value is not None and value != "" and value.__class__ is not list:
        wrong.append(Found(path, value, _why(path, value, "逐条的列表")))


def _situations(wrong: list[Found], said: dict[str, Any]) -> None:
    _listed(wrong, "situations.common_materials", said.get("common_materials"))
    if _inner(wrong, "situations.leaves", said.get("leaves")):
        for n, leaf in enumerate(said["leaves"]):
            _listed(wrong, f"situations.leaves[{n}].materials", leaf.get("materials"))
    if _inner(wrong, "situations.questions", said.get("questions")):
        for n, question in enumerate(said["questions"]):
            if _inner(wrong, f"situations.questions[{n}].options", question.get("options")):
                for m, option in enumerate(question["options"]):
                    _listed(wrong, f"situations.questions[{n}].options[{m}].materials", option.get("materials"))


def _shown(value: object) -> str:
    return str(value)[:40]


def _why(name: str, value: object, should: str) -> str:
    return f"要素“{name}”应是{should}，现为“{_shown(value)}”。"


@ITEM.check(
    "TYPE", "要素的类型正确", "E",
    source="GB/T 39046—2020 数据项；政务服务事项要素表",
    mend="照随产品提供的文件的写法改：一组要素写成“名称: 值”，列表逐条写，是否写 true 或者 false，编码加引号。",
    example=Example(good={"promised_limit": {"value": 5, "unit": "workday"}}, bad={"promised_limit": "五个工作日"}),
)  # fmt: skip
def elements_are_of_their_kind(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """要素的类型不对，例如该是列表的写成了一句话。"""
    return iter(misshapen(item))
