"""The way of a parcel, out to the applicant or in from the applicant. Diagram: docs/flows/parcels.md (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access_parcels as access
from . import rules_parcels as rules


class ParcelState(TextChoices):
    REGISTERED = "registered", "待交寄"
    HANDED_OVER = "handed_over", "已交寄"
    TRAVELLING = "travelling", "运输中"
    SIGNED = "signed", "已签收"
    RETURNED = "returned", "被退回"
    LOST = "lost", "丢失"
    SETTLED = "settled", "已另行处理"
    CANCELLED = "cancelled", "已取消"


P = ParcelState
LAW = "行政许可法第四十四条"
RULE = "平台寄递规则（docs/decisions/0030）"

PARCEL_FLOW = Machine(
    name="parcels",
    title="寄递",
    model="exchange.Parcel",
    states=ParcelState,
    start=P.REGISTERED,
    ends={P.SIGNED, P.SETTLED, P.CANCELLED},
    owners={
        P.REGISTERED: "交寄的一方", P.HANDED_OVER: "寄递单位", P.TRAVELLING: "寄递单位", P.RETURNED: "办理机关",
        P.LOST: "办理机关",
    },
    moves=(
        Move("hand_over", "交寄", (P.REGISTERED,), P.HANDED_OVER, access.sender, LAW, needs=(rules.has_number,)),
        Move("travel", "运输", (P.HANDED_OVER, P.TRAVELLING), P.TRAVELLING, access.carrier, RULE),
        Move("sign", "签收", (P.HANDED_OVER, P.TRAVELLING), P.SIGNED, access.carrier, LAW),
        Move("come_back", "退回", (P.HANDED_OVER, P.TRAVELLING), P.RETURNED, access.carrier, RULE),
        Move("lose", "丢失", (P.HANDED_OVER, P.TRAVELLING), P.LOST, access.carrier, RULE),
        Move("settle", "另行处理", (P.RETURNED, P.LOST), P.SETTLED, access.office, RULE),
        Move("cancel", "取消", (P.REGISTERED,), P.CANCELLED, access.sender, RULE),
    ),
)  # fmt: skip
