"""Plant and controller on simulated time: the real code, registers and all."""

from pytest import approx, mark, raises

from ppc.bench.stand import Stand
from ppc.communication.errors import Refused
from ppc.datamodel.observation import Quality


@mark.parametrize("p_pu", [-0.5, 0.3])
def test_an_order_reaches_the_grid(quiet, p_pu):
    stand = Stand(quiet)
    stand.set("order.p_set_pu", p_pu)
    stand.run(30.0)
    traces = stand.traces()
    assert traces.columns["p_pu"][-1] == approx(p_pu, abs=5e-4)
    assert traces.columns["order.p_set_pu"][-1] == p_pu
    assert traces.modes["set_point_tracking"][-1][1] == "tracking"


def test_a_withdrawn_order_is_gone(quiet):
    stand = Stand(quiet)
    free_pu = stand.traces().columns["p_pu"][-1]
    stand.set("order.p_set_pu", 0.1)
    stand.run(20.0)
    stand.set("order.p_set_pu", float("nan"))
    stand.run(60.0)
    assert stand.traces().columns["p_pu"][-1] == approx(free_pu, abs=0.01)


def test_orders_live_while_the_heartbeat_does(quiet):
    stand = Stand(quiet)
    stand.set("order.p_set_pu", 0.1)
    stand.run(30.0)  # three times the heartbeat's timeout
    assert stand.traces().modes["set_point_tracking"][-1][1] == "tracking"
    stand.set("scada.alive", 0)
    stand.run(45.0)
    assert stand.traces().modes["set_point_tracking"][-1][1] != "tracking"


def test_a_voltage_step_is_answered_with_q(quiet):
    stand = Stand(quiet)
    stand.set("order.v_set_pu", 1.0)
    stand.at(10.0, lambda: stand.set("grid.v_pu", 0.98))
    stand.run(20.0)
    columns = stand.traces().columns
    before, after = columns["v_pu"] < 2.0, stand.traces().time_s > 18.0
    assert before.all()
    v_pu, q_pu = columns["v_pu"][after].mean(), columns["q_pu"][after].mean()
    slope_pu = 0.04
    assert q_pu == approx(0.33 / slope_pu * (1.0 - v_pu), abs=2e-3)


def test_samples_stand_on_an_even_grid_from_zero(quiet):
    stand = Stand(quiet, sample_every=5)
    stand.run(1.0)
    traces = stand.traces()
    assert traces.time_s == approx([0.1 * i for i in range(11)])
    assert {len(column) for column in traces.columns.values()} == {11}


def test_a_pulled_cable_and_a_silent_device_are_seen(quiet):
    stand = Stand(quiet)
    stand.set("order.p_set_pu", 0.2)
    stand.run(10.0)
    stand.set("plug.bess1", 0)
    stand.run(20.0)
    columns = stand.traces().columns
    assert columns["p_pu"][-1] == approx(0.2, abs=2e-3)  # the others took its share
    assert columns["bess1.p_w"][-1] == approx(0.0, abs=1.0)  # its own watchdog let go
    stand.set("silent.poi", 1)
    stand.run(25.0)
    assert stand.subject.view.poi_quality is Quality.OLD_DATA
    stand.set("silent.poi", 0)
    stand.set("plug.bess1", 1)
    stand.run(40.0)
    assert stand.subject.view.poi_quality is Quality.GOOD
    assert stand.traces().columns["p_pu"][-1] == approx(0.2, abs=2e-3)
    assert abs(stand.traces().columns["bess1.p_w"][-1]) > 1e4


def test_a_slow_wire_makes_the_answer_late(quiet):
    late_s = []
    for delay_s in (0.0005, 0.02):
        stand = Stand(quiet)
        for device in stand.devices:
            stand.set(f"delay_s.{device}", delay_s)
        stand.set("order.p_set_pu", 0.0)
        stand.run(5.0)
        stand.set("order.p_set_pu", 0.2)
        stand.run(10.0)
        traces = stand.traces()
        moved = (traces.columns["p_pu"] > 0.05) & (traces.time_s > 5.0)
        late_s.append(traces.time_s[moved][0] - 5.0)
    assert late_s[1] - late_s[0] >= 0.02 - 1e-9


def test_equal_runs_are_equal_to_the_last_bit(configuration):
    def run():
        stand = Stand(configuration)
        stand.set("order.p_set_pu", 0.3)
        stand.run(10.0)
        return stand.traces()

    one, other = run(), run()
    for name, column in one.columns.items():
        assert column.tobytes() == other.columns[name].tobytes(), name


def test_what_cannot_be_moved_says_so(quiet):
    stand = Stand(quiet)
    with raises(KeyError):
        stand.set("grid.colour", 1.0)
    with raises(Refused):
        stand.set("order.p_set_pu", 2.0)
    assert stand.traces().columns["order.p_set_pu"][-1] != 2.0
