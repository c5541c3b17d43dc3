"""How two figures of one thing are compared: by how much it grew, to how many times it came. Never the one for the other. Pure.

Source: indicators.yaml `hotline_volume_003`, ambiguity A07: 4215 against 2038 is a growth of 106.82 %, or 2.07 times
as many; it is not 增加2倍.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


def two(value: Decimal) -> str:
    """Two places, halves away from nought."""
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Growth:
    """A count against an earlier one."""

    now: int
    before: int

    @property
    def rate(self) -> Decimal | None:
        """增长率 in percent: (now − before) ÷ before; None when there was nothing before."""
        return Decimal(self.now - self.before) * 100 / self.before if self.before else None

    @property
    def multiple(self) -> Decimal | None:
        """倍数: now ÷ before; None when there was nothing before."""
        return Decimal(self.now) / self.before if self.before else None

    @property
    def rate_text(self) -> str:
        """`106.82%`, without a sign: the word says the direction."""
        return "" if self.rate is None else f"{two(abs(self.rate))}%"

    @property
    def multiple_text(self) -> str:
        """`2.07`."""
        return "" if self.multiple is None else two(self.multiple)

    @property
    def word(self) -> str:
        """增长, 下降 or 持平."""
        return "增长" if self.now > self.before else "下降" if self.now < self.before else "持平"


def points(now: Decimal | None, before: Decimal | None) -> str:
    """The difference of two shares in percentage points with its sign, `+1.25`; empty when one is missing."""
    if now is None or before is None:
        return ""
    return f"{(now - before) * 100:+.2f}" if now != before else "0.00"
