"""How long one decision takes: `Orchestrator.step` with all control functions on.

    python benchmarks/step.py [--steps 3000] [--units 8 100 500]

Half batteries, half PV; measurements, frequency and orders change from step to step, and
now and then a unit falls silent or a battery is near the end of its window. Prints p50,
p90 and p99, and p50 as a multiple of a loop in pure Python timed in the same run: that
ratio says more than the milliseconds when machines, or their neighbours, differ. Goal:
100 units under 3 ms at p99.
"""

import argparse
import gc
import random
from collections.abc import Iterator
from dataclasses import fields
from time import perf_counter

from ppc.core.orchestrator import Orchestrator
from ppc.core.poi_loop import PoiLoopSettings
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.metier import FUNCTIONS

GOAL_UNITS, GOAL_MS = 100, 3.0
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)


def brain() -> Orchestrator:
    """All functions, those switched on that are off when nothing is said."""
    functions = []
    for make in FUNCTIONS.values():
        names = {field.name for field in fields(make.Settings)}
        on = {"enabled": True} if "enabled" in names else {}
        functions.append(make(make.Settings(**on), PLANT))
    loop = PoiLoopSettings(trim_max_w=3e6, trim_max_var=1e6, v_freeze_v=17e3)
    return Orchestrator(functions, PLANT, loop=loop, command_life_s=1.0)


def ratings(count: int) -> list[UnitRating]:
    s_va = 14e6 / count
    return [
        UnitRating(f"pv{i}", EquipmentType.PV, s_va, s_va, 0.0, s_va)
        if i % 2
        else UnitRating(f"bess{i}", EquipmentType.BESS, s_va, s_va, -s_va, s_va, s_va)
        for i in range(count)
    ]


def seen(count: int, steps: int) -> Iterator[SystemObs]:
    """What a plant of so many units shows, step after step."""
    pick = random.Random(1)  # noqa: S311
    units = ratings(count)
    soc_pu = {rating.name: pick.uniform(0.03, 0.97) for rating in units}
    f_hz, v_pu, orders = 50.0, 1.0, Orders()
    for i in range(steps):
        f_hz += 0.1 * (50.0 - f_hz) + pick.gauss(0.0, 0.1)
        v_pu += 0.1 * (1.0 - v_pu) + pick.gauss(0.0, 0.005)
        if i % 20 == 0:
            orders = Orders(
                p_set_w=pick.choice((None, pick.uniform(-5e6, 9e6))),
                q_set_var=pick.choice((None, pick.uniform(-3e6, 3e6))),
                v_set_pu=pick.choice((None, pick.uniform(0.97, 1.03))),
                p_limit_max_w=pick.choice((None, pick.uniform(3e6, 10e6))),
                enable_code=pick.choice((None, 1.0, 1.0, 0.0)),
                q_mode_code=float(pick.randrange(7)),
                pf_set_pu=pick.uniform(0.9, 1.0),
            )
        shown = {r.name: _unit(r, soc_pu[r.name], pick) for r in units}
        p_w = sum(unit.p_w or 0.0 for unit in shown.values())
        yield SystemObs(
            time_s=0.1 * i,
            dt_s=0.1,
            wall_s=1.8e9 + 0.1 * i,
            poi=Poi(v_pu * PLANT.v_nominal_v, f_hz, p_w - 4e5, pick.uniform(-1e6, 1e6)),
            bess={n: u for n, u in shown.items() if u.rating.e_max_wh},
            pv={n: u for n, u in shown.items() if not u.rating.e_max_wh},
            orders=orders,
        )


def _unit(rating: UnitRating, soc_pu: float, pick: random.Random) -> Unit:
    if pick.random() < 0.002:
        return Unit(rating)
    p_w, q_var = pick.uniform(0.2, 0.9) * rating.p_max_w, pick.gauss(0.0, 1e4)
    most_w = pick.uniform(0.9, 1.0) * rating.p_max_w
    if not rating.e_max_wh:
        return Unit(rating, p_w, q_var, most_w, None, None, 2.0)
    return Unit(rating, p_w, q_var, most_w, -most_w, soc_pu, 2.0)


def reference() -> float:
    """A loop in pure Python, ms: arithmetic, a dictionary, small tuples."""
    began_s = perf_counter()
    total, kept = 0.0, {}
    for i in range(5000):
        pair = (i, 0.5 * i)
        kept[i % 100] = pair
        total += max(min(pair[1], 1e3), -1e3)
    return (perf_counter() - began_s) * 1e3


def measure(count: int, steps: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each step and of the loop beside it, sorted, warm."""
    orchestrator = brain()
    took_ms, loop_ms = [], []
    for i, obs in enumerate(seen(count, steps)):
        began_s = perf_counter()
        orchestrator.step(obs)
        took_ms.append((perf_counter() - began_s) * 1e3)
        if i % 10 == 0:
            loop_ms.append(reference())
    return sorted(took_ms[steps // 10 :]), sorted(loop_ms)


def at(found: list[float], part: float) -> float:
    return found[int(part * (len(found) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--units", type=int, nargs="*", default=[8, 100, 500])
    options = parser.parse_args()
    gc.set_threshold(50_000)  # as the controller does
    print(f"one step, {len(FUNCTIONS)} functions on: {', '.join(FUNCTIONS)}")
    print(f"{'units':>6}{'p50':>9}{'p90':>9}{'p99':>9} ms{'p50 / loop':>13}")
    for count in options.units:
        took_ms, loop_ms = measure(count, options.steps)
        p50, p90, p99 = (at(took_ms, part) for part in (0.5, 0.9, 0.99))
        ratio = p50 / at(loop_ms, 0.5)
        goal = ""
        if count == GOAL_UNITS:
            goal = f"   goal p99 {GOAL_MS:g} ms: {'met' if p99 < GOAL_MS else 'MISSED'}"
        print(f"{count:6}{p50:9.3f}{p90:9.3f}{p99:9.3f}{ratio:14.2f} x{goal}")


if __name__ == "__main__":
    main()
