from pytest import fixture, mark

from ppc.adapter.northbound.order_code import OrderCode
from ppc.adapter.northbound.order_lives import OrderLives
from ppc.database.schema import KINDS, LIFE
from ppc.datamodel.observation import Poi
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

P, Q, V = Key.P_SET_W, Key.Q_SET_VAR, Key.V_SET_PU
HIGH, LOW = Key.P_LIMIT_MAX_W, Key.P_LIMIT_MIN_W
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3e6
)


class Heard:
    def __init__(self):
        self.steps = []
        self.lives = OrderLives("trader", self.steps.append)

    @property
    def new(self):
        told, self.steps[:] = [(s.number, s.state) for s in self.steps], []
        return told


@fixture
def heard():
    return Heard()


def test_every_step_is_a_row_of_the_record(heard):
    heard.lives.accepted(P, 4e6, 0.0)
    kind = KINDS["orders"]
    for step in heard.steps:
        columns = {*kind.key, *kind.numbers, *kind.texts}
        assert step._asdict().keys() == columns
        assert step.state in LIFE
        assert (step.source, step.key, step.value) == ("trader", "p_set_w", 4e6)


def test_an_order_is_superseded_by_the_next(heard):
    heard.lives.accepted(P, 4e6, 0.0)
    heard.lives.accepted(P, 5e6, 1.0)
    assert heard.new == [
        *((1, "received"), (1, "accepted")),
        *((1, "superseded"), (2, "received"), (2, "accepted")),
    ]


def test_the_same_again_is_the_same_order(heard):
    for second in range(100):
        heard.lives.accepted(P, 4e6, float(second))
    assert heard.new == [(1, "received"), (1, "accepted")]


def test_what_is_received_again_before_its_commit_replaces_what_waited(heard):
    heard.lives.received(P, 4e6, 0.0)
    heard.lives.received(P, 4e6, 0.1)
    heard.lives.received(P, 5e6, 0.2)
    heard.lives.accepted(P, 5e6, 0.3)
    assert heard.new == [
        *((1, "received"), (1, "superseded")),
        *((2, "received"), (2, "accepted")),
    ]


def test_the_same_refusal_is_told_once(heard):
    for _ in range(100):
        heard.lives.refused(P, 11e6, OrderCode.OUT_OF_RANGE, 0.0)
    assert heard.new == [(1, "received"), (1, "refused")]
    heard.lives.refused(P, 12e6, OrderCode.OUT_OF_RANGE, 0.0)
    assert heard.new == [(2, "received"), (2, "refused")]


def test_what_is_not_alive_any_more_has_expired_once(heard):
    heard.lives.accepted(P, 4e6, 0.0)
    heard.lives.accepted(Q, 1e6, 0.0)
    assert len(heard.new) == 4
    heard.lives.expired({P}, 1.0)
    heard.lives.expired({P}, 2.0)
    assert heard.new == [(2, "expired")]
    heard.lives.withdrawn([P, Q], 3.0)
    assert heard.new == [(1, "withdrawn")]


@mark.parametrize(
    ("key", "value", "poi", "there"),
    [
        (P, 4e6, Poi(20e3, 50.0, 4.05e6, 0.0), True),
        (P, 4e6, Poi(20e3, 50.0, 4.2e6, 0.0), False),
        (P, 4e6, Poi(), False),
        (Q, -1e6, Poi(20e3, 50.0, 0.0, -1.02e6), True),
        (Q, -1e6, Poi(20e3, 50.0, 0.0, -1.1e6), False),
        (V, 1.02, Poi(20.5e3, 50.0, 0.0, 0.0), True),
        (V, 1.02, Poi(20.0e3, 50.0, 0.0, 0.0), False),
        (HIGH, 3e6, Poi(20e3, 50.0, 1e6, 0.0), True),
        (HIGH, 3e6, Poi(20e3, 50.0, 4e6, 0.0), False),
        (LOW, 3e6, Poi(20e3, 50.0, 4e6, 0.0), True),
        (LOW, 3e6, Poi(20e3, 50.0, 1e6, 0.0), False),
        (Key.ENABLE_CODE, 1.0, Poi(20e3, 50.0, 1e6, 0.0), False),
    ],
)
def test_it_is_achieved_when_the_plant_is_there(heard, key, value, poi, there):
    heard.lives.accepted(key, value, 0.0)
    assert len(heard.new) == 2
    for _ in range(2):
        heard.lives.see(poi, PLANT, {key.value: "trader"}, 1.0)
    assert heard.new == ([(1, "achieved")] if there else [])


def test_what_another_source_brought_about_is_no_achievement(heard):
    heard.lives.accepted(P, 4e6, 0.0)
    heard.lives.see(Poi(20e3, 50.0, 4e6, 0.0), PLANT, {"p_set_w": "operator"}, 1.0)
    assert (1, "achieved") not in heard.new


def test_who_changes_his_mind_all_the_time_does_not_fill_the_record(heard):
    for i in range(10_000):
        heard.lives.accepted(P, float(i), i / 1000.0)
    assert len(heard.steps) <= 200 + 10 / 0.2 + 1
