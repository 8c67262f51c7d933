"""Five who order, in every order: what counts is what the rules say.

The rules are written here once more, from docs/howto/several_sources.md, and know
nothing of the program: each source is three cells, each with what was last asked.
PPC_EXAMPLES says how many courses of their acts are tried.
"""

import os
from itertools import permutations
from math import inf

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import mark

from tests.application.test_sources import Desks

TIMEOUT_S = 10.0
SOURCES = [
    {"name": "operator", "unit": 1},
    {"name": "regional", "unit": 2, "fallback": "hold"},
    {"name": "trader", "unit": 3, "fallback": "none"},
    {
        "name": "scheduler",
        "unit": 4,
        "fallback": "default",
        "default": {"p_set_w": -1e6, "p_limit_max_w": 8e6},
    },
    {"name": "local", "unit": 5},
]
CELLS = ("p_set_w", "p_limit_max_w", "p_limit_min_w")
ENABLES = {
    "p_set_w": "p_set_enable_code",
    "p_limit_max_w": "p_limit_max_enable_code",
    "p_limit_min_w": "p_limit_min_enable_code",
}


class Cell:
    """One quantity a source can ask for."""

    def __init__(self, held, default):
        self.held, self.default = held, default
        self.known = self.asked = None
        self.on, self.live = True, False

    def write(self, value):
        self.known = value
        self.asked, self.live = (value if self.on else None), True

    def switch(self, on):
        if on and not self.on and self.known is not None:
            self.asked, self.live = self.known, True
        if not on:
            self.asked, self.live = None, True
        self.on = bool(on)

    def withdraw(self):
        self.known, self.asked, self.live = None, None, True

    @property
    def counts(self):
        if self.live:
            return self.asked
        return self.asked if self.held else self.default


class Asks:
    """What one source asks for."""

    def __init__(self, told):
        fallback, default = told.get("fallback", "limits"), told.get("default", {})
        self.name, self.beat_s = told["name"], None
        self.cells = {
            name: Cell(
                fallback == "hold" or (fallback == "limits" and "limit" in name),
                default.get(name),
            )
            for name in CELLS
        }

    def wait(self, now_s):
        if self.beat_s is not None and now_s > self.beat_s + TIMEOUT_S:
            for cell in self.cells.values():
                cell.live = False


def expected(asks, local_mode):
    """Power, limits, and whose power it is."""
    power = whose = None
    low, high, said_low, said_high = -inf, inf, False, False
    for each in asks:
        p_w, top_w, bottom_w = (each.cells[name].counts for name in CELLS)
        if power is None and p_w is not None and (each.name == "local") == local_mode:
            power, whose = p_w, each.name
        said_low |= bottom_w is not None
        said_high |= top_w is not None
        bottom_w = -inf if bottom_w is None else bottom_w
        top_w = inf if top_w is None else top_w
        if bottom_w > top_w:  # he contradicts himself: nearest to nothing at all
            bottom_w = top_w = min(max(0.0, top_w), bottom_w)
        if bottom_w > high:
            low = high
        elif top_w < low:
            high = low
        else:
            low, high = max(low, bottom_w), min(high, top_w)
    return power, whose, low, high


