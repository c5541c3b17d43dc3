"""The one place that reads the system clock; only interfaces call it, everything below is told the time."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This instant, aware, in UTC."""
    return timezone.now()


def local_day(at: datetime) -> date:
    """The legal day of an instant: days are counted in Asia/Shanghai, never in UTC."""
    return timezone.localtime(at).date()
