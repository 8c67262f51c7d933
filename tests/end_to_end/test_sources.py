"""Three who order the same plant, each over a connection and a unit id of his own."""

import sqlite3
import time
from math import isnan

from pytest import approx, fixture

from tests.rig import Rig, wait_for, write_plant

SOURCES = [
    {"name": "operator", "unit": 1},
    {
        "name": "marketer",
        "unit": 2,
        "keys": ["p_set_w", "q_set_var", "p_next_w", "p_next_at_s"],
        "heartbeat_timeout_s": 2.0,
        "reset_s": 3.0,
    },
    {"name": "local", "unit": 3},
]
ILLEGAL_ADDRESS, ILLEGAL_VALUE = 2, 3


class Desks:
    def __init__(self, rig):
        self.rig = rig
        self.operator, self.marketer, self.local = (rig.desk(u) for u in (1, 2, 3))

    def lived(self, value):
        """Steps of the marketer's orders of this value, as recorded."""
        (path,) = self.rig.db_dir.glob("**/2*.db")
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as day:
            rows = day.execute(
                "SELECT state FROM orders WHERE source = 'marketer'"
                " AND key = 'p_set_w' AND value = ? ORDER BY ts, seq",
                (value,),
            )
            return [state for (state,) in rows]

    def p_is(self, p_w):
        wait_for(
            lambda: abs(self.rig.console.read("true_p_w") - p_w) < 0.005 * 10e6,
            20.0,
            f"{p_w:g} W",
        )

    def beat(self, count, every_s=0.5):
        """The marketer's heartbeat."""
        for _ in range(count):
            beat = time.monotonic_ns() // 10**6 % 65536
            assert self.marketer.write("heartbeat_in", beat)
            time.sleep(every_s)


@fixture(name="desks", scope="module")
def _desks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")

    def change(plant):
        plant["scada"]["sources"] = SOURCES

    with Rig(write_plant(folder / "plant", change), folder / "db") as rig:
        desks = Desks(rig)
        yield desks
        for desk in (desks.operator, desks.marketer, desks.local):
            desk.close()


@fixture(autouse=True)
def _afresh(desks):
    """Nobody orders anything."""
    desks.local.write("local_code", 0)
    desks.operator.write("withdraw_code", 127)
    desks.local.write("withdraw_code", 127)
    desks.marketer.write("withdraw_code", 3)


def test_the_marketer_sets_the_power_within_the_operator_s_limit(desks):
    assert desks.marketer.write("p_set_w", 3.0e6)
    desks.p_is(3.0e6)
    time.sleep(2.0)  # the end of its ramp
    said = desks.rig.ppc("explain").stdout
    assert "set_point_tracking wished 3.000 MW, ordered by marketer" in said
    assert desks.operator.write("p_limit_max_w", 2.0e6)
    desks.p_is(2.0e6)
    said = desks.rig.ppc("explain").stdout
    assert "P = 3.000 MW, by marketer" in said
    assert "P at most 2.000 MW, by operator" in said
    assert "; marketer ordered 3.000 MW" in said
    assert "power_limit keeps it at 2.000 MW, ordered by operator" in said


def test_the_life_of_an_order_is_on_record(desks):
    desks.marketer.write("p_set_w", 1.5e6)
    desks.p_is(1.5e6)
    assert desks.operator.read("p_source_code") == 2  # the second in the list
    assert desks.operator.read("p_in_force_w") == 1.5e6
    states = ["received", "accepted", "achieved"]
    wait_for(lambda: desks.lived(1.5e6) == states, 5.0, "its achievement")
    desks.marketer.write("withdraw_code", 1)
    states.append("withdrawn")
    wait_for(lambda: desks.lived(1.5e6) == states, 5.0, "its end")
    wait_for(lambda: desks.operator.read("p_source_code") == 0, 1.0, "nobody")


def test_each_sees_its_own_orders(desks):
    desks.marketer.write("p_set_w", 1.0e6)
    assert desks.marketer.read("p_accepted_w") == 1.0e6
    assert isnan(desks.operator.read("p_accepted_w"))
    assert desks.operator.read("p_w") == approx(desks.marketer.read("p_w"), rel=0.1)


