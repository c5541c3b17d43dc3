"""W5, its first part: a rating is invited when a case is closed, and given once. Diagram: docs/flows/ratings.md."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access


class ReviewState(TextChoices):
    INVITED = "invited", "待评价"
    COLLECTED = "collected", "已评价"


REVIEW_FLOW = Machine(
    name="ratings",
    title="好差评",
    model="ratings.Review",
    states=ReviewState,
    start=ReviewState.INVITED,
    ends={ReviewState.COLLECTED},
    owners={ReviewState.INVITED: "办事人"},
    moves=(
        Move(
            "rate",
            "评价",
            (ReviewState.INVITED,),
            ReviewState.COLLECTED,
            access.rater,
            "国办发〔2019〕51号（一事一评）",
        ),
    ),
)
