"""Checks of the terms of service: whom it is for, charges, intermediaries, results, credit and commitment."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import EMPTY, ITEM, NO_ROWS, blank

NATURAL_PERSON = "1"  # GB/T 39046—2020 A.4
CERTIFICATE = "证照"
ENDINGS = ("证", "照")
VOUCHER = "凭证"  # 凭证（电子）是办理记录，不是证照


@ITEM.check(
    "R17", "写明有无中介服务和依据", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 17 行（中介服务）",
    mend="明确选“有”或者“没有”；有的，逐项写明名称和设定依据。",
    example=Example(
        good={"has_intermediary": True, "intermediaries": [{"name": "检测报告", "legal_basis": "某某条例第三条"}]},
        bad={"has_intermediary": True, "intermediaries": [{"name": "检测报告", "legal_basis": ""}]},
    ),
)  # fmt: skip
def intermediaries_have_a_basis(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """没有写明有无中介服务，或者有中介服务却没有依据。"""
    said = item.get("has_intermediary")
    if said is not True and said is not False:
        yield Found("has_intermediary", said, "没有写明有无中介服务。")
    elif said:
        rows = item.get("intermediaries")
        if not rows:
            yield Found("intermediaries", rows, "写明有中介服务，但没有列出是哪些。")
        for index, row in enumerate(rows or NO_ROWS):
            if blank(row.get("legal_basis")):
                yield Found(
                    f"intermediaries[{index}].legal_basis", row.get("legal_basis"),
                    f"中介服务“{row.get('name') or index + 1}”没有设定依据。",
                )  # fmt: skip


@ITEM.check(
    "R21", "服务对象与主题分类一致", "W",
    source="温州市事项质检规则（公开）；GB/T 39046—2020 A.4",
    mend="面向自然人的填自然人主题，面向法人和其他组织的填法人主题，不面向的不填。",
    example=Example(
        good={"service_objects": ["1"], "natural_topics": ["社会保障"], "legal_topics": []},
        bad={"service_objects": ["1"], "natural_topics": ["社会保障"], "legal_topics": ["准营准办"]},
    ),
)  # fmt: skip
def objects_and_topics_agree(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """服务对象与主题分类对不上。"""
    objects = item.get("service_objects")
    if not objects:
        return
    natural, legal = item.get("natural_topics"), item.get("legal_topics")
    serves_natural = NATURAL_PERSON in objects
    serves_legal = len(objects) > 1 or not serves_natural
    if natural and not serves_natural:
        yield Found("natural_topics", natural, "服务对象没有自然人，却填了自然人主题。")
    elif serves_natural and not natural:
        yield Found("natural_topics", natural, "服务对象有自然人，却没有填自然人主题。")
    if legal and not serves_legal:
        yield Found("legal_topics", legal, "服务对象只有自然人，却填了法人主题。")
    elif serves_legal and not legal:
        yield Found("legal_topics", legal, "服务对象有法人或者其他组织，却没有填法人主题。")


@ITEM.check(
    "R30", "收费有依据有标准，不收费不开网上支付", "E",
    source="温州市事项质检规则（公开）",
    mend="收费的逐项写明名称、依据、标准；不收费的关闭网上支付。",
    example=Example(
        good={"charging": {"is_charging": True,
                           "items": [{"name": "工本费", "standard": "20元/证", "legal_basis": "某某条例第三条"}]}},
        bad={"charging": {"is_charging": True, "items": [{"name": "工本费", "standard": "20元/证", "legal_basis": ""}]}},
    ),
)  # fmt: skip
def charges_have_a_basis(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """收费没有依据或者标准，或者不收费却开了网上支付。"""
    charging = item.get("charging") or EMPTY
    charges = charging.get("is_charging")
    if charges is True:
        rows = charging.get("items")
        if not rows:
            yield Found("charging.items", rows, "写明收费，但没有列出收费项目。")
        for index, row in enumerate(rows or NO_ROWS):
            for name, words in (("name", "名称"), ("legal_basis", "依据"), ("standard", "标准")):
                if blank(row.get(name)):
                    yield Found(
                        f"charging.items[{index}].{name}", row.get(name),
                        f"收费项目“{row.get('name') or index + 1}”没有{words}。",
                    )  # fmt: skip
    elif charges is False and (item.get("online") or EMPTY).get("is_online_payment"):
        yield Found("online.is_online_payment", True, "不收费，却开了网上支付。")


@ITEM.check(
    "R32", "结果类型与名称相符，有样本", "W",
    source="温州市事项质检规则（公开）",
    mend="名称以“证”“照”结尾的，结果类型选证照；有结果的，上传结果样本。",
    example=Example(
        good={"result": {"type": "证照", "name": "经营许可证", "sample_file": "results/sample/a.pdf"}},
        bad={"result": {"type": "批文", "name": "经营许可证", "sample_file": "results/sample/a.pdf"}},
    ),
)  # fmt: skip
def result_is_what_it_says(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """结果叫“××证”“××照”而类型不是证照，或者有结果没有样本。"""
    result = item.get("result") or EMPTY
    kind, name = result.get("type"), result.get("name")
    if kind != CERTIFICATE and name.__class__ is str:
        short = name.split("（")[0].rstrip()
        if name.endswith(ENDINGS) or (short.endswith(ENDINGS) and not short.endswith(VOUCHER)):
            yield Found("result.type", kind, f"结果“{name}”是证照，结果类型却是“{kind or '空'}”。")
    if kind and kind != "无" and blank(result.get("sample_file")):
        yield Found("result.sample_file", result.get("sample_file"), f"结果“{name or kind}”没有样本。")
    elif kind and kind != "无" and (probe := context.get("probe")) and probe.file(result["sample_file"]) is False:
        yield Found("result.sample_file", result["sample_file"], f"结果样本“{result['sample_file']}”下载不到。")


@ITEM.check(
    "R33", "容缺有可容缺材料，告知承诺有承诺书和监管细则", "E",
    source="乌审旗2023年标准化规范化便利化实施方案（001）：告知承诺、容缺受理在实施清单中明确",
    mend="容缺受理的，至少一份材料标为“可容缺”；告知承诺的，写明承诺内容、承诺书和监管细则。",
    example=Example(
        good={"is_commitment": True,
              "commitment": {"content": "符合条件", "letter_grain": "commitment_letter", "supervision": "三十日内核查"}},
        bad={"is_commitment": True,
             "commitment": {"content": "符合条件", "letter_grain": "commitment_letter", "supervision": ""}},
    ),
)  # fmt: skip
def deferral_and_commitment_are_real(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """标明容缺却没有可容缺的材料，或者告知承诺没有承诺书、监管细则。"""
    if item.get("is_deficiency"):
        deferrable = any(row.get("necessity") == "deferrable" for row in item.get("materials") or NO_ROWS)
        listed = (item.get("deficiency") or EMPTY).get("materials", EMPTY)
        if not deferrable:
            yield Found("is_deficiency", True, "标明容缺受理，但没有可容缺的材料。")
        elif listed is not EMPTY and not listed:
            yield Found("deficiency.materials", listed, "标明容缺受理，但没有列出哪些材料可以后补。")
    if item.get("is_commitment"):
        said = item.get("commitment")
        if not said:
            yield Found("commitment", said, "标明告知承诺，但没有承诺书和监管细则。")
            return
        for name, words in (("content", "承诺内容"), ("letter_grain", "承诺书"), ("supervision", "监管细则")):
            if blank(said.get(name)):
                yield Found(f"commitment.{name}", said.get(name), f"告知承诺没有{words}。")


@ITEM.check(
    "R34", "收件即受理有授权书", "E",
    source="乌审旗2023年标准化规范化便利化实施方案（001）：收件即受理须部门授权",
    mend="填写部门授权书的文号并上传文件；没有授权的，不选“收件即受理”。",
    example=Example(
        good={"accept_on_receipt": True,
              "authorisation_letter": {"no": "授〔2025〕1号（示例）", "file": "auth/a.pdf"}},
        bad={"accept_on_receipt": True, "authorisation_letter": None},
    ),
)  # fmt: skip
def acceptance_on_receipt_is_authorised(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """收件即受理，却没有部门授权书。"""
    if not item.get("accept_on_receipt"):
        return
    letter = item.get("authorisation_letter")
    if not letter:
        at = "authorisation_letter" if "authorisation_letter" in item else "accept_on_receipt"
        yield Found(at, item.get(at), "收件即受理，但没有部门授权书。")
        return
    for name, words in (("no", "文号"), ("file", "文件")):
        if blank(letter.get(name)):
            yield Found(f"authorisation_letter.{name}", letter.get(name), f"部门授权书没有{words}。")
