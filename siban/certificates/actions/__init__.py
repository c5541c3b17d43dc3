"""Everything that changes a certificate. One verb, one function, one transaction."""

from .issuing import issue
from .standing import cancel, correct, dispute, expire, expire_due, resume, revoke, suspend, uphold, withdraw
from .using import note, use

__all__ = [
    "cancel",
    "correct",
    "dispute",
    "expire",
    "expire_due",
    "issue",
    "note",
    "resume",
    "revoke",
    "suspend",
    "uphold",
    "use",
    "withdraw",
]
