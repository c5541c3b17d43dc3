"""Checks of the materials: where from, how many, original or copy, forms, certificates that stand for them."""

from collections.abc import Iterator
from typing import Any

from siban.kernel.checks import Context, Example, Found

from .declared import EMPTY, ITEM, NO_ROWS, blank, materials_of, place, whole

KINDS = ("original", "copy", "both")
MEDIA = ("paper", "electronic", "both")
SOURCES = ("self", "gov_issued", "other")


def _of(material: dict[str, Any]) -> str:
    return f"材料“{material.get('name') or material.get('id') or '未命名'}”"


@ITEM.check(
    "R18", "材料写明从哪里来", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 18 行（材料来源）",
    mend="选择来源渠道；政府部门核发的，写明出具单位，例如“户口所在地派出所”。",
    example=Example(
        good={"materials": [{"id": "m01", "source_type": "gov_issued", "issuing_body": "户口所在地派出所"}]},
        bad={"materials": [{"id": "m01", "source_type": "gov_issued", "issuing_body": None}]},
    ),
)  # fmt: skip
def source_is_said(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """没有写材料来源，或者政府部门核发的没有写出具单位。"""
    for index, row in enumerate(item.get("materials") or NO_ROWS):
        source = row.get("source_type")
        if source not in SOURCES:
            said = f"的来源渠道“{source}”无法识别" if source else "没有写来源渠道"
            yield Found(f"{place('materials', row, index, 'id')}.source_type", source, f"{_of(row)}{said}。")
        elif source == "gov_issued" and blank(row.get("issuing_body")):
            yield Found(
                f"{place('materials', row, index, 'id')}.issuing_body", row.get("issuing_body"),
                f"{_of(row)}由政府部门核发，但没有写出具单位。",
            )  # fmt: skip


@ITEM.check(
    "R19", "纸质材料写明份数", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 19 行（数量要求）",
    mend="填写原件或者复印件的份数，合计至少 1 份；只收电子材料的，材料形式改为电子化。",
    example=Example(
        good={"materials": [{"id": "m01", "medium": "paper", "original_count": 1, "copy_count": 0}]},
        bad={"materials": [{"id": "m01", "medium": "paper", "original_count": 0, "copy_count": 0}]},
    ),
)  # fmt: skip
def copies_are_counted(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """纸质材料的份数合计为 0。"""
    for index, row in enumerate(item.get("materials") or NO_ROWS):
        originals, copies = row.get("original_count"), row.get("copy_count")
        fine = True
        for name, count in (("original_count", originals), ("copy_count", copies)):
            if count is not None and not whole(count):
                yield Found(
                    f"{place('materials', row, index, 'id')}.{name}", count, f"{_of(row)}的份数“{count}”不是非负整数。"
                )
                fine = False
        if fine and not originals and not copies and row.get("medium") != "electronic":
            name = "copy_count" if row.get("kind") == "copy" else "original_count"
            yield Found(
                f"{place('materials', row, index, 'id')}.{name}",
                row.get(name),
                f"{_of(row)}是纸质的，份数合计却为 0。",
            )


@ITEM.check(
    "R20", "材料写明原件还是复印件、纸质还是电子", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 20 行（类型和形式）",
    mend="材料类型选原件、复印件或者原件和复印件；材料形式选纸质、电子化或者两者；收复印件的写明复印要求。",
    example=Example(
        good={"materials": [{"id": "m01", "kind": "original", "medium": "both"}]},
        bad={"materials": [{"id": "m01", "kind": None, "medium": "both"}]},
    ),
)  # fmt: skip
def kind_and_medium_are_said(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """没有写原件还是复印件、纸质还是电子；复印件没有写复印要求的只提醒。"""
    for index, row in enumerate(item.get("materials") or NO_ROWS):
        kind, medium = row.get("kind"), row.get("medium")
        if kind not in KINDS:
            yield Found(f"{place('materials', row, index, 'id')}.kind", kind, f"{_of(row)}没有写明原件还是复印件。")
        elif kind == "copy" and blank(row.get("copy_requirement")):
            yield Found(
                f"{place('materials', row, index, 'id')}.copy_requirement", row.get("copy_requirement"),
                f"{_of(row)}收复印件，但没有写复印要求。", severity="W",
            )  # fmt: skip
        if medium not in MEDIA:
            yield Found(
                f"{place('materials', row, index, 'id')}.medium", medium, f"{_of(row)}没有写明纸质还是电子化。"
            )


def _form_file(item: dict[str, Any], context: Context, name: str, words: str) -> Iterator[Found]:
    probe = context.get("probe")
    for index, row in enumerate(item.get("materials") or NO_ROWS):
        if not row.get("is_form"):
            continue
        file = row.get(name)
        if blank(file) or file.__class__ is not str:
            why = f"{_of(row)}要申请人填写，但没有{words}。"
        elif probe is not None and probe.file(file) is False:
            why = f"{_of(row)}的{words}“{file}”下载不到。"
        else:
            continue
        yield Found(f"{place('materials', row, index, 'id')}.{name}", file, why)


@ITEM.check(
    "R24", "要填的表有空白表可下载", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 23 行（空表下载服务）",
    mend="上传空白表格；不用申请人填写的，去掉“需要填写的表格”。",
    example=Example(
        good={"materials": [{"id": "m01", "is_form": True, "blank_form_file": "forms/blank/a.docx"}]},
        bad={"materials": [{"id": "m01", "is_form": True, "blank_form_file": None}]},
    ),
)  # fmt: skip
def blank_form_is_there(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """要申请人填写的表格没有空白表，或者下载不到。"""
    return _form_file(item, context, "blank_form_file", "空白表")


@ITEM.check(
    "R25", "要填的表有示范样表可下载", "E",
    source="锡林郭勒盟2021年“一网办”任务清单（002）第 24 行（样表下载服务）",
    mend="上传填好的示范样表；不用申请人填写的，去掉“需要填写的表格”。",
    example=Example(
        good={"materials": [{"id": "m01", "is_form": True, "sample_form_file": "forms/sample/a.pdf"}]},
        bad={"materials": [{"id": "m01", "is_form": True}]},
    ),
)  # fmt: skip
def sample_form_is_there(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """要申请人填写的表格没有示范样表，或者下载不到。"""
    return _form_file(item, context, "sample_form_file", "示范样表")


@ITEM.check(
    "R26", "免证办的已关联证照", "E",
    source="鄂温克旗2023年整改通知（000）自查要求（免证办）",
    mend="先给材料关联可以调用的电子证照，再勾选“免证办”。",
    example=Example(
        good={"online": {"is_cert_free": True}, "materials": [{"id": "m01", "ecert_type_id": "ec_id_card"}]},
        bad={"online": {"is_cert_free": True}, "materials": [{"id": "m01", "ecert_type_id": None}]},
    ),
)  # fmt: skip
def cert_free_has_certificates(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """勾选了免证办，却没有任何材料关联电子证照。"""
    if (item.get("online") or EMPTY).get("is_cert_free"):
        for row in item.get("materials") or NO_ROWS:
            if not blank(row.get("ecert_type_id")):
                return
        yield Found("online.is_cert_free", True, "勾选了免证办，但没有任何材料关联电子证照。")


@ITEM.check(
    "R27", "可以调用的证照已关联", "W",
    source="鄂温克旗2023年整改通知（000）可调用电子证照清单",
    mend="给这份材料关联所列的电子证照，申请人就不用再交。",
    needs=("callable_types", "grain_types"),
    example=Example(
        good={"materials": [{"id": "m01", "name": "居民身份证", "grain_id": "id_card", "ecert_type_id": "ec_id_card"}]},
        bad={"materials": [{"id": "m01", "name": "居民身份证", "grain_id": "id_card", "ecert_type_id": None}]},
        context={"callable_types": {"ec_id_card": "居民身份证"}, "grain_types": {"id_card": "ec_id_card"}},
    ),
)  # fmt: skip
def callable_certificates_are_linked(item: dict[str, Any], context: Context) -> Iterator[Found]:
    """材料有可以调用的电子证照，却没有关联。"""
    grains, types = context["grain_types"], context["callable_types"]
    names = context.get("callable_names") or EMPTY
    for path, row in materials_of(item):
        if not blank(said := row.get("ecert_type_id")):
            continue
        grain = row.get("grain_id")
        kind = grains.get(grain) if grain.__class__ is str else None
        if kind is None and (name := row.get("name")).__class__ is str:  # 没有颗粒化的，按名称完全相同匹配
            kind = names.get(name)
        if kind in types:
            yield Found(f"{path}.ecert_type_id", said, f"{_of(row)}可以调用电子证照“{types[kind]}”，还没有关联。")
