"""Puts faults into force and takes them back, at the time of the field."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf

from ppc.simulation.faults.base import Target, Undo
from ppc.simulation.faults.catalogue import FaultError
from ppc.simulation.faults.plan import FaultPlan, Planned

logger = logging.getLogger(__name__)

WHOLE = "plant"
"""What is said in the place of a device of faults of the plant as a whole."""


@dataclass(frozen=True, slots=True)
class Active:
    """A fault in force."""

    number: int
    planned: Planned
    since_s: float
    until_s: float
    undo: Undo

    @property
    def text(self) -> str:
        told = ", ".join(f"{k}={v}" for k, v in self.planned.parameters.items())
        device = self.planned.device or WHOLE
        return f"{self.planned.kind} on {device}" + (f" ({told})" if told else "")


class Later:
    """Things to be done at a time of the field."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self.now_s = 0.0

    def __call__(self, delay_s: float, action: Callable[[], None]) -> None:
        heappush(self._due, (self.now_s + delay_s, next(self._order), action))

    def step(self, now_s: float) -> None:
        while self._due and self._due[0][0] <= now_s + 1e-9:
            at_s, _, action = heappop(self._due)
            self.now_s = max(self.now_s, at_s)
            action()
        self.now_s = now_s


class Injector:
    """Faults by plan, and by hand.

    `step` is called with the field's own time, in seconds since its start, in every
    step of the plant: so a plan runs alike on sockets and within one process. `told`
    is called with "on" or "off" and the fault, at every change.
    """

    def __init__(
        self,
        plan: FaultPlan,
        targets: Mapping[str, Target],
        later: Later,
        told: Callable[[str, Active], None] = lambda _word, _fault: None,
    ) -> None:
        self._plan = plan
        self._targets = targets
        self._later = later
        self._told = told
        self._coming = sorted(plan.faults, key=lambda p: p.at_s)
        self._turn = 0
        self._drawn = plan.draw(0)
        self._numbers = count(1)
        self.active: dict[int, Active] = {}

    @property
    def now_s(self) -> float:
        return self._later.now_s

    def step(self, now_s: float) -> None:
        """Do what is due until `now_s`."""
        self._later.step(now_s)
        for number in [n for n, a in self.active.items() if a.until_s <= now_s + 1e-9]:
            self.clear(number)
        while self._coming and self._coming[0].at_s <= now_s + 1e-9:
            self.add(self._coming.pop(0))
        while self._drawn is not None and self._drawn.at_s <= now_s + 1e-9:
            self._chance(self._drawn)
            self._turn += 1
            self._drawn = self._plan.draw(self._turn)

    def add(self, planned: Planned) -> Active:
        """Put a fault into force now.

        Raises FaultError: there is no such device, or the fault makes no sense there.
        """
        fault, device = planned.fault(), planned.device
        if device is not None and device not in self._targets:
            known = ", ".join(self._targets)
            raise FaultError(f"there is no device {device}; there is {known}")
        target = self._targets[device or next(iter(self._targets))]
        try:
            undo = fault.begin(target)
        except (ValueError, KeyError) as error:
            why = f"{device} is no unit" if isinstance(error, KeyError) else str(error)
            raise FaultError(f"{planned.kind}: {why}") from None
        now_s, lasts_s = self.now_s, planned.lasts_s
        active = Active(
            next(self._numbers),
            planned,
            now_s,
            inf if lasts_s is None else now_s + lasts_s,
            undo,
        )
        self.active[active.number] = active
        self._told("on", active)
        return active

    def clear(self, number: int) -> Active:
        """Take a fault back. KeyError: it is not in force."""
        active = self.active.pop(number)
        active.undo()
        self._told("off", active)
        return active

    def _chance(self, planned: Planned) -> None:
        """One that makes no sense on its device, as BMS on PV, falls out."""
        try:
            self.add(planned)
        except FaultError as error:
            logger.debug("%s", error)
