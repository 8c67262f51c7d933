"""A plant whose cycles a test makes up, for those that look at them."""

from dataclasses import replace

from ppc.adapter.plant_view import PlantView
from ppc.datamodel.command import Decision, Step
from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Orders, Quality, SystemObs

_CALM = Decision(
    time_s=0.0, expires_s=1.0, p_w=0.0, q_var=0.0, p_units_w=0.0, q_units_var=0.0,
    p_shortfall_w=0.0, q_shortfall_var=0.0, p_limited_by="", q_limited_by="",
    offered=Envelope(), capability=Envelope(), commands=(), trace=(),
)  # fmt: skip


def cycle(time_s, orders=None, asked_by=None, chose_q="", p_w=0.0, **modes):
    """One cycle at `time_s`, in which functions are in these modes and aim at `p_w`."""
    trace = tuple(
        Step(
            *(name, mode),
            Envelope().choose_q(0.0) if name == chose_q else Envelope(),
        )
        for name, mode in modes.items()
    )
    obs = SystemObs(
        time_s=time_s, dt_s=0.1, orders=orders or Orders(), asked_by=asked_by or {}
    )
    return PlantView(obs, replace(_CALM, trace=trace, p_w=p_w), Quality.GOOD, time_s, 0)