def test_a_source_is_refused_what_is_not_its_own(desks):
    refused = desks.marketer.read("rejected_count")
    assert not desks.marketer.write("p_limit_max_w", 9.0e6)
    assert desks.marketer.refusal == ILLEGAL_ADDRESS
    assert not desks.marketer.write("local_code", 1)
    assert desks.marketer.refusal == ILLEGAL_ADDRESS
    assert not desks.marketer.write("withdraw_code", 8)
    assert desks.marketer.refusal == ILLEGAL_VALUE
    assert not desks.marketer.write("p_set_w", 20e6)
    assert desks.marketer.refusal == ILLEGAL_VALUE
    assert desks.marketer.read("rejected_count") == refused + 4
    assert not desks.operator.write("local_code", 1)


def test_a_unit_id_that_is_nobody_s_is_not_answered_for(desks):
    nobody = desks.rig.desk(255)
    assert not nobody.write("p_set_w", 1.0e6)
    assert nobody.refusal == 11
    nobody.close()


def test_in_local_mode_only_the_desk_at_the_plant_sets_the_power(desks):
    desks.operator.write("p_limit_max_w", 2.5e6)
    desks.marketer.write("p_set_w", 2.0e6)
    desks.p_is(2.0e6)
    assert desks.local.write("p_set_w", 1.0e6)
    time.sleep(1.0)
    desks.p_is(2.0e6)  # the plant is still in remote hands
    assert desks.local.write("local_code", 1)
    desks.p_is(1.0e6)
    assert desks.operator.read("local_code") == 1
    desks.local.write("p_set_w", 4.0e6)
    desks.p_is(2.5e6)  # the operator's limit holds
    assert "; local ordered 4.000 MW" in desks.rig.ppc("explain").stdout
    assert desks.local.write("local_code", 0)
    desks.p_is(2.0e6)


def test_a_set_point_for_later_is_taken_at_its_time(desks):
    desks.marketer.write("p_set_w", 1.0e6)
    desks.p_is(1.0e6)
    at_s = int(time.time()) + 4
    later = {"p_next_w": 2.0e6, "p_next_at_s": at_s}
    assert desks.marketer.write_all(later)
    assert desks.marketer.read("p_next_at_s") == at_s
    while time.time() < at_s - 0.3:
        assert desks.marketer.read("p_accepted_w") == 1.0e6
        time.sleep(0.1)
    wait_for(lambda: desks.marketer.read("p_accepted_w") == 2.0e6, 1.5, "its time")
    assert at_s <= time.time() < at_s + 0.5
    desks.p_is(2.0e6)


def test_one_in_the_past_or_after_tomorrow_or_without_date_is_refused(desks):
    now_s = int(time.time())
    for at_s in (now_s - 10, now_s + 90_000):
        late = {"p_next_w": 2.0e6, "p_next_at_s": at_s}
        assert not desks.marketer.write_all(late)
        assert desks.marketer.refusal == ILLEGAL_VALUE
    assert not desks.marketer.write("p_next_w", 2.0e6)
    assert desks.marketer.refusal == ILLEGAL_VALUE


def test_a_lost_source_must_be_steady_before_it_counts_again(desks):
    """Last: it takes the marketer's heartbeat up."""
    desks.local.write("withdraw_code", 127)
    desks.beat(2)
    desks.marketer.write("p_set_w", 3.0e6)
    assert desks.marketer.read("orders_left_s") <= 2
    assert desks.marketer.read("p_accepted_w") == 3.0e6
    lost_s = wait_for(lambda: isnan(desks.marketer.read("p_accepted_w")), 5.0, "loss")
    assert lost_s == approx(1.5, abs=0.6)
    began_s = time.monotonic()
    assert desks.marketer.write("p_set_w", 2.0e6)
    while isnan(desks.marketer.read("p_accepted_w")):
        assert time.monotonic() - began_s < 6.0
        desks.beat(1, every_s=0.2)
    assert time.monotonic() - began_s == approx(3.0, abs=0.5)
