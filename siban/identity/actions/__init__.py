"""Everything that changes who may come in, by occasion: coming in, own security, accounts and posts, persons."""

from .accounts import close_account, end_post, give_post, open_staff_account, reset_password, unlock
from .entering import LOCK_MINUTES, MAX_FAILURES, WRONG, log_in
from .persons import citizen_account, register_enterprise, register_person, unmask
from .security import change_password, new_secret, turn_off_totp, turn_on_totp

__all__ = [
    "LOCK_MINUTES",
    "MAX_FAILURES",
    "WRONG",
    "change_password",
    "citizen_account",
    "close_account",
    "end_post",
    "give_post",
    "log_in",
    "new_secret",
    "open_staff_account",
    "register_enterprise",
    "register_person",
    "reset_password",
    "turn_off_totp",
    "turn_on_totp",
    "unlock",
    "unmask",
]
