"""What a form sent, as the actions take it."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest

from siban.kernel.clock import CHINA
from siban.kernel.flow import Refused


class Sent(dict[str, str]):
    """What was sent; a box nobody filled in is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def taken(request: HttpRequest) -> Sent:
    """What was sent, several ticks of one box joined."""
    return Sent(
        (name, ",".join(request.POST.getlist(name)).replace("\x00", ""))
        for name in request.POST
        if name != "csrfmiddlewaretoken"
    )


def instant_of(said: str) -> datetime | None:
    """An instant of a form, in local time. Raises Refused."""
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise Refused(f"上门时间“{said[:20]}”应写成 2026-03-02 10:00 这样的日期和时间。") from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def degrees(said: str, most: int) -> Decimal | None:
    """A coordinate, or nothing where none was taken."""
    try:
        found = round(Decimal(said), 5) if said else None
    except InvalidOperation:
        return None
    return found if found is not None and abs(found) <= most else None
