"""Commands: armed, operated, taken up, achieved; and all ways in which they fail."""

from pytest import fixture, mark

from ppc.adapter.northbound.command_desk import ONE_SHOT, CommandDesk
from ppc.adapter.northbound.command_map import CommandMap
from ppc.adapter.northbound.command_words import (
    Command,
    Reason,
    Result,
    Run,
    standing,
)
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.keys import Key, QMode
from tests.adapter.northbound.plant import cycle

ALL = ("plant_sequence", "run_back", "set_point_tracking", "volt_var")
SETTINGS = CommandMap(address=700, arm_s=10, seen_s=2, achieved_s=60)


class Desk:
    """The desk with its time, and a plant that does what the test says."""

    def __init__(self, *, functions=ALL, allowed=ORDERABLE, **settings):
        self.now_s, self.view, self.lives, self.charge = 10.0, None, [], True
        belief = Belief(heartbeat_timeout_s=10.0, order_life_s=60.0)
        self.orders = OperatorOrders(belief)
        self.desk = CommandDesk(
            *("operator", self.orders, SETTINGS.model_copy(update=settings)),
            allowed=allowed,
            functions=functions,
            in_charge=lambda: self.charge,
            told=self.lives.append,
            view=lambda: self.view,
        )

    def cycle(self, chose_q="", asked_by=None, orders=None, **modes):
        """A cycle later, in which control has taken up the orders in force."""
        self.now_s += 0.1
        orders = orders or self.orders.at(self.now_s)
        self.view = cycle(self.now_s, orders, asked_by, chose_q, **modes)
        self.now_s += 0.01
        self.desk.look(self.now_s)
        return self.desk.result

    def do(self, command, argument=0):
        assert self.desk.select(command, argument, self.now_s) is Reason.NONE
        return self.desk.operate(command, argument, self.now_s)

    @property
    def states(self):
        return [step.state for step in self.lives]


@fixture(name="desk")
def _desk():
    return Desk()


def test_a_stop_is_armed_operated_taken_up_and_achieved(desk):
    assert desk.desk.select(Command.STOP, 0, 10.0) is Reason.NONE
    assert desk.desk.armed(14.0) == (Command.STOP, 0, 6.0)
    assert desk.desk.result is Result.ARMED
    assert Key.ENABLE_CODE not in desk.orders.received(10.0)
    assert desk.desk.operate(Command.STOP, 0, 15.0) is Reason.NONE
    desk.now_s = 15.0
    assert desk.orders.received(15.0)[Key.ENABLE_CODE] == 0
    assert desk.desk.result is Result.ACCEPTED
    assert desk.cycle(plant_sequence="stopping") is Result.EXECUTED
    assert desk.cycle(plant_sequence="stopped") is Result.ACHIEVED
    assert desk.states == ["received", "accepted", "confirmed", "achieved"]
    assert {(s.source, s.key, s.number) for s in desk.lives} == {
        ("operator", "stop", 1)
    }
    assert not desk.desk.busy


def test_a_cycle_of_before_the_command_proves_nothing(desk):
    desk.do(Command.STOP)
    assert desk.cycle(plant_sequence="stopped") is Result.ACHIEVED
    desk.do(Command.STOP)
    desk.desk.look(desk.now_s)
    assert desk.desk.result is Result.ACCEPTED
    assert desk.cycle(plant_sequence="stopped") is Result.ACHIEVED


def test_a_start_after_a_stop_is_a_0_and_then_a_1(desk):
    desk.cycle(plant_sequence="stopped")
    desk.do(Command.START)
    assert desk.orders.received(desk.now_s)[Key.ENABLE_CODE] == 0
    assert desk.cycle(plant_sequence="stopped") is Result.ACCEPTED
    assert desk.orders.received(desk.now_s)[Key.ENABLE_CODE] == 1
    assert desk.cycle(plant_sequence="starting") is Result.EXECUTED
    assert desk.cycle(plant_sequence="running") is Result.ACHIEVED


