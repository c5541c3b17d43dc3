"""The door to ratings."""

from .actions import invite, rate
from .flow import REVIEW_FLOW, ReviewState
from .measures import RATING_TABLE
from .models import Review
from .queries import of_case

__all__ = ["RATING_TABLE", "REVIEW_FLOW", "Review", "ReviewState", "invite", "of_case", "rate"]
