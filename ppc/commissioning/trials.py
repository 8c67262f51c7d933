"""Trials with a unit in the plant: steps of its set-points, and their watchdog."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from time import monotonic

from ppc.commissioning.holding import Holding
from ppc.commissioning.line import Line
from ppc.commissioning.probe import values_of
from ppc.commissioning.signs import Step
from ppc.commissioning.subject import Subject
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key

_SAMPLES, _SAMPLE_S = 5, 0.2
_TRIES = 2
"""What is not right is stepped again: something else may have moved."""
_SETTLED_PART = 0.3
"""A unit is at its set-point when it is as near as this part of the step."""


class NoTrial(Exception):
    """The unit cannot be tried now; it says why."""


@dataclass(frozen=True, slots=True)
class WatchdogTime:
    """After how long a unit left a set-point that was not renewed."""

    unit: str
    found_s: float | None
    """None: it held it to the end of the trial."""
    lasted_s: float
    told_s: float | None
    """What the profile says."""

    @property
    def right(self) -> bool:
        """Within a fifth and a second of what the profile says."""
        if self.found_s is None or self.told_s is None:
            return self.found_s is None and self.told_s is None
        return abs(self.found_s - self.told_s) <= 0.2 * self.told_s + 1.0

    def __str__(self) -> str:
        told = "none" if self.told_s is None else f"{self.told_s:g} s"
        if self.found_s is None:
            return (
                f"holds its set-point for {self.lasted_s:.0f} s and more; told: {told}"
            )
        return f"leaves its set-point after {self.found_s:.1f} s; told: {told}"


async def steps(
    unit: tuple[Line, Subject],
    meter: tuple[Line, Subject],
    *,
    share: float,
    settle_s: float,
) -> list[Step]:
    """Step P and Q by a share of the ratings, one after the other, and back.

    Ends when the unit has dropped its last set-point, where it has a watchdog: it must
    not disturb the trial of another one. Raises NoTrial, NotHeld, ActionFailed.
    """
    line, subject = unit
    rating = subject.rating
    if rating is None:
        raise NoTrial("it has no ratings")
    before = await _mean(line, subject)
    wanted = _by(subject, before, share * rating.p_max_w)
    sizes = {Key.P_SET_W: wanted, Key.Q_SET_VAR: share * rating.q_max_var}
    keys = {key for group in subject.profile.commands for key in group.keys}
    rest = {
        Key.P_SET_W: before.get(Key.P_W, 0.0),
        Key.Q_SET_VAR: before.get(Key.Q_VAR, 0.0),
    }
    rest = {key: value for key, value in rest.items() if key in keys}
    found = []
    async with Holding(line, subject) as holding:
        for key, at in rest.items():
            for _ in range(_TRIES):
                step = await _step(
                    unit, meter, holding, (key, at, sizes[key]), rest, settle_s
                )
                if step.right:
                    break
            found.append(step)
        await holding.set(rest)
    await asyncio.sleep((subject.profile.watchdog_s or 0.0) + settle_s)
    return found


async def _step(
    unit: tuple[Line, Subject],
    meter: tuple[Line, Subject],
    holding: Holding,
    stepped: tuple[Key, float, float],
    rest: Mapping[Key, float],
    settle_s: float,
) -> Step:
    """One set-point (key, where from, by how much) stepped."""
    key, at, size = stepped
    await holding.set(rest)
    await asyncio.sleep(settle_s)
    unit_was, meter_was = await _both(unit, meter)
    await holding.set({key: at + size})
    await asyncio.sleep(settle_s)
    unit_is, meter_is = await _both(unit, meter)
    active = key is Key.P_SET_W
    signal = Key.P_W if active else Key.Q_VAR
    return Step(
        unit[1].name,
        "P" if active else "Q",
        size,
        _moved(unit_was, unit_is, signal),
        _moved(meter_was, meter_is, signal),
    )


async def watchdog(
    unit: tuple[Line, Subject], *, share: float, settle_s: float, most_s: float
) -> WatchdogTime:
    """Bring P to a set-point, stop writing, and see when it leaves it.

    Raises NoTrial, NotHeld, ActionFailed.
    """
    line, subject = unit
    rating = subject.rating
    if rating is None:
        raise NoTrial("it has no ratings")
    before = await _mean(line, subject)
    if Key.P_W not in before:
        raise NoTrial("its P cannot be read")
    step_w = _by(subject, before, share * rating.p_max_w)
    aim_w = before[Key.P_W] + step_w
    async with Holding(line, subject) as holding:
        await holding.set({Key.P_SET_W: aim_w})
        await asyncio.sleep(settle_s)
        at = await _mean(line, subject)
        if abs(at.get(Key.P_W, aim_w + step_w) - aim_w) > _SETTLED_PART * abs(step_w):
            raise NoTrial(f"it is not at its set-point after {settle_s:g} s")
        await holding.let_go()
        since_s = holding.written_s
        while monotonic() - since_s < most_s:
            now = await values_of(line, subject, (Key.P_W,))
            p_w = now.get(Key.P_W)
            if p_w is not None and abs(p_w - aim_w) > _SETTLED_PART * abs(step_w):
                lasted_s = now["at_s"] - since_s
                told_s = subject.profile.watchdog_s
                return WatchdogTime(subject.name, lasted_s, lasted_s, told_s)
            await asyncio.sleep(_SAMPLE_S / 2)
    return WatchdogTime(subject.name, None, most_s, subject.profile.watchdog_s)


def _by(subject: Subject, before: Mapping[str, float], size_w: float) -> float:
    """The step of P the unit can do from where it is: PV only downwards."""
    p_w = before.get(Key.P_W)
    if p_w is None:
        raise NoTrial("its P cannot be read")
    rating = subject.rating
    assert rating is not None, "asked before"
    if rating.type is EquipmentType.PV:
        if p_w < 2.0 * size_w:
            raise NoTrial("it gives too little power for a step")
        return -size_w
    return size_w if p_w + size_w <= rating.p_max_w else -size_w


def _moved(
    was: Mapping[str, float], now: Mapping[str, float], signal: Key
) -> float | None:
    if signal not in was or signal not in now:
        return None
    return now[signal] - was[signal]


async def _both(
    unit: tuple[Line, Subject], meter: tuple[Line, Subject]
) -> tuple[dict[str, float], dict[str, float]]:
    return await _mean(*unit), await _mean(*meter)


async def _mean(line: Line, subject: Subject) -> dict[str, float]:
    """P and Q over about a second."""
    wanted = [key for key in (Key.P_W, Key.Q_VAR) if key in subject.names]
    samples = []
    for _ in range(_SAMPLES):
        samples.append(await values_of(line, subject, wanted))
        await asyncio.sleep(_SAMPLE_S)
    return {
        key: fmean(sample[key] for sample in samples)
        for key in wanted
        if all(key in sample for sample in samples)
    }
