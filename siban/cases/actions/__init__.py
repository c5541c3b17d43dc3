"""Everything that changes a case, in the order of the procedure. One verb, one function, one transaction."""

from .archiving import archive
from .assigning import assign, undo_assign
from .consulting import ask_opinion, drop_opinion, give_opinion
from .decision import approve, deem_renewed, issue, reject
from .delivery import close, deliver
from .drafting import (
    add_file,
    answer,
    choose_delivery,
    note_paper,
    remove_material,
    save_form,
    start,
    use_certificate,
)
from .extending import ask_extension, grant_extension, refuse_extension
from .hearing import ask_hearing, summon_hearing, tell_hearing_right, waive_hearing
from .inspecting import assign_inspection, record_inspection
from .intake import accept, deem_accepted, discard, refuse_acceptance, request_correction, terminate, withdraw
from .intake_at_once import Applicant, MaterialIn, take_in
from .mandating import give_mandate, withdraw_mandate
from .on_the_spot import conclude, may_conclude
from .overriding import IRREGULAR, ask_override, confirm_override, refuse_override
from .promising import (
    accept_deficient,
    choose_promise,
    complete_deficiency,
    find_false,
    find_kept,
    lapse_deficiency,
    mend,
    promise_materials,
)
from .renewing import renew
from .review_points import Finding, Unfinished, pass_unseen, review_points
from .reviewing import correct_on_the_spot, pass_level, propose, return_proposal, start_review
from .saving_views import drop_view, open_first, save_view
from .special import end_special, resume_clock, start_special
from .submission import resubmit, submit
from .timing import measure_times
from .together import together

__all__ = [
    "IRREGULAR",
    "Applicant",
    "Finding",
    "MaterialIn",
    "Unfinished",
    "accept",
    "accept_deficient",
    "add_file",
    "answer",
    "approve",
    "archive",
    "ask_extension",
    "ask_hearing",
    "ask_opinion",
    "ask_override",
    "assign",
    "assign_inspection",
    "choose_delivery",
    "choose_promise",
    "close",
    "complete_deficiency",
    "conclude",
    "confirm_override",
    "correct_on_the_spot",
    "deem_accepted",
    "deem_renewed",
    "deliver",
    "discard",
    "drop_opinion",
    "drop_view",
    "end_special",
    "find_false",
    "find_kept",
    "give_mandate",
    "give_opinion",
    "grant_extension",
    "issue",
    "lapse_deficiency",
    "may_conclude",
    "measure_times",
    "mend",
    "note_paper",
    "open_first",
    "pass_level",
    "pass_unseen",
    "promise_materials",
    "propose",
    "record_inspection",
    "refuse_acceptance",
    "refuse_extension",
    "refuse_override",
    "reject",
    "remove_material",
    "renew",
    "request_correction",
    "resubmit",
    "resume_clock",
    "return_proposal",
    "review_points",
    "save_form",
    "save_view",
    "start",
    "start_review",
    "start_special",
    "submit",
    "summon_hearing",
    "take_in",
    "tell_hearing_right",
    "terminate",
    "together",
    "undo_assign",
    "use_certificate",
    "waive_hearing",
    "withdraw",
    "withdraw_mandate",
]  # fmt: skip
