"""What is done to the plant and to the controller during a case."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise
from math import ceil, nan, pi, sin
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.bench.recording import Recording
from ppc.bench.stand import Stand
from ppc.bench.target import TargetStand
from ppc.communication.errors import Refused
from ppc.simulation.faults.plan import Planned

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]

GRID_S = 0.02
"""Ramps and sines are moved this often."""


class Sine(Strict):
    """mean + amplitude * sin(2 pi t / period), for whole cycles; then the mean."""

    mean: Number
    amplitude: Number
    period_s: Positive
    cycles: Positive

    @property
    def lasts_s(self) -> float:
        return self.period_s * self.cycles

    def at(self, time_s: float) -> float:
        if time_s >= self.lasts_s:
            return self.mean
        return self.mean + self.amplitude * sin(2.0 * pi * time_s / self.period_s)


class Profile(Strict):
    """Straight lines between points of time since the move [s] and value."""

    points: Annotated[tuple[tuple[NotNegative, Number], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        times = [time_s for time_s, _ in self.points]
        if any(b < a for a, b in pairwise(times)):
            raise ValueError("the times of points must not fall")
        return self

    @property
    def lasts_s(self) -> float:
        return self.points[-1][0]

    def at(self, time_s: float) -> float:
        before = self.points[0]
        for after in self.points:
            if time_s < after[0]:
                (t0, y0), (t1, y1) = before, after
                return y1 if t1 <= t0 else y0 + (y1 - y0) * (time_s - t0) / (t1 - t0)
            before = after
        return before[1]


class Move(Strict):
    """Signals and what becomes of them at a time.

    A value is a number (a step), null (an order is withdrawn), `{sine: ...}`,
    `{profile: ...}` or `{recorded: ...}`; with `over_s` a number is reached on a
    straight line.
    """

    at_s: NotNegative
    signals: dict[str, Number | dict[str, Any] | None] = Field(default_factory=dict)
    fault: Planned | None = None
    """A fault of the simulated field that begins at `at_s`."""
    over_s: NotNegative = 0.0
    refused: bool = False
    """Whether the controller must refuse the order."""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:  # noqa: ANN401
        """Signals stand beside `at_s` in the file."""
        if not isinstance(data, Mapping) or "signals" in data:
            return data
        own = {"at_s", "over_s", "refused", "fault"}
        signals = {k: v for k, v in data.items() if k not in own}
        return {k: v for k, v in data.items() if k in own} | {"signals": signals}

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if not self.signals and self.fault is None:
            raise ValueError("give a signal and its value, or a fault")
        for value in self.signals.values():
            if isinstance(value, dict):
                shape(value)
        return self

    @property
    def end_s(self) -> float:
        """When the last of it is reached."""
        lasts_s = [s.lasts_s for s in self._shapes if not isinstance(s, Recording)]
        return self.at_s + max([self.over_s, *lasts_s])

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Measured courses; they go on until the end of the case."""
        return tuple(s for s in self._shapes if isinstance(s, Recording))

    @property
    def _shapes(self) -> list[Sine | Profile | Recording]:
        return [shape(v) for v in self.signals.values() if isinstance(v, dict)]


def shape(value: Mapping[str, Any]) -> Sine | Profile | Recording:
    """`{sine: ...}`, `{profile: ...}` or `{recorded: ...}`. ValueError: neither."""
    match dict(value):
        case {"sine": data, **rest} if not rest:
            return Sine.model_validate(data)
        case {"profile": points, **rest} if not rest:
            return Profile(points=points)
        case {"recorded": data, **rest} if not rest:
            return Recording.model_validate(data)
    raise ValueError(
        "a value is a number, null, {sine: ...}, {profile: [[s, y]]} or {recorded: ...}"
    )


def play(stand: Stand | TargetStand, moves: tuple[Move, ...]) -> list[str]:
    """Have everything done at its time. What is surprising is put in the list.

    Raises KeyError for a signal the stand does not have, ValueError for a recording
    that cannot be read.
    """
    surprises: list[str] = []
    last: dict[str, float] = {}
    for move in sorted(moves, key=lambda m: m.at_s):
        if move.fault is not None:
            stand.at(move.at_s, partial(stand.fault, move.fault))
        for signal, value in move.signals.items():
            stand.knows(signal)
            form = shape(value) if isinstance(value, dict) else None
            if isinstance(form, Recording):
                follow = partial(stand.follow, signal, form.course())
                stand.at(move.at_s, follow)
                continue
            for at_s, y in _points(move, signal, value, last):
                stand.at(at_s, _setter(stand, signal, y, move, surprises))
    return surprises


def _points(
    move: Move,
    signal: str,
    value: float | dict[str, Any] | None,
    last: dict[str, float],
) -> Iterator[tuple[float, float]]:
    """When the signal is set, and to what."""
    if isinstance(value, dict):
        form = shape(value)
        assert not isinstance(form, Recording), "a recording is followed"
        lasts_s, at = form.lasts_s, form.at
    elif value is None or not move.over_s:
        last[signal] = nan if value is None else value
        yield move.at_s, last[signal]
        return
    else:
        if signal not in last:
            raise ValueError(f"{signal} moves over {move.over_s:g} s from where?")
        line = Profile(points=((0.0, last[signal]), (move.over_s, value)))
        lasts_s, at = line.lasts_s, line.at
    count = ceil(lasts_s / GRID_S - 1e-9)
    for i in range(count + 1):
        yield move.at_s + i * GRID_S, at(i * GRID_S)
    last[signal] = at(count * GRID_S)


def _setter(
    stand: Stand | TargetStand,
    signal: str,
    value: float,
    move: Move,
    surprises: list[str],
) -> Any:  # noqa: ANN401
    def act() -> None:
        try:
            stand.set(signal, value)
        except Refused as refusal:
            if not move.refused:
                told = f"{signal} = {value:g} at {move.at_s:g} s was refused: {refusal}"
                surprises.append(told)
        else:
            if move.refused:
                told = f"{signal} = {value:g} at {move.at_s:g} s was not refused"
                surprises.append(told)

    return act
