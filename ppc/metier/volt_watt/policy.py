"""Which limit in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Poi
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.setting import Curve, check, setting
from ppc.metier.shaping import open_loop_tau_s
from ppc.metier.volt_watt import law


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltWattSettings:
    """Settings, from `config/plant.yaml`."""

    points_pu: Curve = setting(
        default=((1.06, 1.0), (1.1, 0.2)),
        low=-1.0,
        high=1.0,
        form="curve",
        meaning="most active power, of `p_max_w`, over voltage, of nominal",
    )
    response_s: float = setting(
        default=10.0, low=0.0, high=600.0, meaning="time for 90 % of the answer"
    )

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    v_nominal_v: float
    p_max_w: float
    tau_s: float


def figures(settings: VoltWattSettings, plant: ConnectionPoint) -> Figures:
    """Fill in from the plant what the settings leave out."""
    return Figures(
        plant.v_nominal_v, plant.p_max_w, open_loop_tau_s(settings.response_s)
    )


def target_w(v_v: float, settings: VoltWattSettings, plant: Figures) -> float:
    """Most active power at this voltage, once the answer has settled [W]."""
    return plant.p_max_w * law.curve_law(v_v / plant.v_nominal_v, settings.points_pu)


def next_limit_w(
    last_w: float,
    poi: Poi,
    settings: VoltWattSettings,
    plant: Figures,
    *,
    dt_s: float,
) -> float:
    """Limit for this cycle [W]; a blind function keeps the one it had."""
    if poi.v_v is None:
        return last_w
    return law.closing_law(
        last_w,
        target_w(poi.v_v, settings, plant),
        power=poi.p_w,
        tau_s=plant.tau_s,
        dt_s=dt_s,
    )
