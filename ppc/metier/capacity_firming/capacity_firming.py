"""Capacity firming: the power stays in a band around what was committed."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.capacity_firming import policy
from ppc.metier.capacity_firming.policy import CapacityFirmingSettings, Now, Store
from ppc.metier.capacity_firming.state_machine import Inputs, Mode, StateMachine
from ppc.metier.fleet import Fleet, fleet
from ppc.metier.selection import p_left
from ppc.metier.shaping import approach
from ppc.metier.standing import standing_w


class CapacityFirming:
    """Chooses a power near the plan, while nobody before it chose P.

    Inside the band it leads the batteries back to their middle; where PV and load alone
    would leave it, batteries bring the power to the plan itself, as far as their state
    of charge allows. What the power is away from the plan moves by ramp. Without meter
    or clock the last answer is held, then given up.
    """

    name: ClassVar[str] = "capacity_firming"
    Settings: ClassVar[type[CapacityFirmingSettings]] = CapacityFirmingSettings

    def __init__(
        self, settings: CapacityFirmingSettings, plant: ConnectionPoint
    ) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._store = Store(settings)
        self._away_w = 0.0
        """How far the power is from the plan."""
        self._aim_w = 0.0

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        was, p_w, units = self._machine.state, obs.poi.p_w, fleet(obs, envelope)
        plan_w = policy.plan_w(self._settings, obs.wall_s)
        resting_w = None if p_w is None else units.resting_w(units.taken_w(p_w))
        free = p_left(obs.orders, envelope)
        mode = self._machine.scan(
            self._inputs(
                free=free and self._settings.plan_w is not None,
                plan_w=plan_w,
                resting_w=resting_w,
                soc_pu=units.soc_pu,
            ),
            obs.time_s,
        )
        if mode is Mode.IDLE:
            return envelope
        if mode is Mode.BLIND:
            held = self._machine.in_mode_s(obs.time_s) <= self._settings.hold_s
            return envelope.choose_p(self._aim_w) if held else envelope
        assert p_w is not None, "these modes imply a trusted power"
        assert plan_w is not None, "these modes imply a plan"
        assert resting_w is not None, "these modes imply a trusted power"
        if was in {Mode.IDLE, Mode.BLIND}:
            self._away_w = standing_w(obs, envelope, p_w) - plan_w
        return self._granted(obs, envelope, Now(mode, plan_w, resting_w, units))

    def _inputs(
        self,
        *,
        free: bool,
        plan_w: float | None,
        resting_w: float | None,
        soc_pu: float | None,
    ) -> Inputs:
        if plan_w is None or resting_w is None or soc_pu is None:
            return Inputs(free, False, False, False, False)  # noqa: FBT003
        away_w, band_w = resting_w - plan_w, self._plant.band_w
        return Inputs(
            free,
            known=True,
            outside=abs(away_w) > band_w,
            well_inside=abs(away_w) <= policy.INNER_PU * band_w,
            usable=self._store.usable(soc_pu, surplus=away_w > 0.0),
        )

    def _granted(self, obs: SystemObs, envelope: Envelope, now: Now) -> Envelope:
        """Choose, and go on from what was granted."""
        wanted_w = policy.wanted_w(now, self._settings, self._plant.band_w)
        rate = self._plant.rate_w_per_s
        self._away_w = approach(
            self._away_w, wanted_w - now.plan_w, rate_per_s=rate, dt_s=obs.dt_s
        )
        aim_w = now.plan_w + self._away_w
        if self._settings.surplus == "export":
            aim_w = max(aim_w, _least_w(now.resting_w, now.units))
        chosen = envelope.choose_p(aim_w)
        self._aim_w = chosen.chosen_w(aim_w)
        self._away_w = self._aim_w - now.plan_w
        return chosen


def _least_w(resting_w: float, units: Fleet) -> float:
    """Least power at the POI without curtailing PV."""
    return resting_w + units.bess_able_w.low
