"""The brain's one function: what is seen in, what is decided out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from ppc.core.allocation import Dispatch, Shares
from ppc.core.attribution import CAPABILITY, Bounds
from ppc.core.capability import Capability, at_poi, capability, remaining
from ppc.core.conditioning import Conditioned, Conditioning, MeasurementSettings
from ppc.core.dispatch.lateness import Lateness
from ppc.core.dispatch.settings import DispatchSettings
from ppc.core.dispatch.split import Asked
from ppc.core.poi_loop import PoiLoop, PoiLoopSettings
from ppc.core.presence import Presence
from ppc.core.retuning import Retuning
from ppc.core.untold import Untold
from ppc.datamodel.command import Command, Decision, Step
from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Aim, Poi, Setpoint, SystemObs
from ppc.datamodel.rating import ConnectionPoint, EquipmentType
from ppc.metier import INDISPENSABLE
from ppc.metier.function import ControlFunction

FAILED = "failed"
"""The mode of a function that has raised."""
_SHORT_PU = 0.001
"""A shortfall below this part of the plant's rating is rounding."""


class Orchestrator:
    """Runs the control functions in order, from the most to the least binding."""

    def __init__(
        self,
        functions: Sequence[ControlFunction],
        plant: ConnectionPoint,
        *,
        loop: PoiLoopSettings,
        command_life_s: float,
        priority: Literal["p", "q"] = "p",
        measurement: MeasurementSettings | None = None,
        dispatch: DispatchSettings | None = None,
    ) -> None:
        self._functions = tuple(functions)
        self._plant = plant
        self._loop = PoiLoop(loop)
        self._lateness = Lateness(loop.response_s)
        self._conditioning = Conditioning(measurement or MeasurementSettings(), plant)
        self._shut = False
        self._command_life_s = command_life_s
        self._q_first = priority == "q"
        self._dispatch = Dispatch(dispatch, q_first=self._q_first)
        self._rehearsal = Dispatch(dispatch, q_first=self._q_first)
        self._aim: Aim | None = None
        self._asked: Mapping[str, Setpoint] = {}
        self._presence = Presence()
        self._untold = Untold()

    def step(self, obs: SystemObs) -> Decision:
        """Decide this cycle's commands. No I/O, no clock, no surprise.

        A function that raises is a bug, not an event. One that is indispensable takes
        the step with it: the error goes up, nothing is commanded, and the units fall
        back when the last commands expire. Any other is passed over, and it is said.
        """
        self._broken: dict[str, str] = {}
        conditioned = self._condition(obs)
        obs = self._filled(obs, conditioned.poi)
        able = capability(obs, q_first=self._q_first)
        envelope = offered = self._at_poi(able)
        p_by, q_by = Bounds(envelope.p_w), Bounds(envelope.q_var)
        envelope, able, trace = self._functions_in_turn(obs, envelope, able, p_by, q_by)
        settled, engaged = self._settle(envelope, able, p_by, q_by)
        self._aim = self._aimed(settled, able)
        self._shut = envelope.out >= obs.bess.keys() | obs.pv.keys()
        asked = self._ask(obs, settled, able, p_engaged=engaged)
        shares = self._dispatch.allocate(asked, able, time_s=obs.time_s)
        self._asked = _set_points(able, shares)
        return Decision(
            time_s=obs.time_s,
            expires_s=obs.time_s + self._command_life_s,
            p_w=settled.p_w.low,
            q_var=settled.q_var.low,
            p_units_w=asked.p_w + shares.p_late_w,
            q_units_var=asked.q_var,
            p_shortfall_w=shares.p_shortfall_w,
            q_shortfall_var=shares.q_shortfall_var,
            p_limited_by=p_by.limited_by
            or self._short(shares.p_shortfall_w, self._plant.p_max_w),
            q_limited_by=q_by.limited_by
            or self._short(shares.q_shortfall_var, self._plant.q_max_var),
            offered=offered,
            capability=self._at_poi(able),
            commands=_commands(obs, able, shares),
            trace=tuple(trace),
            measurement=conditioned.measurement,
            broken=self._broken,
        )

    def _filled(self, obs: SystemObs, poi: Poi) -> SystemObs:
        """With what is believed of the POI, what was decided before, and what units
        have no registers to tell.
        """
        asked, fill = self._asked, self._untold.fill
        return replace(
            obs,
            poi=poi,
            aim=self._aim,
            asked=asked,
            bess=fill(obs.bess, asked, obs.dt_s),
            pv=fill(obs.pv, asked, obs.dt_s),
        )

    def _functions_in_turn(
        self,
        obs: SystemObs,
        envelope: Envelope,
        able: Capability,
        p_by: Bounds,
        q_by: Bounds,
    ) -> tuple[Envelope, Capability, list[Step]]:
        """What all control functions leave, and what each of them made of it."""
        trace = []
        for function in self._functions:
            before = envelope
            try:
                envelope = before.within(function.step(obs, before))
            except Exception as error:
                if function.name in INDISPENSABLE:
                    raise
                self._broken[function.name] = f"{type(error).__name__}: {error}"
                trace.append(Step(function.name, FAILED, before))
                continue
            if envelope is not before:
                left, was = (
                    (envelope.out, envelope.unit_p_w),
                    (before.out, before.unit_p_w),
                )
                if left != was:
                    able = remaining(able, *left)
                    envelope = envelope.tighten(self._at_poi(able))
                _attribute(p_by, q_by, function.name, before, envelope)
            trace.append(Step(function.name, function.mode, envelope))
        return envelope, able, trace

    def retune(self, changes: Mapping[str, Retuning]) -> None:
        """Give functions, by name, other settings, between two steps. All or none."""
        self._functions = tuple(
            changes[function.name].take_over(function)
            if function.name in changes
            else function
            for function in self._functions
        )

    def rehearse(self, obs: SystemObs) -> tuple[Command, ...]:
        """Do the part of a step that leaves no trace: sharing, here of nothing.

        A processor that has just slept runs the first pass of any code several times
        slower; done shortly before the tick, this pass is not the one that counts.
        """
        able = capability(obs, q_first=self._q_first)
        nothing = Asked(0.0, 0.0, 0.0)
        shares = self._rehearsal.allocate(nothing, able, time_s=obs.time_s)
        return _commands(obs, able, shares)

    def _condition(self, obs: SystemObs) -> Conditioned:
        """What of the measurement is believed; the loop learns from it first."""
        conditioned = self._conditioning.step(obs, shut=self._shut)
        if conditioned.restart:
            self._loop.restart(*conditioned.restart)
        self._see(obs, conditioned.loop)
        return conditioned

    def _see(self, obs: SystemObs, poi: Poi) -> None:
        """What the loop can learn from this cycle, before anything is decided."""
        loop = self._loop
        frozen = loop.frozen(poi.v_v, fresh=poi.fresh)
        p_w = None if frozen else poi.p_w
        q_var = None if frozen else poi.q_var
        seen = self._presence.of(obs, losses_w=loop.p.losses, p_w=p_w)
        loop.p.see(p_w, seen.p_w, stir=seen.stir_w, dt_s=obs.dt_s)
        loop.q.see(q_var, seen.q_var, stir=seen.stir_var, dt_s=obs.dt_s)

    def _at_poi(self, able: Capability) -> Envelope:
        return at_poi(
            able,
            self._loop.p.trim(able.delivered_w),
            self._loop.q.trim(able.delivered_var),
        )

    def _settle(
        self, envelope: Envelope, able: Capability, p_by: Bounds, q_by: Bounds
    ) -> tuple[Envelope, bool]:
        """Choose what nobody chose: all PV there is, batteries idle, no Q.

        Also whether P is to be held at the POI: not while the plant just runs free.
        """
        settled = envelope
        natural_w = sum(
            u.p_high_w for u in able.units if u.type is not EquipmentType.BESS
        )
        free = envelope.p_wish_w is None
        if free:
            natural_w -= self._loop.p.trim(able.delivered_w)
            settled = settled.choose_p(natural_w)
            p_by.tighten("", settled.p_w, settled.p_wish_w)
        if envelope.q_wish_var is None:
            settled = settled.choose_q(0.0)
            q_by.tighten("", settled.q_var, 0.0)
        held = not free or bool(p_by.limited_by and p_by.limited_by != CAPABILITY)
        return settled, held

    def _aimed(self, settled: Envelope, able: Capability) -> Aim | None:
        """What was granted; None before the first unit serves."""
        if self._aim is None and not able.units:
            return None
        return Aim(settled.p_w.low, settled.q_var.low, settled.p_choice_w.low)

    def _ask(
        self, obs: SystemObs, settled: Envelope, able: Capability, *, p_engaged: bool
    ) -> Asked:
        """What the units must give so that the POI has what was settled."""
        p_w, q_var, bias_w = settled.p_w.low, settled.q_var.low, settled.p_bias_w
        wish_w = p_w if settled.p_wish_w is None else settled.p_wish_w
        late_w = self._lateness.step(
            able.units, self._asked, disturbed=self._loop.low, dt_s=obs.dt_s
        )
        if not settled.closed_loop:
            return Asked(p_w, q_var, wish_w, bias_w)
        p_units_w = self._loop.p.step(
            p_w,
            serving=able.delivered_w,
            able=self._dispatch.reach(able, bias_w=bias_w),
            engaged=p_engaged,
            dt_s=obs.dt_s,
        )
        q_units_var = self._loop.q.step(
            q_var,
            serving=able.delivered_var,
            able=able.q_var,
            engaged=bool(able.units),
            dt_s=obs.dt_s,
        )
        if not p_engaged:
            late_w = 0.0
        wish_w += p_units_w - p_w
        return Asked(p_units_w, q_units_var, wish_w, bias_w, late_w)

    def _short(self, shortfall: float, rating: float) -> str:
        return CAPABILITY if abs(shortfall) > _SHORT_PU * rating else ""


def _attribute(
    p_by: Bounds, q_by: Bounds, name: str, before: Envelope, after: Envelope
) -> None:
    p_wish_w = after.p_wish_w if before.p_wish_w is None else None
    q_wish_var = after.q_wish_var if before.q_wish_var is None else None
    p_by.tighten(name, after.p_left_w, p_wish_w)
    q_by.tighten(name, after.q_var, q_wish_var)


def _set_points(able: Capability, shares: Shares) -> Mapping[str, Setpoint]:
    """What each unit in service is asked for."""
    pairs = zip(able.units, shares.p_w, shares.q_var, strict=True)
    return {unit.name: Setpoint(p_w, q_var) for unit, p_w, q_var in pairs}


def _commands(obs: SystemObs, able: Capability, shares: Shares) -> tuple[Command, ...]:
    """One command for each unit. Who is out of service is told to give nothing: it may
    hear us though we do not hear it.
    """
    given = {
        unit.name: Command(unit.name, p_w, q_var)
        for unit, p_w, q_var in zip(able.units, shares.p_w, shares.q_var, strict=True)
    }
    return tuple(
        given.get(name) or Command(name, 0.0, 0.0)
        for group in (obs.bess, obs.pv)
        for name in group
    )
