"""What happened on the wires since the last sample, device by device."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from ppc.application.device import FieldDevice
from ppc.application.record.door import Row, Rows
from ppc.communication.driver.base import Driver
from ppc.communication.errors import BadReply, NoReply, Refused


@dataclass(slots=True)
class _Station:
    """One station on one connection. A refusal is an answer, too."""

    answers_s: list[float] = field(default_factory=list)
    requests: int = 0
    kinds: dict[type, int] = field(
        default_factory=lambda: {NoReply: 0, BadReply: 0, Refused: 0}
    )


class Links:
    """Counts the requests that ended, with their times.

    Devices that share a station share its figures, those that share a connection share
    `connects_count`.
    """

    def __init__(self, devices: Iterable[FieldDevice]) -> None:
        devices = tuple(devices)
        self._drivers = tuple({device.driver for device in devices})
        self._connects = dict.fromkeys(self._drivers, 0)
        self._devices = [(d.name, d.driver, d.party.station) for d in devices]
        self._stations: dict[tuple[Driver, int], _Station] = {}
        self._begin()

    def collect(self) -> None:
        """Take out what the drivers have noted. Every cycle, so that none is lost."""
        stations = self._stations
        for driver in self._drivers:
            ended = driver.counters.ended
            while ended:
                station, took_s, kind = ended.popleft()
                seen = stations.get((driver, station))
                if seen is None:
                    continue
                seen.requests += 1
                if kind in seen.kinds:
                    seen.kinds[kind] += 1
                if kind is bytes or kind is Refused:
                    seen.answers_s.append(took_s)

    def rows(self, wall_s: float) -> Rows:
        """One for each device; then it counts from 0 again."""
        connects = {driver: driver.counters.connects for driver in self._drivers}
        rows = [
            _row(
                *(name, self._stations[driver, station]),
                connects_count=connects[driver] - self._connects[driver],
                wall_s=wall_s,
            )
            for name, driver, station in self._devices
        ]
        self._connects = connects
        self._begin()
        return rows

    def _begin(self) -> None:
        self._stations = {(d, station): _Station() for _, d, station in self._devices}


def _row(name: str, seen: _Station, *, connects_count: int, wall_s: float) -> Row:
    answers_s, kinds = seen.answers_s, seen.kinds
    return {
        "ts": wall_s,
        "device": name,
        "answer_p50_s": median(answers_s) if answers_s else None,
        "answer_max_s": max(answers_s, default=None),
        "requests_count": seen.requests,
        "no_replies_count": kinds[NoReply],
        "bad_replies_count": kinds[BadReply],
        "refusals_count": kinds[Refused],
        "connects_count": connects_count,
    }
