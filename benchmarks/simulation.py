"""How fast the plant is simulated, alone and with its controller.

    python benchmarks/simulation.py

Prints medians and percentiles: a step of the plant with 8 and 100 units (goal: under 60
and 600 us), the same network solved by other programs where they are installed, and
controller and plant together, registers and all, as a multiple of real time (goal: 60
for 8 units at 100 ms control and 20 ms plant step).
"""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from ppc.bench.stand import Stand
from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.configuration.simulation import SimulationConfig
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import Key
from ppc.simulation.physics.plant import Plant

ROOT = Path(__file__).parents[1]
STEP_S = 0.02
OWN = {"r_pu": 0.01, "x_pu": 0.06}


def plant_of(count: int) -> Plant:
    """Half batteries, half PV under clouds, each with a transformer, on two feeders."""
    size_w = 10e6 / count
    ratings = {}
    for i in range(count):
        kind = EquipmentType.PV if i % 2 else EquipmentType.BESS
        low_w, energy_wh = (0.0, 0.0) if i % 2 else (-size_w, 2 * size_w)
        name = f"unit{i}"
        ratings[name] = UnitRating(name, kind, size_w, size_w, low_w, size_w, energy_wh)
    names = list(ratings)
    feeders = {
        "north": {"r_pu": 0.001, "x_pu": 0.001, "units": names[: count // 2]},
        "south": {"r_pu": 0.001, "x_pu": 0.001, "units": names[count // 2 :]},
    }
    config = SimulationConfig.model_validate(
        {
            "load": {"p_w": 4e5},
            "collector": {"feeders": feeders},
            "units": dict.fromkeys(names, OWN),
        }
    )
    point = ConnectionPoint(
        v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=3e6
    )
    plant = Plant(point, ratings, "meter", config, {}, day_w_per_m2=(900.0, 900.0))
    for name in names:
        plant.command(name, {Key.P_SET_W: 0.5 * size_w, Key.Q_SET_VAR: 0.1 * size_w})
    return plant


def times_us(act: Callable[[], object], count: int) -> list[float]:
    for _ in range(count // 10):
        act()
    found = []
    for _ in range(count):
        began_s = perf_counter()
        act()
        found.append((perf_counter() - began_s) * 1e6)
    return sorted(found)


def row(name: str, found_us: list[float], base_us: float | None = None) -> None:
    at = [found_us[int(q * (len(found_us) - 1))] for q in (0.5, 0.95, 0.99)]
    ratio = f"{at[0] / base_us:8.0f} x" if base_us else ""
    print(f"{name:44}{at[0]:10.1f}{at[1]:10.1f}{at[2]:10.1f} us{ratio}")


def steps() -> None:
    print(f"{'a step of the plant':44}{'p50':>10}{'p95':>10}{'p99':>10}")
    for count, goal_us in ((8, 60), (100, 600)):
        plant = plant_of(count)
        found = times_us(lambda p=plant: p.step(STEP_S), 5000)
        row(f"{count} units, whole step (goal {goal_us} us)", found)


def peers() -> None:
    """The network alone: 8 injections, one new solution."""
    plant = plant_of(8)
    injections = [unit.step(STEP_S) for unit in plant.units.values()]
    injections.append(plant.load.step(STEP_S))
    ours = times_us(lambda: plant.network.solve(injections), 5000)
    print("\nthe network alone, 8 units")
    row("ppc", ours)
    for name, solve in (("pandapower", pandapower), ("lightsim2grid", lightsim)):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"{name:44}not installed")
            continue
        row(name, times_us(solve(), 100), ours[len(ours) // 2])


def _net() -> tuple[object, object]:
    import pandapower as pp

    net = pp.create_empty_network(sn_mva=10)
    bus = [pp.create_bus(net, 20) for _ in range(5)]
    pp.create_ext_grid(net, bus[0])
    for a, b, z_pu in ((0, 1, 0.1), (1, 2, 0.06), (2, 3, 0.001), (2, 4, 0.001)):
        pp.create_impedance(net, bus[a], bus[b], z_pu / 10, z_pu, sn_mva=10)
    for i in range(8):
        end = pp.create_bus(net, 20)
        pp.create_impedance(net, bus[3 + i // 4], end, 0.08, 0.48, sn_mva=10)
        pp.create_sgen(net, end, 0.6, 0.1)
    return pp, net


def pandapower() -> Callable[[], object]:
    pp, net = _net()
    return lambda: pp.runpp(net, numba=False)


def lightsim() -> Callable[[], object]:
    import numpy as np
    from lightsim2grid.gridmodel import init_from_pandapower

    pp, net = _net()
    pp.runpp(net, numba=False)
    model = init_from_pandapower(net)
    start = np.ones(len(net.bus), complex)
    return lambda: model.ac_pf(start, 10, 1e-8)


def together(for_s: float) -> None:
    """The demonstration plant with eight units, and the whole controller."""
    unit = {"profile": "demo_pcs", "s_max_va": 2.2e6, "p_max_w": 2e6, "e_max_wh": 4e6}
    extra = {"bess4": unit | {"connection": {"host": "127.0.0.1", "port": 5024}}}
    changes = Changes({"devices": extra})
    stand = Stand(load(ROOT / "config" / "plant.yaml", changes))
    stand.set("order.p_set_pu", 0.3)
    began_s = perf_counter()
    stand.run(for_s)
    took_s = perf_counter() - began_s
    print(
        f"\ncontroller and plant, 8 units, 100 ms and 20 ms: {for_s:g} s simulated in "
        f"{took_s:.2f} s, {for_s / took_s:.0f} times real time (goal 60)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--for", dest="for_s", type=float, default=300.0)
    for_s = parser.parse_args().for_s
    steps()
    peers()
    together(for_s)


if __name__ == "__main__":
    main()
