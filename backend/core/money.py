"""Money: whole fen, never a float.

`Money.from_yuan("12.30").fen == 1230`; `str(Money(1230)) == "12.30"`; `.to_words()` is `12.30 元`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen; may be negative (a refund)."""

    fen: int

    @classmethod
    def from_yuan(cls, text: str | int | Decimal) -> Money:
        """Read yuan, exactly.

        Raises:
            ValueError: not an amount, or finer than a fen.
        """
        try:
            fen = Decimal(text) * 100
        except InvalidOperation:
            raise ValueError(f"not an amount: {text!r}") from None
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not a whole number of fen: {text!r}")
        return cls(int(fen))

    def __str__(self) -> str:
        return f"{Decimal(self.fen) / 100:.2f}"

    def to_words(self) -> str:
        """As a citizen reads it: `0.50 元`, `40 元`."""
        whole, rest = divmod(self.fen, 100)
        return f"{self} 元" if rest else f"{whole} 元"

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)
