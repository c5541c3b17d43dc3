"""What passing time asks of certificates: those whose period has run out are expired."""

from datetime import datetime, timedelta

from siban.kernel import rounds

from . import api


@rounds.every(timedelta(hours=1))
def expire_run_out(at: datetime) -> object:
    """Expire what has run out (行政许可法第七十条第一项)."""
    return api.expire_due(at=at)
