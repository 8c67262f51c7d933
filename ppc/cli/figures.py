"""Numbers as people read them: scaled, short, or as a bar."""

from typing import NamedTuple

from rich.text import Text

DASH = "—"
"""What is not known, or not to be trusted."""
_MEGA = 1e6


class Scale(NamedTuple):
    """How numbers of one kind are shown."""

    divisor: float
    prefix: str
    digits: int

    def show(self, value: float | None) -> str:
        return DASH if value is None else f"{value / self.divisor:.{self.digits}f}"


def scale_for(p_max_w: float, signs: int = 7) -> Scale:
    """For powers up to `p_max_w`: MW from one on, kW below; -10.000 is 7 signs."""
    divisor, prefix = (_MEGA, "M") if p_max_w >= _MEGA else (1e3, "k")
    before = len(f"{-p_max_w / divisor:.0f}")
    return Scale(divisor, prefix, min(max(signs - before - 1, 0), 3))


class Bar(NamedTuple):
    """At least one cell from `low` to `high`, filled from `zero` to the value."""

    low: float
    high: float
    size: int
    zero: float = 0.0

    def draw(self, value: float | None, mark: float | None) -> Text:
        """The bar, with a mark where the value should be."""
        cells = [("·", "dim")] * self.size
        zero = self._position(self.zero)
        if value is not None:
            first, last = sorted((zero, self._position(value)))
            style = "green" if value >= self.zero else "cyan"
            for i in range(self.size):
                if first < i + 0.5 < last:
                    cells[i] = ("━", style)
        if self.low < self.zero:
            cells[self._cell(zero)] = ("┼", "")
        if mark is not None:
            cells[self._cell(self._position(mark))] = ("◆", "bold yellow")
        return Text.assemble(("▕", "dim"), *cells, ("▏", "dim"))

    def _position(self, value: float) -> float:
        """In cells from the left end."""
        return (value - self.low) / (self.high - self.low) * self.size

    def _cell(self, position: float) -> int:
        return min(max(int(position), 0), self.size - 1)


def duration(value_s: float | None) -> str:
    """Seconds, in ms below one."""
    if value_s is None:
        return DASH
    if value_s >= 1.0:
        return f"{value_s:.0f} s"
    return f"{value_s * 1e3:.{0 if value_s >= 0.01 else 1}f} ms"  # noqa: PLR2004


def percent(value_pu: float) -> str:
    """A part of one, in whole percent."""
    return f"{100 * value_pu:.0f} %"
