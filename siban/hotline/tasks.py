"""What the hotline does again and again. Each round bears being done twice."""

from datetime import datetime, timedelta

from siban.kernel import rounds

from . import helping
from .actions import callbacks, knowledge, ledgers
from .actions import rounds as warnings
from .queries import knowledge as knowledge_queries


@rounds.every(timedelta(minutes=1))
def warn(at: datetime) -> object:
    """Warnings of the whole clock and of steps."""
    return warnings.warn(at=at), warnings.warn_of_steps(at=at)


@rounds.every(timedelta(minutes=10))
def warn_of_others(at: datetime) -> object:
    """Callers nobody has called, parts nobody has handed in."""
    return warnings.warn_of_contact(at=at), warnings.warn_of_parts(at=at)


@rounds.every(timedelta(minutes=10))
def end_by_themselves(at: datetime) -> object:
    """Ends nobody appealed against, and consultations not drawn for a call-back."""
    return ledgers.finish_terminations(at=at), callbacks.close_drawn_by_lot(at=at)


@rounds.every(timedelta(hours=1))
def keep_knowledge(at: datetime) -> object:
    """Articles whose validity is over end; whoever owes a review is reminded."""
    return knowledge.expire(at=at), knowledge.remind(at=at)


@rounds.every(timedelta(minutes=1))
def learn_knowledge(at: datetime) -> object:
    """What was published or ended is learned here, so that no page waits for it."""
    return knowledge_queries.prepare()


@rounds.every(timedelta(minutes=30))
def have_learned(at: datetime) -> object:
    """What suggestions are learned from is read, or learned and kept, so that no caller waits for it."""
    return helping.helper() is not None
