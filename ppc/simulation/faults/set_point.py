"""A device that takes set-points and does something else."""

from typing import ClassVar

from pydantic import PrivateAttr

from ppc.configuration.simulation import NotNegative, Positive, Share
from ppc.keys import Key
from ppc.simulation.faults.base import Layer, StationFault, Target, Undo, Values

_FOLLOWS = "the loop at the POI makes up for it as far as others can"


class _SetPoint(StationFault):
    layer: ClassVar[Layer] = "set_point"
    reaction: ClassVar[str] = _FOLLOWS


class Ignored(_SetPoint):
    """Set-points have no effect; the last one stays, also past its watchdog."""

    _target: Target | None = PrivateAttr(default=None)

    def begin(self, target: Target) -> Undo:
        self._target = target
        return super().begin(target)

    def commanded(self, values: Values) -> Values | None:  # noqa: ARG002
        target = self._target
        if target is not None and target.device in target.plant.units:
            target.plant.units[target.device].inverter.set_points.write()  # renewed
        return None


class Clipped(_SetPoint):
    """No set-point beyond a share of the rating is followed."""

    share: Share = 0.3
    _s_max_va: float = PrivateAttr(default=0.0)

    def begin(self, target: Target) -> Undo:
        self._s_max_va = target.plant.units[target.device].rating.s_max_va
        return super().begin(target)

    def commanded(self, values: Values) -> Values | None:
        most = self.share * self._s_max_va
        return {k: min(max(v, -most), most) for k, v in values.items()}


class Delayed(_SetPoint):
    """Set-points take effect after `delay_s`."""

    delay_s: Positive = 10.0
    _target: Target | None = PrivateAttr(default=None)

    def begin(self, target: Target) -> Undo:
        self._target = target
        return super().begin(target)

    def commanded(self, values: Values) -> Values | None:
        target = self._target
        assert target is not None, "commands come while it is in force"
        later = dict(values)
        target.later(self.delay_s, lambda: target.plant.command(target.device, later))
        return None


class WrongSign(_SetPoint):
    """P is executed with the wrong sign."""

    reaction: ClassVar[str] = "seen as a unit that does not follow"

    def commanded(self, values: Values) -> Values | None:
        return {k: -v if k is Key.P_SET_W else v for k, v in values.items()}


class Quantised(_SetPoint):
    """Set-points are rounded to steps of the rating, as loggers do."""

    step_pu: Positive = 0.01
    _step: float = PrivateAttr(default=1.0)

    def begin(self, target: Target) -> Undo:
        rating = target.plant.units[target.device].rating
        self._step = self.step_pu * rating.s_max_va
        return super().begin(target)

    def commanded(self, values: Values) -> Values | None:
        return {k: round(v / self._step) * self._step for k, v in values.items()}


class RampLimited(_SetPoint):
    """Set-points are followed at a slow rate only."""

    rate_pu_per_s: Positive = 0.02
    _last: dict[Key, float] = PrivateAttr(default_factory=dict)
    _s_max_va: float = PrivateAttr(default=0.0)
    every_s: Positive = 0.1
    """How often set-points are expected to come."""

    def begin(self, target: Target) -> Undo:
        unit = target.plant.units[target.device]
        self._s_max_va = unit.rating.s_max_va
        self._last = {
            Key.P_SET_W: unit.inverter.p_w,
            Key.Q_SET_VAR: unit.inverter.q_var,
        }
        return super().begin(target)

    def commanded(self, values: Values) -> Values | None:
        most = self.rate_pu_per_s * self.every_s * self._s_max_va
        for key, value in values.items():
            last = self._last.get(key, 0.0)
            self._last[key] = last + min(max(value - last, -most), most)
        return {key: self._last[key] for key in values}


class Expires(_SetPoint):
    """The device drops set-points after another time than its papers say."""

    reaction: ClassVar[str] = "set-points are renewed often enough for either"
    after_s: NotNegative = 80.0

    def begin(self, target: Target) -> Undo:
        points = target.plant.units[target.device].inverter.set_points
        return target.held.set(points, "watchdog_s", self.after_s)


SET_POINT = (
    Ignored,
    Clipped,
    Delayed,
    WrongSign,
    Quantised,
    RampLimited,
    Expires,
)
