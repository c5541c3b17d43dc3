"""待接入: entries whose data no room keeps yet, each with what it needs and from where. Once a room can count one, it moves there."""

from pathlib import Path

import yaml
from django.conf import settings

from siban.kernel.measures import Pending, Several

S000 = "鄂温克旗2023年整改通知（000）"
S001 = "乌审旗2023年标准化规范化便利化实施方案（001）"
S002 = "锡林郭勒盟2021年“一网办”实施方案（002）"
S003 = "东胜区2022年第一季度工作总结（003）"
S004 = "伊金霍洛旗2024年“高效办成一件事”通知（004）"
SOURCES = {"0": S000, "1": S001, "2": S002, "3": S003, "4": S004}
ROOMS = {
    "hotline": "12345 热线", "onething": "一件事", "halls": "政务服务大厅", "assistance": "帮办代办", "oversight": "督查",
    "ratings": "好差评整改", "certificates": "电子证照", "identity": "统一身份认证", "exchange": "数据共享",
}  # fmt: skip
EVERYONE = ("department", "township", "undertaker", "county")
ORDERS = "热线工单：派发、办理时限、办结、回访"
THINGS = "一件事清单、实施方案、落地和案例"
STATIONS = "便民服务站登记：挂牌、制度、佐证"
HALLS = "大厅、窗口、叫号和进驻登记"
BULLETINS = "调度表和通报的出稿记录"

