"""Everything that changes a case, in the order of the procedure. One verb, one function, one transaction."""

from .decision import approve, issue, reject, start_review
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
from .intake import accept, deem_accepted, discard, refuse_acceptance, request_correction, terminate, withdraw
from .intake_at_once import Applicant, MaterialIn, take_in
from .on_the_spot import conclude, may_conclude
from .renewing import renew
from .submission import resubmit, submit

__all__ = [
    "Applicant",
    "MaterialIn",
    "accept",
    "add_file",
    "answer",
    "approve",
    "choose_delivery",
    "close",
    "conclude",
    "deem_accepted",
    "deliver",
    "discard",
    "issue",
    "may_conclude",
    "note_paper",
    "refuse_acceptance",
    "reject",
    "remove_material",
    "renew",
    "request_correction",
    "resubmit",
    "save_form",
    "start",
    "start_review",
    "submit",
    "take_in",
    "terminate",
    "use_certificate",
    "withdraw",
]
