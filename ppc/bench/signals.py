"""What can be moved on the stand, by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ppc.bench.subject import Subject
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key
from ppc.simulation.physics.grid import Course
from ppc.simulation.physics.sky import Sky

if TYPE_CHECKING:
    from ppc.bench.stand import Stand
    from ppc.bench.target import TargetStand, TargetSubject

Move = Callable[[float], None]

ORDERS = {
    "order.p_set_pu": Key.P_SET_W,
    "order.q_set_pu": Key.Q_SET_VAR,
    "order.v_set_pu": Key.V_SET_PU,
    "order.p_limit_max_pu": Key.P_LIMIT_MAX_W,
    "order.p_limit_min_pu": Key.P_LIMIT_MIN_W,
}
"""Orders in pu: of `p_max_w`, but for the voltage. NaN withdraws one."""


def moves(stand: "Stand | TargetStand", point: ConnectionPoint) -> Mapping[str, Move]:
    """All signals of a stand, and what moves them.

    grid.v_pu, grid.f_hz, grid.scr, grid.x_r, grid.phase_deg (the source), load.p_pu,
    load.q_pu (consumption is positive), sky.index_pu (NaN: automatic), sky.w_per_m2 (on
    the modules; the sun of the plant file must be up as well), plug.<device> and
    silent.<device> (1 or 0), delay_s.<device> (of its wire, each way), the orders,
    order.<key> in SI units, and scada.alive (1 or 0: the operator's heartbeat).
    """
    grid, load, sky = stand.plant.grid, stand.plant.load, stand.plant.sky
    base_w, subject = point.p_max_w, stand.subject
    found: dict[str, Move] = {
        "grid.v_pu": partial(setattr, grid, "v_pu"),
        "grid.f_hz": partial(setattr, grid, "f_set_hz"),
        "grid.scr": lambda scr: grid.set_impedance(scr, grid.x_r),
        "grid.phase_deg": partial(setattr, grid, "phase_deg"),
        "grid.x_r": lambda x_r: grid.set_impedance(grid.scr, x_r),
        "load.p_pu": lambda pu: setattr(load, "p_w", pu * base_w),
        "load.q_pu": lambda pu: setattr(load, "q_var", pu * base_w),
        "sky.index_pu": partial(setattr, sky, "override_pu"),
        "sky.w_per_m2": partial(_shine, sky),
        "scada.alive": partial(_switch, subject, "alive"),
    }
    for name, key in ORDERS.items():
        size = 1.0 if key is Key.V_SET_PU else base_w
        found[name] = partial(_order, subject, key, size)
    for key in Key:
        found.setdefault(f"order.{key}", partial(subject.order, key))
    for name in stand.devices:
        wire = stand.wire(name)
        found[f"plug.{name}"] = partial(_switch, wire, "plugged")
        found[f"silent.{name}"] = partial(_switch, wire, "silent")
        found[f"delay_s.{name}"] = partial(setattr, wire.settings, "delay_s")
    return found


class Followed:
    """Signals that take a recorded course."""

    def __init__(self, move: Callable[[str, float], None]) -> None:
        self._move = move
        self._courses: dict[str, tuple[Course, float]] = {}

    def add(self, signal: str, course: Course, now_s: float) -> None:
        """The course begins now, at its own time 0."""
        self._courses[signal] = course, now_s

    def step(self, now_s: float) -> None:
        for signal, (course, since_s) in self._courses.items():
            self._move(signal, course.at(now_s - since_s))


def _shine(sky: Sky, w_per_m2: float) -> None:
    """What is measured on the modules takes the place of the sun in the table."""
    clear = sky.clear_w_per_m2
    sky.override_pu = max(w_per_m2, 0.0) / clear if clear > 0.0 else 0.0


def _order(
    subject: "Subject | TargetSubject", key: Key, size: float, pu: float
) -> None:
    subject.order(key, pu * size)


def _switch(part: object, name: str, on: float) -> None:
    setattr(part, name, bool(on))
