"""How a person's name is shown to who does not need it whole; names of colleagues for lists."""

import time
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from siban.identity.api import Account

KEPT_SECONDS = 60.0
MOST = 5000
_staff: dict[UUID, tuple[float, str]] = {}


def masked_name(name: str, *, is_person: bool = True) -> str:
    """`张*` for a person, the whole name for an enterprise, which is public (企业信息公示暂行条例第六条)."""
    return name if not is_person or not name else name[0] + "*" * max(len(name) - 1, 1)


def staff_names(ids: Iterable[Any]) -> Mapping[Any, str]:
    """Names of accounts; known for a minute, so that a list opened again and again asks for none."""
    wanted, now = {pk for pk in ids if pk is not None}, time.monotonic()
    unknown = {pk for pk in wanted if _staff.get(pk, (0.0, ""))[0] < now}
    if unknown:
        if len(_staff) > MOST:
            _staff.clear()
        rows = Account.objects.filter(pk__in=unknown).order_by("pk").values_list("pk", "name")
        _staff.update({pk: (now + KEPT_SECONDS, name) for pk, name in rows})
    return {pk: _staff[pk][1] for pk in wanted if pk in _staff}
