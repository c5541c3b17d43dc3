"""Everything that changes who may come in, by occasion: coming in, own security, accounts and posts, persons."""

from .accounts import close_account, end_post, give_post, open_staff_account, reset_password, unlock
from .entering import LOCK_MINUTES, MAX_FAILURES, WRONG, log_in
from .entrusting import (
    add_member,
    ask_entrustment,
    confirm_entrustment,
    end_entrustment,
    end_membership,
    refuse_entrustment,
)
from .naming import add_alias
from .persons import citizen_account, register_enterprise, register_person, unmask
from .reading import note_reading
from .security import change_password, new_secret, turn_off_totp, turn_on_totp

__all__ = [
    "LOCK_MINUTES",
    "MAX_FAILURES",
    "WRONG",
    "add_alias",
    "add_member",
    "ask_entrustment",
    "change_password",
    "citizen_account",
    "close_account",
    "confirm_entrustment",
    "end_entrustment",
    "end_membership",
    "end_post",
    "give_post",
    "log_in",
    "new_secret",
    "note_reading",
    "open_staff_account",
    "refuse_entrustment",
    "register_enterprise",
    "register_person",
    "reset_password",
    "turn_off_totp",
    "turn_on_totp",
    "unlock",
    "unmask",
]