def test_a_start_of_a_plant_that_runs_never_stops_it(desk):
    desk.cycle(plant_sequence="running")
    desk.do(Command.START)
    assert desk.orders.received(desk.now_s)[Key.ENABLE_CODE] == 1
    assert desk.cycle(plant_sequence="running") is Result.ACHIEVED


def test_an_emergency_stop_needs_no_arming_and_replaces_what_is_under_way(desk):
    desk.do(Command.START)
    assert desk.desk.operate(Command.EMERGENCY_STOP, 0, desk.now_s) is Reason.NONE
    assert desk.orders.received(desk.now_s)[Key.EMERGENCY_STOP_CODE] == 1
    assert desk.cycle(plant_sequence="emergency") is Result.ACHIEVED
    assert desk.states == ["received", "accepted", "superseded",
                           "received", "accepted", "confirmed", "achieved"]  # fmt: skip


def test_a_reset_is_an_edge_and_takes_the_stop_back(desk):
    desk.desk.operate(Command.EMERGENCY_STOP, 0, desk.now_s)
    desk.cycle(plant_sequence="emergency")
    desk.do(Command.RESET)
    ordered = desk.orders.received(desk.now_s)
    assert (ordered[Key.EMERGENCY_STOP_CODE], ordered[Key.RESET_CODE]) == (0, 0)
    desk.cycle(plant_sequence="emergency")
    assert desk.orders.received(desk.now_s)[Key.RESET_CODE] == 1
    assert desk.cycle(plant_sequence="stopped") is Result.ACHIEVED


def test_a_mode_and_a_run_back_have_an_argument(desk):
    desk.do(Command.Q_MODE, QMode.VOLT_VAR)
    assert desk.orders.received(desk.now_s)[Key.Q_MODE_CODE] == QMode.VOLT_VAR
    q_laws = {"volt_var": "x", "set_point_tracking": "x"}
    assert desk.cycle("set_point_tracking", **q_laws) is Result.EXECUTED
    assert desk.cycle("volt_var", **q_laws) is Result.ACHIEVED
    desk.do(Command.RUN_BACK, 2)
    assert desk.cycle(run_back="free") is Result.EXECUTED
    assert desk.cycle(run_back="limited") is Result.ACHIEVED
    desk.do(Command.RUN_BACK, 0)
    assert desk.cycle(run_back="release") is Result.ACHIEVED


@mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda d: d.operate(1, 0, 10.0), Reason.NOT_ARMED),
        (lambda d: (d.select(1, 0, 10.0), d.operate(2, 0, 11.0))[1],
         Reason.ANOTHER_ARMED),
        (lambda d: (d.select(1, 0, 10.0), d.operate(1, 0, 20.1))[1],
         Reason.ARMED_TOO_LONG_AGO),
        (lambda d: (d.select(1, 0, 10.0), d.select(0, 0, 10.0), d.operate(1, 0, 11.0)
                    )[2], Reason.NOT_ARMED),
        (lambda d: d.select(7, 0, 10.0), Reason.UNKNOWN_COMMAND),
        (lambda d: d.select(5, 9, 10.0), Reason.ARGUMENT_OUT_OF_RANGE),
        (lambda d: d.select(5, QMode.WATT_VAR, 10.0), Reason.NO_FUNCTION),
        (lambda d: d.select(6, 256, 10.0), Reason.ARGUMENT_OUT_OF_RANGE),
        (lambda d: d.one_shot(1, 0, 10.0), Reason.UNKNOWN_COMMAND),
        (lambda d: d.one_shot(ONE_SHOT + 9, 0, 10.0), Reason.UNKNOWN_COMMAND),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_orders_nothing(desk, prepare, reason):
    assert prepare(desk.desk) is reason
    assert (desk.desk.result, desk.desk.reason) == (Result.REFUSED, reason)
    assert not desk.orders.received(12.0)
    assert "accepted" not in desk.states


def test_a_refusal_of_what_was_operated_is_recorded(desk):
    desk.desk.operate(Command.START, 0, 10.0)
    assert [(s.key, s.state, s.reason) for s in desk.lives] == [
        ("start", "received", ""),
        ("start", "refused", "not armed"),
    ]


