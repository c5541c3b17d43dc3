"""A draft reply read before it is sent: what is missing or wrong in it, where, and what to write instead. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..asking.features import concepts
from . import signs
from .training import keywords, leaves

KINDS = {
    "misses_demand": "没有回应诉求", "no_contact_trace": "看不出联系过诉求人", "no_date_or_measure": "没有日期或者具体措施",
    "placeholder": "有没填的空", "evasive_transfer": "推给别人或者空话", "banned_wording": "不该用的话", "off_topic": "答非所问",
}  # fmt: skip
WHO = r"(来电人|诉求人|反映人|举报人|当事人|申请人|报警人|报案人|建议人|投诉人|求助人|参保人|市民|牧户|牧民|用户|住户|业主|家长|家属|子女|本人|双方|对方|企业负责人|老人|患者|职工|工人|群众|户主|会员|您|你|其|居民|商户|旅客|游客|家里人|亲属|消费者|每户|逐户|各户)"
CONTACT = re.compile(
    rf"(电话|短信|微信|当面|书面|入户|上门|见面|面谈|通话|致电|来电|函|逐户|视频)[^，。；]{{0,6}}(告知|联系|反馈|回复|答复|沟通|回访|说明|核实|解释|通知|核对|确认|报平安|测温|道歉|认证|办理|适配|征得)|(告知|联系|反馈|回复|答复|回访|说明|沟通|通知|见面|面谈|通话|致电|约谈|核对|确认|解释|协商|道歉)(了|给|过|到)?[^，。；]{{0,4}}{WHO}|(与|向|和|同|经|给|对|为|约|联系|会同|由)[^，。；]{{0,3}}{WHO}[^，。；]{{0,12}}(联系|告知|反馈|见面|面谈|通话|说明|核实|核对|沟通|确认|回访|签字|道歉|协商|报告|解释|送达|签收|退回|消毒)|{WHO}[^，。；]{{0,4}}(已?确认|已?反馈|已?签字|已?知晓|知晓|认可|表示|满意|已拿到|已收到|在场|已告知|已回访|签收)|告知书|告知(诉求|材料|结果|进[度展])|(已|并|当日|结果|后|现场|同步|均)(电话|短信|当面|逐户)?(告知|联系|回访|反馈|答复|回复|送达|说明)(?!.{{0,3}}(部门|公司|单位))|致电|与本人|双方(已|在|同意)|调解书|到户|入户|上门|电话告知|当面|面谈"
)
# A bare promise that somebody was contacted, about somebody else, is no contact.
ELSEWHERE = re.compile(
    r"请(您|你)?(与|和|向|找|联系)[^，。；]{0,10}(联系|协商|沟通|咨询)?|(找|与|和)(矿上|物业|开发商|保险公司|公司|商家)协商"
)
DAY = re.compile(
    r"[0-9]{1,2}月([0-9]{1,2}日|底|初|中旬|上旬|下旬|末)?|[0-9]{1,2}[-/.][0-9]{1,2}|当日|当天|当晚|次日|今日|今天|明日|昨日|[0-9]+(分钟|小时|个?工作日|日内|天)|[0-9]{1,2}时|本周|下周|本月|月底|每(周|月|日|天|季度|年)|前(完成|答复|到位|办结)|立即|随即|接单|接报"
)
MEASURE = re.compile(
    r"责令|整改|立案|查封|扣押|处罚|罚款|更换|修复|修好|恢复|拆除|清理|清运|疏通|加装|安装|补发|退回|退还|退费|发放|到账|调解|采样|检测|测温|实测|核查|复查|抢修|扑灭|加固|铺设|送达|调平|增派|封存|批评|约谈|公示|取缔|约定|办结|处置|巡查|排查|关停|停业|移送|送检|捕捉|安置|救助|补助|登记|建档|补录|更正|录入|复工|施工|开通|关闭|取消|增设|列入|上报"
)
FIGURE = re.compile(r"[0-9]")
BLANK = re.compile(
    r"_{1,}|＿+|[xX×]{2,}|某(某|月|日)|[（(]\s*[）)]|…{1,}|\.{3,}|【[^】]*】|\[[^\]]*\]|\{[^}]*\}|待(填|补充|定)|此处|填写|附件缺失|（略）|TODO|XX|\?\?|？？"
)
BANNED = (
    "不归我们管", "不归我管", "不归我们", "这不是我们的事", "不是我们的事", "不关我们的事", "爱找谁找谁", "你自己看着办", "自己看着办", "自己想办法", "没办法",
    "就是没有", "无理取闹", "不再受理", "胡搅蛮缠", "刁民", "爱告就告", "爱上哪告上哪告", "随便你", "你去告", "不知道", "不清楚别问", "别再打", "不要再打", "少管闲事",
    "没空", "没时间管", "管不了", "我们管不着", "管不着", "谁让你", "活该", "急什么", "着什么急", "等着吧", "上面规定的", "说了也没用", "反映也没用", "故意刁难", "多管闲事",
    "纯属", "瞎说", "胡说", "想怎么样", "有本事", "不可能给你", "找别人去", "不用再问", "懒得", "没人管", "就这样", "你投诉", "随你", "以后别", "不要再来电", "没义务",
)  # fmt: skip
EVASIVE = re.compile(
    r"耐心等(待|候)|等候通知|等通知|持续(跟进|关注)|继续关注|统筹考虑|向上(级)?反映|正在(研究|协调|推进)|予以(关注|考虑)|研究研究|尽快(处理|解决|办理|落实|协调)|进一步(研究|核实|协调)|高度重视|适时|酌情|(已|均已|现已)?转(至|给|交|送)?[^，。；]{0,8}(部门|局|单位|处理|办理|公司|社区|公安|市监|物业)|待(其)?反馈|反馈[^，。；]{0,4}部门|不归|不属于(我|本)[^，。；]{0,6}(职责|管理|范围|管辖)|由[^，。；]{1,8}管理|建议(您|你)?(找|咨询|联系|向)|请(您|你)?(找|到|向|与|和)[^，。；]{0,8}(反映|协商|联系|解决)|情况(已)?(收悉|知悉|了解)|已(收悉|知悉|记录|登记)$|待(条件|资金|上级)[^，。；]{0,8}(成熟|到位|时|后)"
)
TURNED_AWAY = re.compile(
    r"按(规定|合同|标准|流程|政策|企业)[^，。；]{0,6}|属(于)?正常|合理|在标准(之)?内|无法(更改|解决|处理)|不符合|别的问题不清楚|后续请关注|欢迎监督|感谢您的支持|请家长|可以?(在|到|携带)|仅供参考|自行(协商|解决|处理)"
)
LEAST = 22


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend in a draft: its kind, where it stands (None: nowhere, it is missing), what is wrong, what to write."""

    kind: str
    where: tuple[int, int] | None
    words: str
    mend: str


