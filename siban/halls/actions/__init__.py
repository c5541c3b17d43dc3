"""What is done about the hall: extended hours claimed and excused, departments entered."""

from .delayed import answer_exemption, ask_exemption, claim, confirm, end_exemption, match, return_claim, withdraw
from .entering import enter, leave

__all__ = [
    "answer_exemption", "ask_exemption", "claim", "confirm", "end_exemption", "enter", "leave", "match",
    "return_claim", "withdraw",
]  # fmt: skip
