"""How much time of each range is used up, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.operating_range import law
from ppc.metier.setting import Curve, check, setting

_F_LOW: Curve = ((47.5 / 50.0, 5.0), (49.0 / 50.0, 1800.0))
_F_HIGH: Curve = ((51.0 / 50.0, 1800.0), (51.5 / 50.0, 5.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingRangeSettings:
    """Settings, from `config/plant.yaml`.

    Each list gives limits, rising, and how long U or f may be beyond them. The
    figures are those of continental Europe. The times of the outermost limits are a
    choice of this project, long enough for what is to be ridden through.
    """

    f_low: Curve | None = setting(
        default=None, form="curve", low=0.0,
        meaning="points [Hz, s]: how long f may be below each",
        unset="[[47.5, 5], [49.0, 1800]], at 60 Hz in proportion",
    )  # fmt: skip
    f_high: Curve | None = setting(
        default=None, form="curve", low=0.0,
        meaning="points [Hz, s]: how long f may be above each",
        unset="[[51.0, 1800], [51.5, 5]], at 60 Hz in proportion",
    )  # fmt: skip
    v_low: Curve = setting(
        default=((0.85, 60.0), (0.9, 3600.0)), form="curve", low=0.0,
        meaning="points [U in pu, s]: how long U may be below each",
    )  # fmt: skip
    v_high: Curve = setting(
        default=((1.118, 3600.0), (1.15, 60.0)), form="curve", low=0.0,
        meaning="points [U in pu, s]: how long U may be above each",
    )  # fmt: skip
    recover_s: float = setting(
        default=60.0, low=0.0,
        meaning="after how long within a limit the time used beyond it is forgotten",
    )  # fmt: skip
    ramp_s: float = setting(
        default=5.0, low=0.0,
        meaning="from full P and Q to 0 when the time is used up, and back",
    )  # fmt: skip
    hold_s: float = setting(
        default=5.0, low=0.0,
        meaning="how long U or f is taken for what it was without a measurement; then "
        "its times stand still",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    f_low: Curve
    f_high: Curve


def figures(settings: OperatingRangeSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    f_hz = plant.f_nominal_hz
    return Figures(
        f_low=settings.f_low or tuple((x * f_hz, y) for x, y in _F_LOW),
        f_high=settings.f_high or tuple((x * f_hz, y) for x, y in _F_HIGH),
    )


class _Limit:
    """One limit, and the time used up beyond it."""

    def __init__(self, limit: float, allowed_s: float, *, above: bool) -> None:
        self._limit, self._allowed_s, self._above = limit, allowed_s, above
        self._within_s = 0.0
        self.used_s = 0.0

    @property
    def expired(self) -> bool:
        return self.used_s > 0.0 and self.used_s >= self._allowed_s

    def beyond(self, value: float) -> bool:
        return law.is_beyond(value, limit=self._limit, above=self._above)

    def step(self, value: float, *, recover_s: float, dt_s: float) -> None:
        beyond = self.beyond(value)
        self._within_s = 0.0 if beyond else self._within_s + dt_s
        self.used_s = law.used_s(
            self.used_s,
            beyond=beyond,
            within_for_s=self._within_s,
            recover_s=recover_s,
            dt_s=dt_s,
        )


class Quantity:
    """U or f with its limits. Without a measurement it stays for a while what it was;
    then nothing is counted.
    """

    def __init__(
        self, low: Curve, high: Curve, settings: OperatingRangeSettings
    ) -> None:
        self._settings = settings
        self._limits = [
            *(_Limit(limit, allowed_s, above=False) for limit, allowed_s in low),
            *(_Limit(limit, allowed_s, above=True) for limit, allowed_s in high),
        ]
        self._value: float | None = None
        self._seen_s = 0.0
        self.within = False
        """Whether it is measured, and beyond no limit."""

    @property
    def blind(self) -> bool:
        return self._value is None

    @property
    def timing(self) -> bool:
        return any(limit.used_s > 0.0 for limit in self._limits)

    @property
    def expired(self) -> bool:
        return any(limit.expired for limit in self._limits)

    def step(self, value: float | None, *, time_s: float, dt_s: float) -> None:
        """Take in what is measured, and count."""
        if value is not None:
            self._value, self._seen_s = value, time_s
        elif time_s - self._seen_s > self._settings.hold_s:
            self._value = None
        self.within = value is not None and not any(
            limit.beyond(value) for limit in self._limits
        )
        if self._value is not None:
            for limit in self._limits:
                limit.step(self._value, recover_s=self._settings.recover_s, dt_s=dt_s)

    def forget(self) -> None:
        """Give all the time back."""
        for limit in self._limits:
            limit.used_s = 0.0
