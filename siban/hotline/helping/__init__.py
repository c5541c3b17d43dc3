"""Help that explains itself: what a demand is about, who leads it, whether it is urgent, which order it repeats, what a reply lacks."""

from .duplicates import Terms, fingerprint, likely, rank
from .reply_check import Remark, check
from .suggest import Ranked, Suggestion, suggest
from .training import Helper, helper, is_ready, train, unit_names

__all__ = [
    "Helper", "Ranked", "Remark", "Suggestion", "Terms", "check", "fingerprint", "helper", "is_ready", "likely", "rank",
    "suggest", "train", "unit_names",
]  # fmt: skip
