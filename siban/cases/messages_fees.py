"""What the payer is told: one entry a step, in the payer's words."""

TOLD = {
    "assess": ("请缴费", "您申请的“{title}”（编号 {number}）应缴 {amount}，依据：{basis}。可以在办件页面网上缴，也可以到收费窗口缴。缴清以后才能制证。"),
    "pay": ("缴费已经收到", "您申请的“{title}”（编号 {number}）已经缴清 {amount}。缴费凭证可以在办件里下载。"),
    "part": ("缴费还差一部分", "您申请的“{title}”（编号 {number}）应缴 {amount}，已经收到 {received}，请补缴差额。"),
    "waive": ("费用已经减免", "您申请的“{title}”（编号 {number}）的费用已经减免，不用缴费。"),
    "cancel": ("不用再缴费", "您申请的“{title}”（编号 {number}）已经结束，没有缴的费用不用再缴。"),
    "refund": ("费用已经退还", "您申请的“{title}”（编号 {number}）退还 {refund}，请留意到账。"),
    "decline": ("退费申请没有同意", "您申请的“{title}”（编号 {number}）的退费申请没有同意，理由：{reason}。有疑问请拨打 12345。"),
}  # fmt: skip
