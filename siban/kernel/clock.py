"""The one place that reads the system clock; only interfaces call it, everything below is told the time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return timezone.now()


def local_day(at: datetime) -> date:
    """The legal day of an instant: days are counted in Asia/Shanghai, never in UTC."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone has no legal day")
    return at.astimezone(CHINA).date()


def local(at: datetime) -> datetime:
    """An instant on the clock of the wall here."""
    return at.astimezone(CHINA)
