"""The door to certificates."""

from .actions import cancel, correct, dispute, expire_due, issue, resume, revoke, suspend, uphold, use, withdraw
from .flow import ECERT_FLOW, ECertState
from .models import ECert, ECertType, ECertUse
from .queries import VerifyPage, callable_types, held_by, held_by_many, verify_public
from .sheet import pdf

__all__ = [
    "ECERT_FLOW",
    "ECert",
    "ECertState",
    "ECertType",
    "ECertUse",
    "VerifyPage",
    "callable_types",
    "cancel",
    "correct",
    "dispute",
    "expire_due",
    "held_by",
    "held_by_many",
    "issue",
    "pdf",
    "resume",
    "revoke",
    "suspend",
    "uphold",
    "use",
    "verify_public",
    "withdraw",
]
