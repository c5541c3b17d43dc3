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
from .models import ApiClient, Delivery, Message
from .rules import Recipient, to_account, to_person, to_post

__all__ = [
    "ApiClient",
    "Delivery",
    "Message",
    "Recipient",
    "actor_of",
    "answer_row",
    "client_of",
    "given_answer",
    "register_client",
    "resend",
    "send_due",
    "tell",
    "to_account",
    "to_person",
    "to_post",
]
