"""How long and how much: the limits and charges an item states, and a situation may state of its own."""

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """时限: `value` None = 无法定期限; `unit` workday or natural_day."""

    value: int | None = None
    unit: str | None = None
    note: str | None = None
    basis: str | None = None

    @property
    def words(self) -> str:
        if self.value is None:
            return self.note or "无法定期限"
        if self.value == 0:
            return "当场办结"
        return f"{self.value} 个{'工作日' if self.unit == 'workday' else '自然日'}"


class Charge(msgspec.Struct, frozen=True):
    """收费项目."""

    name: str
    standard: str | None = None
    legal_basis: str | None = None
    reducible: bool = False


class Charging(msgspec.Struct, frozen=True):
    """收费."""

    is_charging: bool | None = False
    items: tuple[Charge, ...] = ()
    note: str | None = None

    @property
    def words(self) -> str:
        """What it costs, in a line."""
        if not self.is_charging:
            return "不收费"
        return "；".join(f"{c.name} {c.standard or ''}".strip() for c in self.items) or "收费"
