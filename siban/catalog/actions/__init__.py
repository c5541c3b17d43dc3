"""Everything that changes an item, by stage: claimed, compiled, reviewed, in force."""

from .catalogue import set_listed
from .checking import check_everything
from .compiling import draft, request_change, roll_back, save_draft, self_check, submit
from .confirming import approve_taken_over, confirm_base_change
from .discarding import discard
from .forms import ask_fields, replace_form, restore_form
from .importing import apply_workbook, check_workbook, confirm_workbook, map_columns, receive_workbook
from .linking import follow_material, link_material, unlink_material
from .listing import assign, claim, claim_listed
from .powers import check_links, keep_power, list_as_negative, remove_power, take_off_negative
from .presenting import present
from .publishing import cancel, publish, resume, review, send_back, suspend, take_effect, withdraw_schedule
from .requesting import decline_cancellation, request_cancellation
from .switching import end_switch, follow_addresses, switch_rule
from .together import change_together, undo_together
from .transferring import refusal_to_transfer, transfer

__all__ = [
    "apply_workbook",
    "approve_taken_over",
    "ask_fields",
    "assign",
    "cancel",
    "change_together",
    "check_everything",
    "check_links",
    "check_workbook",
    "claim",
    "claim_listed",
    "confirm_base_change",
    "confirm_workbook",
    "decline_cancellation",
    "discard",
    "draft",
    "end_switch",
    "follow_addresses",
    "follow_material",
    "keep_power",
    "link_material",
    "list_as_negative",
    "map_columns",
    "present",
    "publish",
    "receive_workbook",
    "refusal_to_transfer",
    "remove_power",
    "replace_form",
    "request_cancellation",
    "request_change",
    "restore_form",
    "resume",
    "review",
    "roll_back",
    "save_draft",
    "self_check",
    "send_back",
    "set_listed",
    "submit",
    "suspend",
    "switch_rule",
    "take_effect",
    "take_off_negative",
    "transfer",
    "undo_together",
    "unlink_material",
    "withdraw_schedule",
]
