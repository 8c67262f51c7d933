"""How long one decision takes: `Orchestrator.step` with all control functions on.

    python benchmarks/step.py [--steps 3000] [--units 8 100 500]

Half batteries, half PV; measurements, frequency and orders change from step to step, and
now and then a unit falls silent or a battery is near the end of its window. Prints p50
and p99 by the clock and by the processor time of the thread, and p50 as a multiple of a
loop in pure Python timed in the same run: that ratio says more than the milliseconds when
machines differ. Goal: 100 units under 3 ms at p99, by processor time: what other programs
take on a busy machine is no part of a step.
"""

import argparse
import gc
import random
from collections.abc import Callable, Iterator
from dataclasses import fields
from time import perf_counter, thread_time

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


def loop() -> None:
    """The yardstick in pure Python: arithmetic, a dictionary, small tuples."""
    total, kept = 0.0, {}
    for i in range(5000):
        pair = (i, 0.5 * i)
        kept[i % 100] = pair
        total += max(min(pair[1], 1e3), -1e3)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    began_s, began_cpu_s = perf_counter(), thread_time()
    act()
    cpu_s, took_s = thread_time() - began_cpu_s, perf_counter() - began_s
    return took_s * 1e3, cpu_s * 1e3


def measure(count: int, steps: int) -> tuple[list[float], list[float], float]:
    """Of each step, warm, sorted: clock, processor; and the loop beside it, p50."""
    orchestrator = brain()
    took, loops = [], []
    for i, obs in enumerate(seen(count, steps)):
        took.append(timed(lambda obs=obs: orchestrator.step(obs)))
        if i % 10 == 0:
            loops.append(timed(loop)[1])
    clock_ms, cpu_ms = zip(*took[steps // 10 :], strict=True)
    return sorted(clock_ms), sorted(cpu_ms), at(sorted(loops), 0.5)


def at(found: list[float], part: float) -> float:
    return found[int(part * (len(found) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--units", type=int, nargs="*", default=[8, 100, 500])
    options = parser.parse_args()
    gc.set_threshold(50_000)  # as the controller does
    print(f"one step, {len(FUNCTIONS)} functions on: {', '.join(FUNCTIONS)}")
    head = "".join(f"{name:>9}" for name in ("p50", "p99", "cpu p50", "cpu p99"))
    print(f"{'units':>6}{head} ms{'cpu p50 / loop':>17}")
    for count in options.units:
        clock_ms, cpu_ms, loop_ms = measure(count, options.steps)
        shown = [
            at(found, part) for found in (clock_ms, cpu_ms) for part in (0.5, 0.99)
        ]
        goal = ""
        if count == GOAL_UNITS:
            goal = (
                f"   goal {GOAL_MS:g} ms: {'met' if shown[3] < GOAL_MS else 'MISSED'}"
            )
        figures = "".join(f"{figure:9.3f}" for figure in shown)
        print(f"{count:6}{figures}{shown[2] / loop_ms:18.2f} x{goal}")


if __name__ == "__main__":
    main()
