"""The door to exchange."""

from .actions import (
    actor_of,
    answer_row,
    client_of,
    given_answer,
    register_client,
    resend,
    send_due,
    tell,
)
from .connectors.pay import NotGenuine, Paid, demo_notice, pays_in_demo, pays_online
from .connectors.pay import read as read_notice
from .models import ApiClient, Delivery, Message
from .rules import Recipient, to_account, to_person, to_post

__all__ = [
    "ApiClient",
    "Delivery",
    "Message",
    "NotGenuine",
    "Paid",
    "Recipient",
    "actor_of",
    "answer_row",
    "client_of",
    "demo_notice",
    "given_answer",
    "pays_in_demo",
    "pays_online",
    "read_notice",
    "register_client",
    "resend",
    "send_due",
    "tell",
    "to_account",
    "to_person",
    "to_post",
]
