"""The door to exchange."""

from .actions import (
    actor_of,
    answer_row,
    cancel_parcel,
    client_of,
    given_answer,
    hand_over,
    record_event,
    register_client,
    register_parcel,
    resend,
    send_due,
    tell,
)
from .connectors.pay import NotGenuine, Paid, demo_notice, pays_in_demo, pays_online
from .connectors.pay import read as read_notice
from .models import ApiClient, Delivery, Message, Parcel
from .models_parcels import follows as parcels_follow
from .queries.parcels import handed_over_at, lines_of, parcels_of
from .rules import Recipient, to_account, to_person, to_post

__all__ = [
    "ApiClient",
    "Delivery",
    "Message",
    "NotGenuine",
    "Paid",
    "Parcel",
    "Recipient",
    "actor_of",
    "answer_row",
    "cancel_parcel",
    "client_of",
    "demo_notice",
    "given_answer",
    "hand_over",
    "handed_over_at",
    "lines_of",
    "parcels_follow",
    "parcels_of",
    "pays_in_demo",
    "pays_online",
    "read_notice",
    "record_event",
    "register_client",
    "register_parcel",
    "resend",
    "send_due",
    "tell",
    "to_account",
    "to_person",
    "to_post",
]
