"""Everything that changes an item, by stage: claimed, compiled, reviewed, in force."""

from .compiling import draft, request_change, save_draft, self_check, submit
from .forms import replace_form, restore_form
from .listing import assign, claim
from .presenting import present
from .publishing import cancel, publish, resume, review, send_back, suspend

__all__ = [
    "assign",
    "cancel",
    "claim",
    "draft",
    "present",
    "publish",
    "replace_form",
    "request_change",
    "restore_form",
    "resume",
    "review",
    "save_draft",
    "self_check",
    "send_back",
    "submit",
    "suspend",
]