def check(order_text: str, demands: Sequence[str], reply_text: str) -> tuple[Remark, ...]:
    """What a draft lacks or says wrongly, for an order and its demands; empty where it may be sent."""
    reply = reply_text.strip()
    if not reply:
        return (
            Remark(
                "misses_demand", None, "还没有写答复。", "写明查明了什么、办了什么、什么时候办完、怎样告知了诉求人。"
            ),
        )
    found: list[Remark] = []
    found += _banned(reply_text)
    found += _blank(reply_text)
    contact, when = has_contact(reply), has_measure(reply)
    evasive = _evasive(reply_text, bool(when))
    found += evasive
    if not contact:
        found.append(
            Remark(
                "no_contact_trace",
                None,
                "看不出和诉求人联系过。",
                "写明哪天、怎样（电话、上门、见面）联系了诉求人，对方怎么说。",
            )
        )
    if not when:
        found.append(
            Remark(
                "no_date_or_measure",
                None,
                "没有具体日期和办理措施。",
                "写明已经做了什么、哪天做的；没办完的写明哪天前办完、谁来办。",
            )
        )
    away = _off_topic(order_text, demands, reply, contact and when)
    if away:
        found.append(away)
    found += _missed(order_text, demands, reply, contact=contact, when=when, is_evasive=bool(evasive), seen=found)
    return tuple(found)


def has_contact(reply: str) -> bool:
    """Whether the reply tells that the caller was reached."""
    return bool(CONTACT.search(ELSEWHERE.sub("", reply)))


def has_measure(reply: str) -> bool:
    """Whether the reply tells a day, or a measure with a figure."""
    text = BLANK.sub("", reply)
    done = MEASURE.search(text)
    return bool((DAY.search(text) and (done or FIGURE.search(text))) or (done and FIGURE.search(text)))