# seed · slug · code · title · category · words · numerator · denominator · needs · room · levels
DECLARED: tuple[tuple[str, str, str, str, str, str, str, str, str, str, tuple[str, ...]], ...] = (
    ("0", "assisted_ledger_nonzero", "AST-100", "嘎查帮办代办台账办件量", "向基层延伸", "嘎查（社区）便民服务站帮办代办台账报送的办件量", "台账办件数", "", "帮办代办台账", "assistance", ("village", "township")),
    ("0", "village_station_plaque_rate", "AST-101", "嘎查便民服务站挂牌率", "向基层延伸", "已挂牌且报送佐证材料的嘎查便民服务站占比", "已挂牌有佐证的站数", "嘎查便民服务站数", STATIONS, "assistance", ("village", "township")),
    ("0", "assistance_mechanism_rate", "AST-102", "帮办代办制度机制建立率", "向基层延伸", "有帮办代办制度机制文件的嘎查占比", "有制度文件的嘎查数", "嘎查数", STATIONS, "assistance", ("village", "township")),
    ("0", "eight_haves_score", "AST-103", "便民服务中心（站）“八有”达标", "向基层延伸", "便民服务中心、站逐项核验“八有”", "核验通过的项数", "八项", "“八有”核验记录（八项内容由旗里设定）", "assistance", ("township", "village")),
    ("1", "lifecycle_theme_coverage", "ONE-100", "全生命周期高频主题集成服务覆盖率", "集成办", "企业和个人全生命周期高频主题中已提供集成服务的比例", "已有一件事的高频主题数", "高频主题数（个人 7 个、企业 5 个）", THINGS, "onething", ("county",)),
    ("1", "standard_plan_issued", "DOC-100", "印发政务服务标准化管理方案", "标准化", "按期印发标准化管理方案（事项管理、办事指南、服务流程、服务平台、监督评价）", "已按期印发", "应印发", "文件类任务和印发日期", "oversight", ("county",)),
    ("1", "bad_review_rectify_rate", "RAT-130", "合理差评整改率", "好差评", "核实为合理的差评完成整改的比例", "已整改的合理差评数", "整改期限已到的合理差评数", "差评核实、整改", "ratings", ("county", "department", "township", "village")),
    ("1", "real_name_bad_review_reply_rate", "RAT-131", "实名差评回复率", "好差评", "实名差评得到回复（回访）的比例", "已回复的实名差评数", "实名差评数", "差评回复、回访", "ratings", ("county", "department", "township", "village")),
    ("1", "review_channels_connected", "RAT-132", "好差评服务渠道覆盖率", "好差评", "已接入评价的服务渠道 ÷ 开通的服务渠道", "已接入评价的渠道数", "开通的服务渠道数", "大厅、热线、服务站的评价渠道登记", "ratings", ("county", "township", "village")),
    ("1", "grassroots_review_realtime_upload", "RAT-133", "基层好差评数据接入上传率", "好差评", "苏木镇、嘎查好差评数据接入自治区系统并实时上传", "已实时上传的场所数", "苏木镇、嘎查场所数", "与自治区好差评系统的上传记录", "ratings", ("township", "village")),
    ("1", "forced_online_count", "CMP-100", "线下办理被强制先线上预约次数", "规范化", "线下申请被要求先线上预约或者在线提交的反映数", "此类反映数", "", "办不成事反映和投诉", "ratings", ("case", "venue")),
    ("1", "ecert_full_aggregation", "CERT-110", "电子证照全量汇聚率", "数据", "除涉密外，本地电子证照汇聚到自治区统一电子证照库的比例", "已上传的电子证照数", "非涉密电子证照数", "与自治区电子证照库的上传回执", "certificates", ("county", "department")),
    ("1", "fifteen_minute_circle", "AST-104", "15分钟政务服务圈", "就近办", "服务点 15 分钟可达的嘎查比例（口径未定，可设定）", "15 分钟可达的嘎查数", "嘎查数", "服务点位置和道路里程", "assistance", ("county",)),
    ("2", "portal_coverage_002", "PORT-100", "四级统一政务服务门户覆盖率", "支撑体系", "盟、旗县、苏木乡镇、嘎查四级统一门户覆盖", "有门户站点的地区数", "四级地区数", "各级门户站点登记", "identity", ("league_or_city", "county", "township", "village")),
    ("2", "urban_population_registration_rate", "ID-100", "城镇人口注册率", "支撑体系", "实名注册自然人 ÷ 城镇人口", "实名注册自然人数", "城镇人口（统计部门数据）", "统计部门的城镇人口数", "identity", ("league_or_city", "county")),
    ("2", "enterprise_registration_rate", "ID-101", "企业注册率", "支撑体系", "注册企业 ÷ 企业总数", "注册企业数", "企业总数（市场监管部门数据）", "市场监管部门的企业总数", "identity", ("league_or_city", "county")),
    ("2", "eseal_issue_rate", "CERT-111", "政务服务部门电子印章发放率", "支撑体系", "政务服务部门电子印章应发尽发", "有有效电子印章的部门数", "提供政务服务的部门数", "电子印章发放登记", "certificates", ("department",)),
    ("2", "ecert_system_connected", "CERT-112", "自建电子证照系统对接率", "电子证照", "自建系统与自治区统一系统对接，无自建系统的依托统一系统出证", "已对接或者使用统一系统的部门数", "部门数", "各部门自建证照系统登记", "certificates", ("department", "league_or_city")),
    ("2", "ecert_8_types_linked", "CERT-113", "第一批 8 类共享电子证照材料减免关联率", "电子证照", "第一批共享的 8 类电子证照涉及的材料完成关联的比例", "已关联的材料数", "涉及 8 类证照的材料数", "内政服发〔2021〕8号的 8 类证照名单（由旗里导入）", "certificates", ("department", "item")),
    ("2", "review_aggregated", "RAT-134", "评价数据汇聚率", "好差评", "已汇聚到自治区系统的评价 ÷ 有效评价", "已汇聚的评价数", "有效评价数", "与自治区好差评系统的上传记录", "ratings", ("league_or_city", "county", "venue")),
    ("2", "review_results_public", "RAT-135", "评价结果公开率", "好差评", "已公开的评价结果 ÷ 应公开的评价结果", "已公开的评价数", "应公开的评价数", "评价结果公开", "ratings", ("league_or_city", "county", "venue")),
    ("2", "queue_review_system_coverage", "HALL-101", "排队取号评价系统覆盖率", "好差评", "所有办事场所推行统一排队取号评价系统", "已使用的场所数", "办事场所数", HALLS, "halls", ("venue",)),
    ("2", "comprehensive_window_rollout", "HALL-102", "综合一窗受理系统应用率", "综合一窗", "推行“综合一窗受理”系统", "已使用的大厅数", "大厅数", HALLS, "halls", ("county",)),
    ("3", "grassroots_station_coverage_003", "AST-105", "便民服务中心、代办点覆盖", "三级体系", "镇（街道）、村（社区）便民服务中心、代办点覆盖", "有服务站的地区数", "镇、村数", STATIONS, "assistance", ("township", "village")),
    ("3", "one_thing_rollout_003", "ONE-101", "高频一件事落地数", "一次办", "已落地的一件事 ÷ 承担的一件事", "已落地的一件事数", "承担的一件事数", THINGS, "onething", ("county",)),
    ("3", "no_difference_zone_target", "HALL-104", "专业区域无差别办理", "综窗", "6 个专业区域全部实现“无差别办理”", "已实现的区域数", "专业区域数（6 个）", HALLS, "halls", ("county",)),
    ("3", "self_service_zone_built", "HALL-105", "24小时自助服务区等建成", "智慧政务", "建成 24 小时自助服务区、企业服务专区、帮办代办工作专区", "已建成的专区数", "", HALLS, "halls", ("county",)),
    ("4", "one_thing_innovation_count", "ONE-102", "创新一件事申报数", "一件事", "每个单位至少报送 1 件创新一件事", "报送的创新一件事数", "", THINGS, "onething", ("department", "township")),
    ("4", "one_thing_plan_submitted", "ONE-103", "一件事实施方案报送", "一件事", "按期报送实施方案的一件事占比", "按期报送的一件事数", "一件事数", THINGS, "onething", ("department",)),
    ("4", "one_thing_landed", "ONE-104", "一件事落地实施", "一件事", "线上专栏、线下专窗可办，并有真实案例", "按期落地的一件事数", "一件事数", THINGS, "onething", ("department", "county")),
    ("4", "one_thing_acceptance", "ONE-105", "一件事成果验收四要件", "一件事", "实施方案、办事指南、宣传报道、真实案例齐全", "四要件齐全的一件事数", "一件事数", THINGS, "onething", ("one_thing",)),
    ("4", "one_thing_monthly_bulletin", "ONE-106", "一件事月通报", "一件事", "已通报的月 ÷ 月", "已通报的月数", "月数", BULLETINS, "onething", ("county",)),
    ("4", "one_thing_list_coverage", "ONE-107", "三类清单覆盖", "一件事", "国务院第一批、自治区、本旗自主梳理三类清单的落地数", "各类清单已落地数", "各类清单件数", THINGS, "onething", ("county",)),
)  # fmt: skip

PENDING = {
    slug: Pending(
        slug=slug, code=code, title=title, words=words, source=SOURCES[seed], category=category, numerator=numerator,
        denominator=denominator, needs=needs, room=ROOMS[room], level=level,
    )
    for seed, slug, code, title, category, words, numerator, denominator, needs, room, level in DECLARED
}  # fmt: skip

RATE_SETS = Path(__file__).parent / "reference" / "rate_sets.yaml"


def rate_set(name: str, *, region_code: str) -> tuple[str, ...]:
    """The figures a set of rates is made of in a region: the entry of the longest prefix (口径可配置)."""
    said = yaml.safe_load(RATE_SETS.read_text())[name]
    longest = max((prefix for prefix in said if region_code.startswith(prefix)), key=len)
    return tuple(said[longest])


THREE_RATES = Several(
    slug="hotline_three_rates", code="HOT-103", title="三率", category="接诉即办", source=S000,
    words="满意率、解决率、按时办结率；其中“两率”是满意率和解决率。各地口径不同，可以另设", level=("county", "undertaker"),
    parts=rate_set("hotline_three_rates", region_code=settings.SITE_REGION),
)  # fmt: skip
