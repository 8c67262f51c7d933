"""A plant without chance, to check by hand: 10 MW at 20 kV."""

import asyncio
from collections.abc import Awaitable, Callable
from math import cos, pi
from typing import Any

from pytest import fixture

from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.simulation.physics.plant import Plant

QUIET: dict[str, Any] = {
    "grid": {"v_noise_pu": 0, "f_noise_hz": 0},
    "collector": {"r_pu": 0, "x_pu": 0},
    "load": {"noise_pu": 0},
    "meter": {"accuracy_pu": 0, "v_accuracy_pu": 0, "noise_pu": 0, "refresh_s": 0.02},
    "sky": {"clouds": False},
    "start_h": 12.0,
}


DAY_W_PER_M2 = tuple(max(0.0, -950.0 * cos(pi * m / 720)) for m in range(1440))
"""Half a sine from 6 to 18 h, 950 W/m2 at noon."""


@fixture
def point() -> ConnectionPoint:
    return ConnectionPoint(
        v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
    )


@fixture
def bess() -> UnitRating:
    return UnitRating("bess", EquipmentType.BESS, 5e6, 5e6, -5e6, 5e6, 10e6)


@fixture
def pv() -> UnitRating:
    return UnitRating("pv", EquipmentType.PV, 5.5e6, 5e6, 0.0, 5.5e6)


@fixture
def eventually() -> Callable[..., Awaitable[None]]:
    """Waits until an asynchronous question is answered with yes."""

    async def wait(holds: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(500):
            if await holds():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("did not come true in time")

    return wait


@fixture
def make_plant(
    point: ConnectionPoint, bess: UnitRating, pv: UnitRating
) -> Callable[..., Plant]:
    """A plant of one battery and one PV inverter; sections may be changed."""

    def make(watchdog_s: float | None = None, **sections: Any) -> Plant:
        settings: dict[str, Any] = dict(QUIET)
        for name, section in sections.items():
            whole = isinstance(section, dict) and name != "units"
            settings[name] = (QUIET.get(name, {}) | section) if whole else section
        return Plant(
            point,
            {"bess": bess, "pv": pv},
            "meter",
            SimulationConfig.model_validate(settings),
            {"bess": watchdog_s, "pv": watchdog_s},
            day_w_per_m2=DAY_W_PER_M2,
        )

    return make