def test_what_the_plant_or_the_source_cannot_do_is_refused():
    bare = Desk(functions=["set_point_tracking"])
    assert bare.desk.select(Command.STOP, 0, 10.0) is Reason.NO_FUNCTION
    assert bare.desk.permitted == [Command.Q_MODE]
    trader = Desk(allowed=[Key.P_SET_W])
    assert trader.desk.operate(3, 0, 10.0) is Reason.NOT_ALLOWED
    assert not trader.desk.permitted


def test_who_is_not_in_charge_can_stop_but_not_reset(desk):
    desk.charge = False
    assert desk.desk.select(Command.RESET, 0, 10.0) is Reason.ANOTHER_IN_CHARGE
    assert desk.do(Command.STOP) is Reason.NONE


def test_one_write_may_do_instead_of_two(desk):
    assert desk.desk.one_shot(ONE_SHOT + Command.STOP, 0, 10.0) is Reason.NONE
    assert desk.orders.received(10.0)[Key.ENABLE_CODE] == 0
    careful = Desk(one_shot=False)
    assert careful.desk.one_shot(ONE_SHOT + 2, 0, 10.0) is Reason.UNKNOWN_COMMAND


def test_a_command_control_does_not_take_up_expires(desk):
    desk.do(Command.STOP)
    desk.now_s += 2.1
    desk.desk.look(desk.now_s)
    assert desk.desk.result is Result.EXPIRED
    assert desk.desk.reason is Reason.NOT_TAKEN_UP


def test_another_source_s_order_is_named_as_the_reason(desk):
    desk.do(Command.START)
    held = Desk()
    held.orders.take({Key.ENABLE_CODE: 0}, 10.0)
    for _ in range(25):
        desk.cycle(orders=held.orders.at(10.0), asked_by={"enable_code": "other"})
    assert (desk.desk.result, desk.desk.reason) == (Result.EXPIRED, Reason.OVERRULED)


def test_a_command_that_leads_nowhere_expires(desk):
    desk.do(Command.STOP)
    assert desk.cycle(plant_sequence="stopping") is Result.EXECUTED
    desk.now_s += 60.0
    assert desk.cycle(plant_sequence="stopping") is Result.EXPIRED
    assert desk.desk.reason is Reason.NOT_ACHIEVED
    assert desk.states[-1] == "expired"


def test_what_is_armed_and_left_is_told(desk):
    desk.desk.select(Command.STOP, 0, 10.0)
    desk.desk.look(20.1)
    assert desk.desk.result is Result.EXPIRED
    assert desk.desk.reason is Reason.ARMED_TOO_LONG_AGO
    assert not desk.lives


def test_a_storm_of_commands_fills_no_record(desk):
    for _ in range(10_000):
        desk.desk.operate(99, 0, 10.0)
    assert len(desk.lives) <= 200
    desk.lives.clear()
    for _ in range(10_000):
        desk.desk.one_shot(ONE_SHOT + Command.STOP, 0, 10.0)
    assert 2 < len(desk.lives) <= 100  # told beside those that were refused
    desk.lives.clear()
    desk.desk.operate(99, 0, 20.0)
    assert desk.states == ["received", "refused"]


def test_a_plant_without_a_sequence_stands_when_nothing_is_aimed_at():
    desk = Desk(functions=("power_limit",))
    assert desk.do(Command.STOP) is Reason.NONE
    assert desk.cycle(p_w=4e6, power_limit="blocked") is Result.EXECUTED
    assert desk.cycle(p_w=2e6, power_limit="blocked") is Result.EXECUTED
    assert desk.cycle(p_w=0.0, power_limit="blocked") is Result.ACHIEVED


@mark.parametrize("mode", [{"power_limit": "blocked"}, {"enter_service": "off"}])
def test_a_block_that_outlives_its_order_is_told(mode):
    assert standing(cycle(10.0, **mode)).run is Run.STOPPED
    assert standing(cycle(10.0, p_w=1e6, **mode)).run is Run.STOPPING
