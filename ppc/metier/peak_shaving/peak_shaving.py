"""Peak shaving: what is imported at the POI stays below a peak, by the batteries."""

from typing import ClassVar

from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.fleet import fleet
from ppc.metier.peak_shaving import law, policy
from ppc.metier.peak_shaving.policy import Charge, Order, PeakShavingSettings, Window
from ppc.metier.peak_shaving.state_machine import Inputs, Mode, StateMachine
from ppc.metier.shaping import approach
from ppc.metier.standing import standing_w


class PeakShaving:
    """Limits import at the POI, and charges batteries while little is imported.

    The limit holds whoever chooses the power: a charging that was ordered is cut too.
    Charging is chosen only while no P is ordered, nor was shortly before. Without a
    meter the last answer is held, then given up: batteries are not emptied for a load
    that nobody sees.
    """

    name: ClassVar[str] = "peak_shaving"
    Settings: ClassVar[type[PeakShavingSettings]] = PeakShavingSettings

    def __init__(self, settings: PeakShavingSettings, plant: ConnectionPoint) -> None:
        self._settings = settings
        self._plant = policy.figures(settings, plant)
        self._machine = StateMachine()
        self._window = Window(settings.window_s)
        self._charge = Charge(settings)
        self._order = Order(settings)
        self._allowed_w = self._plant.peak_w
        self._aim_w: float | None = None
        """Power at the POI chosen for charging, in generator sign."""

    @property
    def mode(self) -> str:
        return self._machine.state

    def step(self, obs: SystemObs, envelope: Envelope) -> Envelope:
        plant, p_w, time_s = self._plant, obs.poi.p_w, obs.time_s
        units = fleet(obs, envelope)
        allowed_w = min(self._window.allowed_w(obs, plant.peak_w), plant.most_w)
        resting_w = None if p_w is None else -units.resting_w(units.taken_w(p_w))
        ordered = self._order.counts(obs.orders.p_set_w, time_s)
        empty = self._charge.wanted(units.soc_pu) and not ordered
        mode = self._machine.scan(
            Inputs(
                obs.orders.enable_code != 0,
                resting_w,
                allowed_w,
                (1.0 - policy.RELEASE_PU) * allowed_w,
                min(plant.recharge_w, allowed_w),
                empty=empty,
                full=not empty,
            ),
            time_s,
        )
        if mode is Mode.BLIND:
            if self._machine.in_mode_s(time_s) <= self._settings.hold_s:
                return self._granted(envelope)
            self._aim_w = None
            return envelope
        self._allowed_w = allowed_w
        self._aim_w = self._charging_w(mode, obs, envelope, resting_w)
        return envelope if mode is Mode.OFF else self._granted(envelope)

    def _charging_w(
        self, mode: Mode, obs: SystemObs, envelope: Envelope, resting_w: float | None
    ) -> float | None:
        """Where charging has the POI, by ramp from where it is."""
        p_w = obs.poi.p_w
        if mode is not Mode.RECHARGING or p_w is None or resting_w is None:
            return None
        start_w = self._aim_w
        if start_w is None:
            start_w = standing_w(obs, envelope, p_w)
        import_w = law.recharge_law(self._plant.recharge_w, resting_w=resting_w)
        rate = self._plant.rate_w_per_s
        return approach(start_w, -import_w, rate_per_s=rate, dt_s=obs.dt_s)

    def _granted(self, envelope: Envelope) -> Envelope:
        limited = envelope.limit_p(low=-self._allowed_w)
        if self._aim_w is None:
            return limited
        chosen = limited.choose_p(self._aim_w)
        self._aim_w = chosen.chosen_w(self._aim_w)
        return chosen
