"""Rows of a plant whose signals wander, one row a second for each ten signals."""

from collections.abc import Iterator
from random import Random
from typing import Any

SIGNALS_EACH = 10
"""Of a battery: numbers of the table `bess`."""
NOON_S = 1_795_262_400.0
"""2026-11-21 12:00 UTC."""
_COURSE = 997
"""Seconds after which a battery's course begins anew: prime, so that no two meet."""


class Plant:
    """Batteries that follow courses made once: what is timed is not their making."""

    def __init__(self, signals: int, seed: int = 1) -> None:
        pick = Random(seed)  # noqa: S311
        self.devices = [f"bess{i + 1}" for i in range(signals // SIGNALS_EACH)]
        self._courses = [_course(pick) for _ in range(min(len(self.devices), 20))]

    def rows(self, second: int, begin_s: float) -> list[dict[str, Any]]:
        """What all of them tell in one second."""
        ts = begin_s + second
        return [
            {"ts": ts, "device": device, **course[(second + 31 * i) % _COURSE]}
            for i, (device, course) in enumerate(self._each())
        ]

    def _each(self) -> Iterator[tuple[str, list[dict[str, float]]]]:
        for i, device in enumerate(self.devices):
            yield device, self._courses[i % len(self._courses)]


def _course(pick: Random) -> list[dict[str, float]]:
    p_w, q_var, soc_pu = 1e6, 1e5, 0.5
    made = []
    for second in range(_COURSE):
        p_w += pick.gauss(0.0, 2e4)
        q_var += pick.gauss(0.0, 5e3)
        soc_pu = min(max(soc_pu - p_w / 4e6 / 3600.0, 0.05), 0.95)
        made.append(
            {
                "p_w": p_w,
                "q_var": q_var,
                "soc_pu": soc_pu,
                "p_available_w": 2e6 - abs(q_var) / 10.0,
                "p_available_min_w": -2e6 + abs(q_var) / 10.0,
                "state_code": 2.0,
                "p_set_w": round(p_w, -4),
                "q_set_var": round(q_var, -3),
                "age_s": 0.02 + (second % 7) * 0.001,
                "quality": 0,
            }
        )
    return made
