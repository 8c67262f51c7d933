"""What became of points that were read again and again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, inf, isfinite

from ppc.commissioning.reading import GOOD, Reading


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that this share of all does not exceed; NaN of none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


@dataclass(slots=True)
class Course:
    """One point over time."""

    last: Reading
    changed: bool = False
    """Whether the last read brought other registers than the one before."""
    low: float = inf
    high: float = -inf
    reads_count: int = 0
    bad_count: int = 0
    changes_count: int = 0
    latencies_s: list[float] = field(default_factory=list)

    def take(self, reading: Reading) -> None:
        """The next read of it."""
        self.changed = self.reads_count > 0 and (
            (reading.registers, reading.shown) != (self.last.registers, self.last.shown)
        )
        self.changes_count += self.changed
        self.reads_count += 1
        self.bad_count += reading.quality != GOOD
        self.latencies_s.append(reading.latency_s)
        del self.latencies_s[:-_REMEMBERED]
        if isinstance(reading.value, float | int) and isfinite(reading.value):
            self.low = min(self.low, reading.value)
            self.high = max(self.high, reading.value)
        self.last = reading

    @property
    def median_s(self) -> float:
        return self.at(0.5)

    def at(self, share: float) -> float:
        """A percentile of the latency."""
        return percentile(self.latencies_s, share)


_REMEMBERED = 10000


class Watch:
    """All points of a device."""

    def __init__(self) -> None:
        self.courses: dict[str, Course] = {}

    def take(self, readings: Iterable[Reading]) -> None:
        """One round of reads."""
        for reading in readings:
            course = self.courses.setdefault(reading.name, Course(reading))
            course.take(reading)
