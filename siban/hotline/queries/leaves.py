"""The list of categories as a choice: grouped by top category, with natures and lead unit."""

from collections.abc import Sequence
from datetime import datetime

from siban.kernel.clock import local_day

from ..models import Category

Group = tuple[str, Sequence[tuple[str, str]]]


def leaves_for(region: str, *, at: datetime) -> list[object]:
    """Choices of a select: (top category, ((code, `second · leaf`), …))."""
    rows = Category.objects.in_force(local_day(at)).filter(region_id=f"{region[:6]}000000").order_by("code")
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, top, second, name in rows.values_list("code", "top_name", "second_name", "name"):
        groups.setdefault(f"{code[:2]} {top}", []).append((code, f"{second} · {name}"))
    return [("", "请选择"), *groups.items()]