class Plant:
    """The program and the rules, side by side."""

    def __init__(self):
        self.desks = Desks(*SOURCES)
        self.asks = [Asks(told) for told in SOURCES]
        self.silent = set(range(len(SOURCES)))
        self.beats = 0
        self.local_mode = False

    def act(self, who, what, value=0.0):
        """One request of a source, which moves its heartbeat first."""
        self.silent.discard(who)
        self.beat(who)
        unit, cells = SOURCES[who]["unit"], self.asks[who].cells
        if what == "withdraw":
            self.desks.write(unit, withdraw_code=9)
            for cell in cells.values():
                cell.withdraw()
        elif what in CELLS:
            self.desks.write(unit, **{what: value})
            cells[what].write(value)
        elif what == "local":
            self.local_mode = bool(value)
            self.desks.write(SOURCES[4]["unit"], local_code=int(value))
        else:
            on, name = what
            self.desks.write(unit, **{ENABLES[name]: on})
            cells[name].switch(on)
        self.compare()

    def beat(self, who):
        self.beats = self.beats % 60000 + 1
        self.desks.write(SOURCES[who]["unit"], heartbeat_in=self.beats)
        self.asks[who].beat_s = self.desks.now_s

    def wait(self, seconds):
        for _ in range(seconds):
            self.desks.now_s += 1.0
            for asks in self.asks:
                asks.wait(self.desks.now_s)
            for who in set(range(len(SOURCES))) - self.silent:
                self.beat(who)
            self.compare()

    def compare(self):
        orders, asked_by = self.desks.now
        power, whose, low, high = expected(self.asks, self.local_mode)
        told_low = -inf if orders.p_limit_min_w is None else orders.p_limit_min_w
        told_high = inf if orders.p_limit_max_w is None else orders.p_limit_max_w
        told = (orders.p_set_w, asked_by.get("p_set_w"), told_low, told_high)
        assert told == (power, whose, low, high)


@mark.parametrize("local_mode", [0, 1])
@mark.parametrize("first", range(5))
def test_every_order_of_beginning_and_ending(first, local_mode):
    """Enabled in every order, ended in every order: off, silent, withdrawn."""
    plant = Plant()
    plant.act(4, "local", local_mode)
    for round_, order in enumerate(permutations(range(5))):
        if order[0] != first:
            continue
        for place, who in enumerate(order):
            plant.act(who, (1, "p_set_w"))
            plant.act(who, (1, "p_limit_max_w"))
            plant.act(who, "p_set_w", 1e6 * (place + 1))
            plant.act(who, "p_limit_max_w", 9e6 - 5e5 * who - 1e5 * place)
            plant.act(who, "p_limit_min_w", -5e6 + 4e5 * who + 1e5 * place)
        for place, who in enumerate(reversed(order)):
            match (place + round_) % 3:
                case 0:
                    plant.act(who, (0, "p_set_w"))
                    plant.act(who, (0, "p_limit_max_w"))
                case 1:
                    plant.silent.add(who)
                    plant.wait(11)
                case 2:
                    plant.act(who, "withdraw")


def test_every_state_of_all_five():
    """Each of them: never heard, asking, switched off, or silent."""
    plant = Plant()
    for state in range(4**5):
        digits = [state // 4**i % 4 for i in range(5)]
        before = [max(state - 1, 0) // 4**i % 4 for i in range(5)]
        for who, digit in enumerate(digits):
            if digit == before[who] and state:
                continue
            if digit == 0:
                plant.act(who, "withdraw")
            elif digit == 1:
                plant.act(who, (1, "p_set_w"))
                plant.act(who, "p_set_w", 1e6 * (who + 1))
                plant.act(who, "p_limit_max_w", 9e6 - 1e6 * who)
            elif digit == 2:
                plant.act(who, (0, "p_set_w"))
            else:
                plant.silent.add(who)
        if any(d == 3 and b != 3 for d, b in zip(digits, before, strict=True)):
            plant.wait(11)


VALUES = st.sampled_from([-6e6, -2e6, 0.0, 1e6, 5e6, 1e7])
ACTS = st.one_of(
    st.tuples(st.just("act"), st.integers(0, 4), st.sampled_from(CELLS), VALUES),
    st.tuples(
        st.just("act"),
        st.integers(0, 4),
        st.tuples(st.integers(0, 1), st.sampled_from(CELLS)),
    ),
    st.tuples(st.just("act"), st.integers(0, 4), st.just("withdraw")),
    st.tuples(st.just("act"), st.just(4), st.just("local"), st.sampled_from([0, 1])),
    st.tuples(st.just("silence"), st.integers(0, 4)),
    st.tuples(st.just("wait"), st.integers(1, 12)),
)


@settings(
    max_examples=int(os.environ.get("PPC_EXAMPLES", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(ACTS, min_size=5, max_size=60))
def test_whatever_they_do(acts):
    plant = Plant()
    for what, *arguments in acts:
        if what == "silence":
            plant.silent.add(arguments[0])
        else:
            getattr(plant, what)(*arguments)
