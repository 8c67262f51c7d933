"""How well what was read fits what a profile says it should be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, sqrt

from ppc.commissioning.reading import ABSENT, GOOD, Reading
from ppc.keys import Key

CREDIBLE: Mapping[str, tuple[float, float]] = {
    "V": (10.0, 1e6),
    "Hz": (45.0, 65.0),
    "W": (-1e9, 1e9),
    "var": (-1e9, 1e9),
    "pu": (0.0, 1.0),
    "Wh": (0.0, 1e15),
    "code": (0.0, 4.0),
}
"""What signals of these units can be, in any plant; figures of this project."""
_PHASES = (Key.V_L1_V, Key.V_L2_V, Key.V_L3_V)
_ALIKE = 0.1
_IDENTITY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """Points with keys, counted by what they say."""

    plausible: int = 0
    zero: int = 0
    """Plausible, but any register that is not in use would say the same."""
    absent: int = 0
    wrong: int = 0
    refused: int = 0
    identity: bool | None = None
    """Whether it is known by its identity; None: the profile knows none."""
    refused_at: str = ""
    """What was refused or wrong first, for people."""

    @property
    def total(self) -> int:
        return self.plausible + self.zero + self.absent + self.wrong + self.refused

    @property
    def score(self) -> float:
        """From 0 to 1: what speaks for the profile, less what speaks against it."""
        if not self.total:
            return 0.0
        for_it = self.plausible + 0.3 * self.zero + 0.2 * self.absent
        points = max((for_it - self.wrong) / self.total, 0.0)
        if self.identity is None:
            return (1.0 - _IDENTITY_SHARE) * points
        return self.identity * (_IDENTITY_SHARE + (1.0 - _IDENTITY_SHARE) * points)


def fit_of(readings: Iterable[Reading], identity: bool | None) -> Fit:  # noqa: FBT001
    """Count the points with keys."""
    kept = [reading for reading in readings if reading.keyed]
    counts = dict.fromkeys(("plausible", "zero", "absent", "wrong", "refused"), 0)
    first = ""
    for reading in kept:
        kind = _kind(reading)
        counts[kind] += 1
        if kind in ("wrong", "refused") and not first:
            first = f"{reading.name} {reading.shown} {reading.quality}"
    fit = Fit(**counts, identity=identity, refused_at=first)
    return _with_phases(fit, kept)


def _kind(reading: Reading) -> str:
    value = reading.value
    if reading.quality == ABSENT:
        return "absent"
    if not reading.registers and reading.quality != GOOD:
        return "refused"
    if isinstance(value, str) or not isfinite(value) or reading.quality != GOOD:
        return "wrong"
    low, high = CREDIBLE.get(reading.unit, (-1e18, 1e18))
    if value == 0.0 and low <= 0.0:
        return "zero"
    return "plausible" if low <= value <= high else "wrong"


def _with_phases(fit: Fit, readings: Iterable[Reading]) -> Fit:
    """Voltages that contradict each other are of another map."""
    values = {r.name: r.value for r in readings if isinstance(r.value, float | int)}
    phases = [values[key] for key in _PHASES if key in values]
    line = values.get(Key.V_V)
    alike = len(phases) < 2 or max(phases) <= (1 + _ALIKE) * min(phases)  # noqa: PLR2004
    if alike and line and len(phases) == len(_PHASES):
        mean = sum(phases) / len(phases)
        alike = abs(line / (sqrt(3.0) * mean) - 1.0) < _ALIKE if mean else False
    if alike:
        return fit
    wrong = min(len(phases), fit.plausible)
    return replace(fit, plausible=fit.plausible - wrong, wrong=fit.wrong + wrong)
