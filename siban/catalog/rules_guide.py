"""What a guide says and leaves out: the rows of the 2021 task list (002 附表) and the self-check of 000, as pure facts of the content."""

from collections.abc import Mapping
from typing import Any

from siban.kernel.codes.phone import CONSULT

from . import hours, rules
from .content import ItemContent, Limit, Material

UNITS = ("workday", "natural_day")
KINDS = ("original", "copy", "both")  # 原件/复印件/原件和复印件（002 附表第 20 行）
MEDIA = ("paper", "electronic", "both")
BUILD_MODES = ("国垂", "省垂", "自建")
GOVERNMENT = "gov_issued"
BASICS = ("name", "basic_code", "item_type", "legal_basis")  # 名称、编码、依据、类型（002 附表第 10 行）


def _said(text: str | None) -> bool:
    return bool(text and text.strip())


def labelled(limit: Limit) -> bool:
    """期限的数和单位都写明（第 12、13 行）."""
    return limit.value is not None and limit.unit in UNITS


def addressed(content: ItemContent) -> bool:
    """每个办理地点都有街道、门牌、房间、窗口（第 14 行）."""
    return bool(content.windows) and all(
        all(map(_said, (w.street, w.house_no, w.room_no, w.window_no))) for w in content.windows
    )


def sourced(m: Material) -> bool:
    """材料来源写明，政府部门核发的有出具单位（第 18 行）."""
    return _said(m.source_type) and (m.source_type != GOVERNMENT or _said(m.issuing_body))


def counted(m: Material) -> bool:
    """份数合计至少一份，或者只收电子件（第 19 行）."""
    return (m.original_count or 0) + (m.copy_count or 0) >= 1 or m.medium == "electronic"


def described(m: Material) -> bool:
    """类型和形式写明（第 20 行）."""
    return m.kind in KINDS and m.medium in MEDIA


def stepped(content: ItemContent) -> bool:
    """有办理环节，每个环节有名称、时限、标准、结果（第 21 行）."""
    return bool(content.process_steps) and all(
        _said(s.name) and s.time_limit_value is not None and _said(s.standard) and _said(s.result)
        for s in content.process_steps
    )


def based(content: ItemContent) -> bool:
    """有无中介服务写明，有的每项有依据（第 17 行）."""
    if content.has_intermediary is None:
        return False
    return not content.has_intermediary or all(_said(i.legal_basis) for i in content.intermediaries)


def dialled(content: ItemContent) -> bool:
    """至少一个可以拨打的咨询电话（第 16 行）."""
    return bool(content.consult_phones) and all(CONSULT.fullmatch(n) for n in content.consult_phones)


def on_platform(content: ItemContent) -> bool:
    """统一平台可办：可网上办理，有政务服务网地址；跳转到部门系统的，一次登录."""
    online = content.online
    return bool(
        online.is_online and online.online_depth >= 2 and _said(online.portal_url)
        and (not online.via_dept_system or online.is_sso)
    )  # fmt: skip


def one_version(content: ItemContent) -> bool:
    """各端指南是同一版（001 四端体验一致）."""
    return bool(content.guide_versions) and len(set(content.guide_versions.values())) == 1


SELF_CHECK = ("空表样表", "申请材料", "办理环节", "系统建设方式", "网办跳转地址", "关联电子证照", "勾选免证办")


def self_check(content: ItemContent, *, callable_certs: frozenset[str]) -> dict[str, bool]:
    """000 点名的七项，逐项是否做到."""
    materials, online = content.materials, content.online
    linked = {m.ecert_type_id for m in materials if m.ecert_type_id}
    done = (
        all(_said(m.blank_form_file) and _said(m.sample_form_file) for m in materials if m.is_form),
        all(sourced(m) and counted(m) and described(m) for m in materials),
        stepped(content),
        not online.via_dept_system or online.build_mode in BUILD_MODES,
        not online.is_online or _said(online.portal_url),
        not online.is_cert_free or bool(linked),
        not linked & callable_certs or online.is_cert_free,
    )
    return dict(zip(SELF_CHECK, done, strict=True))


def basics_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over name, code, basis and type: equal wherever the same item is said the same (第 10 行)."""
    return rules.content_hash(rules.pruned({name: content.get(name) for name in BASICS}))


def facts(content: ItemContent, *, callable_certs: frozenset[str]) -> dict[str, bool]:
    """The columns of an item that say what its guide says."""
    return {
        "has_situations": bool(content.has_situations and content.situations),
        "has_guide": _said(content.guide_published_at),
        "says_legal_limit": labelled(content.legal_limit),
        "says_promised_limit": labelled(content.promised_limit),
        "says_address": addressed(content),
        "says_hours": hours.fault(content.office_hours or "") is None,
        "says_phone": dialled(content),
        "says_intermediary": based(content),
        "says_sources": all(map(sourced, content.materials)),
        "says_counts": all(map(counted, content.materials)),
        "says_kinds": all(map(described, content.materials)),
        "says_process": stepped(content),
        "says_onsite_reason": _said(content.online.onsite_reason),
        "is_self_checked": all(self_check(content, callable_certs=callable_certs).values()),
        "is_one_version": one_version(content),
        "has_window": bool(content.windows),
        "is_on_platform": on_platform(content),
    }
