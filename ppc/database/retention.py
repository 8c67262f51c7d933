"""What is to be kept, and so what is to go: decided here, done elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DAY_S = 86_400.0
MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How much history is kept."""

    raw_days: int
    """Rows as recorded, in trend.db."""
    trend_days: int
    """All else in trend.db."""
    daily_files: int
    """Daily files, the newest ones."""
    quota_bytes: int | None = None
    """What all files together may take on the disk. None: what it has."""

    def raw_since_s(self, now_s: float) -> float:
        """Older rows go. A whole minute: what is left of one is never rolled up."""
        return _minute(now_s - self.raw_days * DAY_S)

    def minutes_since_s(self, now_s: float) -> float:
        """Older minutes and events go."""
        return _minute(now_s - self.trend_days * DAY_S)

    def surplus(self, files: Sequence[Path]) -> Sequence[Path]:
        """Those of `files`, the oldest first, that are beyond the newest to keep."""
        return files[: max(0, len(files) - self.daily_files)]


def _minute(time_s: float) -> float:
    return time_s // MINUTE_S * MINUTE_S
