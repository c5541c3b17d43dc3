"""What the worker does for messages: send what is due."""

from datetime import datetime, timedelta

from siban.kernel import rounds

from . import actions


@rounds.every(timedelta(seconds=5))
def send_messages(at: datetime) -> object:
    """Hand over e-mails and short messages whose time has come."""
    return actions.send_due(at=at)
