"""Everything that changes what is exchanged: callers of the interfaces, messages and their way. One verb, one function."""

from .clients import actor_of, answer_row, client_of, given_answer, register_client
from .contact import ask_for_email, choose_channels, confirm_email
from .reading import open_message, read_all, take_up
from .sending import record_report, resend, send_due
from .telling import tell

__all__ = [
    "actor_of",
    "answer_row",
    "ask_for_email",
    "choose_channels",
    "client_of",
    "confirm_email",
    "given_answer",
    "open_message",
    "read_all",
    "record_report",
    "register_client",
    "resend",
    "send_due",
    "take_up",
    "tell",
]
