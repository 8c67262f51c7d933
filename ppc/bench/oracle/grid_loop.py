"""A REPC in a loop with a linear grid and one lumped unit: a reference trace.

U = Ug + X Q + R P in per unit (X = 1 / SCR where R is 0), the unit a dead time and
a first-order lag, the controller called every `dt_s` with what the grid then shows.
Written for the loop facts of docs/bench_metrics.md; no saturation, no losses.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp
from typing import Protocol

import numpy as np

from ppc.bench.oracle.repc import Inputs
from ppc.bench.series import Values


class Controller(Protocol):
    """Anything with a step: Pext and Qext from what is seen."""

    def step(self, at: Inputs) -> tuple[float, float]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Loop:
    """Grid and unit, begun at rest at `p_pu`, `q_pu`."""

    x_pu: float
    r_pu: float = 0.0
    unit_tau_s: float = 0.1
    dead_time_s: float = 0.0
    dt_s: float = 0.01
    p_pu: float = 0.0
    q_pu: float = 0.0


@dataclass(frozen=True, slots=True)
class Trace:
    """What came out, at the end of each step."""

    time_s: Values
    v_pu: Values
    p_pu: Values
    q_pu: Values


Stimulus = Mapping[str, Values]
"""By name, one value per step: grid_v_pu and fields of Inputs except V, P and Q."""


def run(build: Callable[[Inputs], Controller], loop: Loop, stimulus: Stimulus) -> Trace:
    """Run a controller, made for the first sample at rest, through the stimulus.

    Raises:
        KeyError: the stimulus has no grid_v_pu.
    """
    grid_v_pu = stimulus["grid_v_pu"]
    others = {name: row for name, row in stimulus.items() if name != "grid_v_pu"}
    p, q = loop.p_pu, loop.q_pu
    keep = exp(-loop.dt_s / loop.unit_tau_s) if loop.unit_tau_s > 0 else 0.0
    delay = round(loop.dead_time_s / loop.dt_s)
    waiting = deque([(p, q)] * delay)
    rows: Values = np.empty((len(grid_v_pu), 3), np.float64)
    controller: Controller | None = None
    for index, source_v_pu in enumerate(grid_v_pu):
        v = source_v_pu + loop.x_pu * q + loop.r_pu * p
        rest = {name: float(row[index]) for name, row in others.items()}
        seen = Inputs(V=float(v), P=p, Q=q, **rest)
        rows[index] = v, p, q
        controller = controller or build(seen)
        waiting.append(controller.step(seen))
        p_order, q_order = waiting.popleft()
        p, q = p_order + (p - p_order) * keep, q_order + (q - q_order) * keep
    time_s = np.arange(len(rows), dtype=np.float64) * loop.dt_s
    return Trace(time_s, rows[:, 0], rows[:, 1], rows[:, 2])
