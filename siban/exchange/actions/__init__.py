"""Everything that changes what is exchanged: callers of the interfaces, messages and their way. One verb, one function."""

from .clients import actor_of, answer_row, client_of, given_answer, register_client
from .contact import ask_for_email, choose_channels, confirm_email
from .parcels import cancel_parcel, hand_over, record_event, register_parcel, send_again, settle_otherwise
from .reading import open_message, read_all, take_up
from .sending import record_report, resend, send_due
from .telling import tell

__all__ = [
    "actor_of",
    "answer_row",
    "ask_for_email",
    "cancel_parcel",
    "choose_channels",
    "client_of",
    "confirm_email",
    "given_answer",
    "hand_over",
    "open_message",
    "read_all",
    "record_event",
    "record_report",
    "register_client",
    "register_parcel",
    "resend",
    "send_again",
    "send_due",
    "settle_otherwise",
    "take_up",
    "tell",
]
