"""Models 704 and 715 written: what becomes of it."""

import struct

from pytest import approx, fixture, mark, raises

from ppc.communication.errors import ExceptionCode, Refused
from ppc.keys import Key
from tests.adapter.northbound.sunspec_device import Device, u16, u32


@fixture(name="device")
def _device():
    return Device()


def test_a_limit_is_staged_and_enabled(device):
    device.write(704, "WMaxLimPct", u16(5000))
    assert not device.ordered
    device.write(704, "WMaxLimPctEna", u16(1))
    assert device.ordered[Key.P_LIMIT_MAX_W] == 5e6
    assert device.raw(704, "WMaxLimPctEna") == u16(1)
    device.write(704, "WMaxLimPct", u16(2500))
    assert device.ordered[Key.P_LIMIT_MAX_W] == 2.5e6
    device.write(704, "WMaxLimPctEna", u16(0))
    assert device.ordered[Key.P_LIMIT_MAX_W] == float("inf")


def test_where_a_source_commits_a_limit_counts_at_once_all_the_same():
    device = Device(take="commit")
    device.write(715, "ControllerHb", u32(7))
    assert device.bank.sequence == 0
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    assert device.ordered[Key.P_LIMIT_MAX_W] == 5e6
    assert device.bank.sequence == 1


def test_set_points_go_by_their_mode(device):
    device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", -3_000_000))
    assert device.ordered[Key.P_SET_W] == -3e6
    device.write(704, "WSetPct", u16(2000))
    device.write(704, "WSetMod", u16(0))
    assert device.ordered[Key.P_SET_W] == approx(2e6)
    device.write(704, "VarSetPct", struct.pack(">h", -5000))
    device.write(704, "VarSetEna", u16(1), u16(1))
    assert device.ordered[Key.Q_SET_VAR] == approx(-1.65e6)
    device.write(704, "PFWInj.PF", u16(950), u16(1))
    device.write(704, "PFWInjEna", u16(1))
    ordered = device.ordered
    assert ordered[Key.PF_SET_PU] == approx(0.95)
    assert (ordered[Key.Q_MODE_CODE], ordered[Key.EXCITATION_CODE]) == (4, 1)


def test_what_has_a_time_reverts_by_itself(device):
    device.write(704, "WMaxLimPctRvrt", u16(3000), u16(1), u32(20))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    assert device.segment.controls.busy
    device.now_s += 5.0
    assert device.raw(704, "WMaxLimPctRvrtRem") == u32(15)
    device.now_s += 15.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == 3e6
    assert not device.segment.controls.busy
    device.write(704, "WSetRvrtTms", u32(5))
    device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 1_000_000))
    device.now_s += 5.0
    device.segment.controls.look(device.now_s)
    assert Key.P_SET_W not in device.ordered


def test_an_order_that_has_expired_is_not_enabled(device):
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 601.0
    assert device.raw(704, "WMaxLimPctEna") == u16(0)


def test_the_heartbeat_and_the_commands_of_715(device):
    device.write(715, "ControllerHb", u32(70000))
    assert device.orders.heartbeat() == 70000 % 65536
    assert device.raw(715, "ControllerHb") == u32(70000)
    device.write(715, "OpCtl", u16(0))
    assert device.ordered[Key.ENABLE_CODE] == 0
    assert device.raw(715, "OpCtl") == u16(0)
    device.write(715, "AlarmReset", u16(1))
    assert device.ordered[Key.RESET_CODE] == 0


@mark.parametrize(
    ("number", "path", "raw", "code"),
    [
        (704, "WMaxLimPctEna", u16(1), ExceptionCode.ILLEGAL_VALUE),  # no limit yet
        (704, "WMaxLimPctEna", u16(7), ExceptionCode.ILLEGAL_VALUE),
        (704, "WMaxLimPct", b"\xff\xff", ExceptionCode.ILLEGAL_VALUE),
        (704, "WSet", u16(1), ExceptionCode.ILLEGAL_VALUE),  # half
        (704, "WRmp", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (704, "WSetRvrtRem", u32(1), ExceptionCode.ILLEGAL_ADDRESS),
        (702, "WMax", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (705, "AdptCrvReq", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (715, "OpCtl", u16(2), ExceptionCode.ILLEGAL_VALUE),
    ],
)
def test_what_cannot_be_written_is_refused_and_orders_nothing(
    device, number, path, raw, code
):
    with raises(Refused) as refusal:
        device.write(number, path, raw)
    assert refusal.value.code is code
    assert not device.ordered


def test_too_much_is_refused_by_the_map_and_not_staged(device):
    with raises(Refused):
        device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 11_000_000))
    assert not device.ordered
    assert device.raw(704, "WSet") == b"\x80\0\0\0"


def test_who_has_not_the_right_is_refused():
    trader = Device(allowed=[Key.P_SET_W])
    with raises(Refused):
        trader.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    trader.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 1_000_000))
    assert trader.ordered[Key.P_SET_W] == 1e6


def test_what_has_come_to_its_end_reads_so(device):
    device.write(704, "WMaxLimPctRvrtTms", u32(20))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 20.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == float("inf")
    assert device.raw(704, "WMaxLimPctEna") == u16(0)


def test_after_a_reversion_its_value_is_the_one_in_force(device):
    device.write(704, "WMaxLimPctRvrt", u16(3000), u16(1), u32(20))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 20.0
    device.segment.controls.look(device.now_s)
    assert device.raw(704, "WMaxLimPctEna") == u16(1)
    assert device.raw(704, "WMaxLimPct") == u16(3000)


def test_a_reversion_that_is_not_all_there_is_refused_at_once(device):
    device.write(704, "WMaxLimPctEnaRvrt", u16(1), u32(20))
    with raises(Refused) as refusal:
        device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    assert refusal.value.code == ExceptionCode.ILLEGAL_VALUE
    assert Key.P_LIMIT_MAX_W not in device.ordered


def test_where_a_reversion_value_is_refused_the_order_is_taken_back(device):
    """More than 100 % is no limit of this plant."""
    device.write(704, "WMaxLimPctRvrt", u16(20000), u16(1), u32(20))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 20.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == float("inf")
    assert not device.segment.controls.busy


def test_a_reversion_that_is_too_fast_comes_as_soon_as_it_may():
    device = Device(rate_pu_per_s={Key.P_LIMIT_MAX_W: 0.01})
    device.write(704, "WMaxLimPctRvrt", u16(3000), u16(1), u32(10))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 10.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == 5e6
    device.now_s += 10.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == 3e6


def test_the_lower_limit_goes_on_when_the_upper_one_ends(device):
    device.orders.take({Key.P_LIMIT_MIN_W: -2e6}, device.now_s)
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.write(704, "WMaxLimPctEna", u16(0))
    assert device.ordered[Key.P_LIMIT_MAX_W] == float("inf")
    assert device.ordered[Key.P_LIMIT_MIN_W] == -2e6
