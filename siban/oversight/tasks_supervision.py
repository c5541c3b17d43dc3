"""What days and figures ask of supervision again and again. Each round bears being done twice."""

from datetime import datetime, timedelta

from siban.kernel import rounds

from .actions import collecting_rounds, watching


@rounds.every(timedelta(minutes=10))
def watch_figures(at: datetime) -> object:
    """Tasks bound to figures close when these hold, and come back when they fall."""
    return watching.watch(at=at)


@rounds.every(timedelta(minutes=30))
def pass_days_of_tasks(at: datetime) -> object:
    """Tasks whose day is over become overdue; treatments are proposed."""
    return watching.pass_days(at=at), watching.propose_treatments(at=at)


@rounds.every(timedelta(hours=1))
def remind_of_tasks(at: datetime) -> object:
    """Reminders before the day, and of receipts nobody confirmed."""
    return watching.remind(at=at)


@rounds.every(timedelta(hours=1))
def collect(at: datetime) -> object:
    """Reminders of returns, and the collections of a new month."""
    return collecting_rounds.remind(at=at), collecting_rounds.repeat(at=at)
