"""Notices of what happens beside the main line: special procedures, hearings, opinions, promises, extension, revocation."""

from .messages_words import ASK, Notice

NOTICES = (
    Notice("accept_deficient", "applicant", "已经容缺受理，请按期补交材料", (
        "您申请的“{title}”（编号 {number}）已经容缺受理，由{office}办理。",
        "请在{deficiency_until}前补交：{owed}。", "补齐以前不发办理结果，逾期未补的申请会被退回。", ASK,
    ), is_statutory=True),
    Notice("complete_deficiency", "handler", "容缺材料已经补齐", (
        "办件 {number}“{title}”承诺补交的材料已经补齐，可以作出决定。",
    ), channels=()),
    Notice("lapse_deficiency", "applicant", "逾期没有补交材料，申请已经退回", (
        "您申请的“{title}”（编号 {number}）过了承诺的日期还没有补齐材料，申请已经退回。",
        "您可以备齐材料重新申请。", ASK,
    ), is_statutory=True),
    Notice("assign", "assignee", "有办件分给您办理", (
        "办件 {number}“{title}”分给您承办。", "请在{decide_until}前作出决定。",
    ), channels=()),
    Notice("assign_inspection", "applicant", "将要到现场核查", (
        "您申请的“{title}”（编号 {number}）要现场核查，请安排人在场。", "{office}将于{visit_on}到“{visit}”核查。", ASK,
    ), is_statutory=True),
    Notice("record_inspection", "applicant", "现场核查已经登记", (
        "您申请的“{title}”（编号 {number}），现场核查已经登记，核查记录可以在办件里查看。", ASK,
    ), channels=(), is_statutory=True),
    Notice("ask_opinion", "consulted", "请答复征求的意见", (
        "{office}就办件 {number}“{title}”征求本单位意见，请在“征求意见”里查看并按期答复。",
    ), channels=()),
    Notice("give_opinion", "handler", "征求的意见已经答复", (
        "办件 {number}“{title}”征求的意见已有单位答复，请查看。",
    ), channels=()),
    Notice("tell_hearing_right", "applicant", "您有权申请听证", (
        "您申请的“{title}”（编号 {number}），您有权申请听证。", "请在{hearing_until}前决定是否申请。",
        "听证不收费；逾期不申请的，视为放弃。", ASK,
    ), is_statutory=True),
    Notice("ask_hearing", "handler", "申请人申请了听证", (
        "办件 {number}“{title}”的申请人申请听证，请在二十个工作日内组织，提前七日通知时间、地点。",
    ), channels=(), is_urgent=True),
    Notice("waive_hearing", "handler", "申请人放弃听证", (
        "办件 {number}“{title}”的申请人放弃听证，可以作出决定。",
    ), channels=()),
    Notice("summon_hearing", "applicant", "听证通知", (
        "您申请的“{title}”（编号 {number}）定于{hearing_on}举行听证，时间、地点写在《听证通知书》里。",
        "听证期间不计入办结期限。", ASK,
    ), is_statutory=True),
    Notice("start_special", "applicant", "正在进行特别程序", (
        "您申请的“{title}”（编号 {number}）需要进行特别程序，理由和所需时间写在《特别程序告知书》里。",
        "预计到{special_until}，这段时间不计入办结期限。", ASK,
    ), is_statutory=True),
    Notice("end_special", "applicant", "特别程序已经结束", (
        "您申请的“{title}”（编号 {number}），特别程序已经结束，办结期限恢复计算。", "会在{decide_until}前作出决定。", ASK,
    ), channels=()),
    Notice("resume_clock", "applicant", "办结期限恢复计算", (
        "您申请的“{title}”（编号 {number}），告知的特别程序时间已到，办结期限恢复计算。", "会在{decide_until}前作出决定。", ASK,
    ), channels=()),
    Notice("resume_clock", "handler", "特别程序告知的天数已到", (
        "办件 {number}“{title}”特别程序告知的天数已到，期限已恢复计算。", "请在{decide_until}前作出决定。",
    ), channels=(), is_urgent=True),
    Notice("ask_extension", "heads", "请批准延长办理期限", (
        "办件 {number}“{title}”申请延长办理期限。", "延长 {extended} 个工作日，理由：{reason}。", "请在{legal_until}前决定是否批准。",
    ), channels=(), is_urgent=True),
    Notice("ask_extension", "bureaus", "请登记延长期限的批准", (
        "办件 {number}“{title}”法定期限在 45 日以上，申请延长办理期限，由本级人民政府负责人批准。",
        "延长 {extended} 个工作日，理由：{reason}。", "请在{legal_until}前登记批准或者不批准。",
    ), channels=(), is_urgent=True),
    Notice("grant_extension", "applicant", "办理期限延长", (
        "您申请的“{title}”（编号 {number}）经本机关负责人批准延长办理期限。", "延长 {extended} 个工作日。",
        "理由：{reason}。", "会在{decide_until}前作出决定。", ASK,
    ), is_statutory=True),
    Notice("refuse_extension", "handler", "延长期限没有批准", (
        "办件 {number}“{title}”延长期限没有批准。", "请在{decide_until}前作出决定。",
    ), channels=()),
    Notice("propose", "heads", "有审查意见等待决定", (
        "办件 {number}“{title}”已经审查完毕。", "请在{decide_until}前作出决定。",
    ), channels=()),
    Notice("return_proposal", "handler", "审查意见被退回", (
        "办件 {number}“{title}”的审查意见被退回，请重新审查。", "请在{decide_until}前办结。",
    ), channels=()),
    Notice("deem_renewed", "applicant", "您的延续申请已视为准予", (
        "您申请的“{title}”（编号 {number}），有效期届满前没有作出决定，依法视为准予延续。",
        "会在{deliver_until}前送达。", ASK,
    ), is_statutory=True),
    Notice("deem_renewed", "heads", "延续申请逾期未决定，已视为准予", (
        "办件 {number}“{title}”在原许可有效期届满前没有作出决定，依法视为准予延续。",
    ), channels=(), is_urgent=True),
    Notice("revoke", "applicant", "原来的决定已经撤销", (
        "您申请的“{title}”（编号 {number}），原来的决定已经撤销。",
        "理由、依据和不服可以怎么办，写在《撤销决定书》里，请打开查看。", ASK,
    ), is_statutory=True),
    Notice("cancel", "applicant", "许可已经注销", (
        "您申请的“{title}”（编号 {number}），许可已经注销，证照不能再使用。",
        "注销的情形、依据和不服可以怎么办，写在《注销决定书》里，请打开查看。", ASK,
    ), is_statutory=True),
    Notice("reopen", "applicant", "您的申请重新办理", (
        "您申请的“{title}”（编号 {number}）依照生效的复议决定或者裁判重新办理。", "会在{decide_until}前作出决定。", ASK,
    ), is_statutory=True),
    Notice("auto_approve", "applicant", "您的申请已经自动审批通过", (
        "您申请的“{title}”（编号 {number}）符合条件，已经按部门签署的规则自动准予。",
        "怎样作出的决定，可以在办件页面查看，也可以申请人工复核。", ASK,
    ), is_statutory=True),
    Notice("auto_deliver", "applicant", "办理结果已经送达", (
        "您申请的“{title}”（编号 {number}）符合条件，已经按部门签署的规则自动准予，结果已经送达。",
        "{sent_electronically}", "怎样作出的决定，可以在办件页面查看，也可以申请人工复核。",
    ), is_statutory=True),
)  # fmt: skip

SILENT = {
    "auto_accept": "和秒批准予同时发生，准予时一并告知",
    "auto_issue": "和秒批准予同时发生，准予时一并告知",
    "correct_on_the_spot": "申请人就在窗口，当场已经知道",
    "pass_level": "本单位内部逐级审查，期限不变；进度在办件页面可以看到",
    "drop_opinion": "单位之间收回征求，申请人不需要做什么",
    "archive": "办结以后的内部归档，结果早已送达",
}
