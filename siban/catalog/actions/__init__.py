"""Everything that changes an item, by stage: claimed, compiled, reviewed, in force."""

from .compiling import draft, request_change, save_draft, self_check, submit
from .forms import ask_fields, replace_form, restore_form
from .importing import apply_workbook, check_workbook, confirm_workbook, map_columns, receive_workbook
from .linking import follow_material, link_material, unlink_material
from .listing import assign, claim
from .presenting import present
from .publishing import cancel, publish, resume, review, send_back, suspend
from .together import change_together, undo_together

__all__ = [
    "apply_workbook",
    "ask_fields",
    "assign",
    "cancel",
    "change_together",
    "check_workbook",
    "claim",
    "confirm_workbook",
    "draft",
    "follow_material",
    "link_material",
    "map_columns",
    "present",
    "publish",
    "receive_workbook",
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
    "undo_together",
    "unlink_material",
]
