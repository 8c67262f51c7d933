"""The plant changes hands: within its time, and without a step of P or Q.

The real controller in simulated time, with a plant, and three who order.
"""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from numpy import diff
from pytest import approx, fixture, mark

from ppc.bench.stand import Stand
from ppc.bench.subject import Controller, Scada
from ppc.communication.server.base import Caller
from ppc.configuration.loading import load
from ppc.configuration.scada import ScadaSection
from ppc.keys import Key

PLANT = Path(__file__).parents[2] / "config" / "plant.yaml"
HERE = Caller("127.0.0.1")
PERIOD_S, STEPS = 0.1, 5
"""Of control, and of the plant in it."""
TIMEOUT_S, RESET_S = 2.0, 4.0
RATE_W_PER_S, RATE_VAR_PER_S = 10e6 / 5.0, 3.3e6 / 5.0
"""Usual ramps of `set_point_tracking`."""
SOURCES = [
    {
        "name": "operator",
        "unit": 1,
        "heartbeat_timeout_s": TIMEOUT_S,
        "reset_s": RESET_S,
        "fallback": "none",
    },
    {"name": "trader", "unit": 2},
    {"name": "local", "unit": 3},
]


class People:
    """A stand with a desk for each source, and what was in force in every cycle."""

    def __init__(self, configuration):
        self.log = []
        self.plant = configuration.connection_point
        self.stand = Stand(configuration, subject=self._subject)
        find = self.stand.subject.find
        self.operator, self.trader, self.local = (
            Scada(configuration.northbound, find(HERE, unit).write)
            for unit in (1, 2, 3)
        )
        self.now_s = 0.0
        self.stand.subject.alive = False  # the operator's heartbeat is ours to move

    def _subject(self, *parts):
        people = self

        class Watched(Controller):
            def _publish(self, view):
                super()._publish(view)
                told = view.obs.time_s, view.obs.orders.p_set_w, dict(view.obs.asked_by)
                people.log.append(told)

        return Watched(*parts)

    def run(self, seconds, *beating, every_s=0.5):
        """Let time pass, some moving their heartbeats."""
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            for desk in beating:
                desk.beat()
            self.now_s = min(self.now_s + every_s, until_s)
            self.stand.run(self.now_s)

    def changes(self):
        """When another order of P came into force, and whose it was."""
        for (_, before, _), (time_s, after, asked_by) in pairwise(self.log):
            if before != after:
                yield time_s, after, asked_by.get("p_set_w")

    def steepest(self, since_s):
        """How fast P and Q at the POI moved at most, per second, over one cycle."""
        traces, plant = self.stand.traces(), self.plant
        later = traces.time_s >= since_s
        return [
            abs(diff(traces.columns[name][later][::STEPS])).max() * base / PERIOD_S
            for name, base in (("p_pu", plant.p_max_w), ("q_pu", plant.q_max_var))
        ]


@fixture(name="quiet", scope="module")
def _quiet():
    """The demonstration plant without noise, and three sources."""
    configuration = load(PLANT)
    told = configuration.plant
    simulation = told.simulation
    changes = {
        "grid": simulation.grid.model_copy(
            update={"v_noise_pu": 0.0, "f_noise_hz": 0.0}
        ),
        "meter": simulation.meter.model_copy(
            update={"accuracy_pu": 0.0, "v_accuracy_pu": 0.0, "noise_pu": 0.0}
        ),
        "load": simulation.load.model_copy(update={"noise_pu": 0.0}),
        "sky": simulation.sky.model_copy(update={"clouds": False}),
    }
    update = {
        "simulation": simulation.model_copy(update=changes),
        "scada": ScadaSection.model_validate({"sources": SOURCES}),
    }
    return replace(configuration, plant=told.model_copy(update=update))


@fixture
def people(quiet):
    return People(quiet)


@mark.parametrize("lost_s", [2.5, 11.0, 20.0])
def test_a_lost_heartbeat_is_noticed_in_time_and_made_up_for_after_the_reset(
    people, lost_s
):
    people.trader.order(Key.P_SET_W, 1e6)
    people.operator.beat()
    people.operator.order(Key.P_SET_W, 3e6)
    people.run(10.0, people.operator, people.trader)
    assert people.steepest(0.0)[0] > 0.5 * RATE_W_PER_S  # the ramp that is usual
    last_s = people.log[-1][0]
    people.log.clear()
    people.operator.beat()  # the last one
    beaten_s = people.stand.time.now_s()
    people.run(lost_s, people.trader)
    ((fell_s, p_w, whose),) = people.changes()
    assert (p_w, whose) == (1e6, "trader")
    assert beaten_s + TIMEOUT_S <= fell_s <= beaten_s + TIMEOUT_S + PERIOD_S
    assert last_s <= beaten_s
    people.log.clear()
    back_s = people.stand.time.now_s()
    people.operator.beat()
    people.operator.order(Key.P_SET_W, 3e6)
    people.run(RESET_S + 6.0, people.operator, people.trader)
    ((rose_s, p_w, whose),) = people.changes()
    assert (p_w, whose) == (3e6, "operator")
    assert back_s + RESET_S <= rose_s <= back_s + RESET_S + PERIOD_S
    assert people.stand.traces().columns["p_pu"][-1] == approx(0.3, abs=0.005)
    p_w_per_s, q_var_per_s = people.steepest(10.0)
    assert p_w_per_s < 1.25 * RATE_W_PER_S
    assert q_var_per_s < 1.25 * RATE_VAR_PER_S


def test_who_takes_charge_at_the_plant_takes_over_what_is_in_force(people):
    people.trader.order(Key.P_SET_W, 3e6)
    people.trader.order(Key.Q_SET_VAR, 1e6)
    people.run(12.0, people.trader, people.local)
    people.local.order(Key.LOCAL_CODE, 1)
    people.run(6.0, people.trader, people.local)
    view = people.stand.subject.view
    assert view.obs.orders.p_set_w == 3e6
    assert view.obs.asked_by["p_set_w"] == view.obs.asked_by["q_set_var"] == "local"
    p_w_per_s, q_var_per_s = people.steepest(12.0)
    assert p_w_per_s < 0.05 * RATE_W_PER_S
    assert q_var_per_s < 0.05 * RATE_VAR_PER_S
    people.trader.order(Key.P_SET_W, 5e6)  # not now
    people.run(2.0, people.trader, people.local)
    assert people.steepest(12.0)[0] < 0.05 * RATE_W_PER_S
    people.local.order(Key.LOCAL_CODE, 0)  # by ramp to what he wants by now
    people.run(8.0, people.trader, people.local)
    p_w_per_s, q_var_per_s = people.steepest(12.0)
    assert 0.5 * RATE_W_PER_S < p_w_per_s < 1.25 * RATE_W_PER_S
    assert q_var_per_s < 0.3 * RATE_VAR_PER_S
    assert people.stand.traces().columns["p_pu"][-1] == approx(0.5, abs=0.005)
