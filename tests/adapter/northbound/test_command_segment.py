"""The registers of commands: every one, byte by byte, read and written."""

import struct

from pytest import fixture, mark, raises

from ppc.adapter.northbound.command_desk import CommandDesk
from ppc.adapter.northbound.command_map import CommandMap
from ppc.adapter.northbound.command_segment import CommandSegment, command_registers
from ppc.adapter.northbound.command_words import Command, Reason, Result
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.register_map import ORDERABLE
from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key
from tests.adapter.northbound.plant import cycle

FUNCTIONS = ("plant_sequence", "run_back", "set_point_tracking", "volt_var")
AT = {r.name: r.address for r in command_registers(700)}


class Block:
    def __init__(self, allowed=ORDERABLE):
        self.now_s, self.followed = 10.0, 0
        self.orders = OperatorOrders(
            Belief(heartbeat_timeout_s=10.0, order_life_s=60.0)
        )
        self.view = cycle(9.9, self.orders.at(9.9), plant_sequence="running")
        self.desk = CommandDesk(
            *("operator", self.orders, CommandMap(address=700)),
            allowed=allowed,
            functions=FUNCTIONS,
            view=lambda: self.view,
        )
        self.segment = CommandSegment(
            *(700, self.desk, self.orders.received), follow=self.follow
        )

    def follow(self):
        self.followed += 1

    def write(self, address, *values):
        payload = struct.pack(f">{len(values)}H", *values)
        self.segment.write(address, payload, self.now_s)

    def read(self, name):
        registers = struct.unpack(">40H", self.segment.render(self.view, self.now_s))
        return registers[AT[f"command.{name}"] - 700]

    def shown(self):
        registers = struct.unpack(">40H", self.segment.render(self.view, self.now_s))
        return {n.partition(".")[2]: registers[a - 700] for n, a in AT.items()}


@fixture(name="block")
def _block():
    return Block()


def test_every_register_of_a_plant_that_runs(block):
    assert block.shown() == {
        "select_code": 0, "argument_code": 0, "operate_code": 0, "one_shot_code": 0,
        "result_code": 0, "reason_code": 0, "armed_left_s": 0, "commands_count": 0,
        "last_code": 0, "permitted_code": 0b111111,
        "run_requested_code": 1, "run_active_code": 2, "run_permitted_code": 3,
        "q_mode_requested_code": 0, "q_mode_active_code": 0,
        "q_mode_permitted_code": 0b111, "run_back_requested_code": 0,
        "run_back_active_code": 0, "run_back_permitted_code": 255,
        "emergency_requested_code": 0, "emergency_active_code": 0,
        "reset_permitted_code": 1,
    }  # fmt: skip


def test_every_register_of_a_plant_in_trouble(block):
    orders = {Key.EMERGENCY_STOP_CODE: 1, Key.Q_MODE_CODE: 2, Key.RUN_BACK_CODE: 5}
    block.orders.take({**orders, Key.ENABLE_CODE: 0}, 10.0)
    block.view = cycle(
        *(10.0, block.orders.at(10.0)),
        chose_q="volt_var",
        plant_sequence="emergency",
        volt_var="active",
        run_back="limited",
    )
    shown = block.shown()
    assert {n: v for n, v in shown.items() if n.endswith(("requested_code",))} == {
        "run_requested_code": 0, "q_mode_requested_code": 2,
        "run_back_requested_code": 5, "emergency_requested_code": 1,
    }  # fmt: skip
    assert {n: v for n, v in shown.items() if n.endswith("active_code")} == {
        "run_active_code": 4, "q_mode_active_code": 2, "run_back_active_code": 5,
        "emergency_active_code": 1,
    }  # fmt: skip


def test_before_the_first_cycle_what_is_active_is_not_known(block):
    block.view = None
    assert block.read("run_active_code") == 0xFFFF
    assert block.read("q_mode_active_code") == 0xFFFF
    assert block.read("run_requested_code") == 1


def test_a_command_is_armed_with_its_argument_and_operated(block):
    block.write(700, Command.RUN_BACK, 3)
    assert block.read("select_code") == Command.RUN_BACK
    assert block.read("argument_code") == 3
    assert block.read("armed_left_s") == 100
    block.write(702, Command.RUN_BACK)
    assert block.orders.received(10.0)[Key.RUN_BACK_CODE] == 3
    assert block.read("result_code") == Result.ACCEPTED
    assert block.read("last_code") == Command.RUN_BACK
    assert block.read("select_code") == 0
    assert block.followed == 2


def test_the_argument_may_be_written_first(block):
    block.write(701, 2)
    block.write(700, Command.Q_MODE)
    block.write(702, Command.Q_MODE)
    assert block.orders.received(10.0)[Key.Q_MODE_CODE] == 2


def test_one_register_does_it_at_once(block):
    block.write(703, 0xA500 + Command.STOP)
    assert block.orders.received(10.0)[Key.ENABLE_CODE] == 0


@mark.parametrize(
    ("address", "values", "code"),
    [
        (700, (2, 0, 2), ExceptionCode.ILLEGAL_VALUE),  # both in one request
        (702, (2,), ExceptionCode.ILLEGAL_VALUE),
        (700, (99,), ExceptionCode.ILLEGAL_VALUE),
        (703, (1,), ExceptionCode.ILLEGAL_VALUE),
        (704, (1,), ExceptionCode.ILLEGAL_ADDRESS),
        (703, (0xA502, 0), ExceptionCode.ILLEGAL_ADDRESS),
        (720, (1,), ExceptionCode.ILLEGAL_ADDRESS),
    ],
)
def test_what_is_refused_orders_nothing(block, address, values, code):
    with raises(Refused) as refusal:
        block.write(address, *values)
    assert refusal.value.code is code
    assert not block.orders.received(10.0)


def test_who_has_not_the_right_meets_no_register():
    trader = Block(allowed=[Key.P_SET_W])
    assert trader.read("permitted_code") == 0
    with raises(Refused) as refusal:
        trader.write(700, Command.STOP)
    assert refusal.value.code is ExceptionCode.ILLEGAL_ADDRESS
    assert trader.read("reason_code") == Reason.NOT_ALLOWED