def _banned(reply: str) -> list[Remark]:
    found: list[Remark] = []
    for words in sorted(BANNED, key=len, reverse=True):
        at = reply.find(words)
        if at >= 0 and not any(r.where and r.where[0] <= at < r.where[1] for r in found):
            found.append(
                Remark(
                    "banned_wording",
                    (at, at + len(words)),
                    f"“{words}”不能对群众这样说。",
                    "改成：说明依据哪条规定、由哪个单位办、已经替诉求人做了什么。",
                )
            )
    return found


def _blank(reply: str) -> list[Remark]:
    return [
        Remark("placeholder", m.span(), f"“{m[0]}”是没有填的空。", "填上真实的日期、数字或者名称；没有的就删去这句。")
        for m in BLANK.finditer(reply)
    ]


def _evasive(reply: str, has_day: bool) -> list[Remark]:
    match = EVASIVE.search(reply)
    if not match or has_day:
        return []
    return [
        Remark(
            "evasive_transfer",
            match.span(),
            f"“{match[0]}”只是推转或者空话，没有说办得怎样。",
            "写明和哪个单位怎么商定的、谁牵头、哪天给结果；不是本单位的事走退单，不写在答复里。",
        )
    ]


def _about(text: str) -> set[str]:
    return set(concepts(text.lower()))


def _pieces(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1) if text[n : n + 2].isalnum()}


def _topic(order_text: str, demands: Sequence[str]) -> str:
    known = leaves()
    return " ".join(
        [order_text, *(" ".join((known[c].top_name, known[c].name, *keywords(c))) for c in demands if c in known)]
    )


def _off_topic(order_text: str, demands: Sequence[str], reply: str, is_solid: bool) -> Remark | None:
    """Nothing of the reply speaks of the order: no matter and no word in common."""
    about = _topic(order_text, demands)
    if (
        len(reply) < 8
        or _about(about) & _about(reply)
        or len(_pieces(about) & _pieces(reply)) >= (1 if is_solid else 2)
    ):
        return None
    if not _about(reply):
        return None
    return Remark(
        "off_topic",
        (0, len(reply)),
        "答复说的和诉求不是一件事。",
        "对着诉求原话逐项回答；可能是把别的工单的答复贴过来了。",
    )


def _missed(
    order_text: str, demands: Sequence[str], reply: str, *, contact: bool, when: bool, is_evasive: bool, seen: list[Remark]
) -> list[Remark]:  # fmt: skip
    known = leaves()
    found: list[Remark] = []
    said = _about(reply), _pieces(reply)
    for code in demands[1:] if len(demands) > 1 else ():
        if code not in known:
            continue
        about = " ".join((known[code].name, *keywords(code)))
        if not (_about(about) & said[0]) and not (_pieces(about) & said[1]):
            found.append(
                Remark(
                    "misses_demand",
                    None,
                    f"诉求里的“{known[code].name}”没有回应。",
                    "单写一句：这一项查明了什么、怎么办、哪天办完。",
                )
            )
    if found:
        return found
    kinds = {r.kind for r in seen}
    thin = len(reply) < LEAST
    if is_evasive or "banned_wording" in kinds or "off_topic" in kinds:
        return [
            Remark(
                "misses_demand",
                None,
                "诉求要办的事没有一句正面答复。",
                "先答诉求人问的：能不能办、办到哪一步、哪天办完。",
            )
        ]
    away = TURNED_AWAY.search(reply)
    if not contact and not when and (thin or away):
        where = away.span() if away else None
        return [
            Remark(
                "misses_demand", where, "没有说清诉求的事办得怎样。", "逐项写明查明的事实和处理结果，不要只说按规定。"
            )
        ]
    if (thin or away) and not (contact and when):
        where = away.span() if away else None
        return [Remark("misses_demand", where, "只答了一部分，其余诉求没有下文。", "把诉求里的每一项分别写一句结果。")]
    parts = signs.clauses(order_text)
    if len(reply) < LEAST + 6 and len(parts) >= 2 and not MEASURE.search(reply):
        return [
            Remark("misses_demand", None, "答复太短，诉求里的事没有逐项回应。", "把诉求里的每一项分别写一句结果。")
        ]
    return []
