from pathlib import Path
from struct import pack

import yaml
from pytest import approx, fixture, mark, raises

from ppc.adapter.codec import BlockCodec
from ppc.adapter.profile import DeviceProfile
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.answering import answer
from ppc.keys import Key
from ppc.simulation.device_station import DeviceStation

PROFILES = Path(__file__).parents[2] / "config" / "profiles"
SIGNALS = {
    Key.STATE_CODE: 2,
    Key.P_W: -1.5e6,
    Key.Q_VAR: 2e5,
    Key.P_AVAILABLE_W: 2e6,
    Key.P_AVAILABLE_MIN_W: -1e6,
    Key.SOC_PU: 0.437,
}
ADDRESS, VALUE = ExceptionCode.ILLEGAL_ADDRESS, ExceptionCode.ILLEGAL_VALUE


class Device:
    """A battery of the demonstration plant, and what it was told."""

    def __init__(self) -> None:
        self.profile = DeviceProfile.load(PROFILES / "demo_pcs.yaml")
        self.signals = dict(SIGNALS)
        self.told: list[dict[Key, float]] = []
        self.station = DeviceStation(
            self.profile, signals=lambda: self.signals, command=self.told.append
        )

    def refusal(self, *arguments: object) -> int:
        call = self.station.read if len(arguments) == 3 else self.station.write
        with raises(Refused) as refusal:
            call(*arguments)
        return refusal.value.code


@fixture
def device() -> Device:
    return Device()


def test_a_read_shows_the_signals_of_the_moment(device: Device):
    for soc_pu in (0.437, 0.9):
        device.signals[Key.SOC_PU] = soc_pu
        shown = {}
        for block in device.profile.blocks:
            payload = device.station.read(block.table, block.address, block.count)
            codec = BlockCodec(block, device.profile.word_order, 0.1)
            row = codec.decode(payload, 0.0)
            assert not row.bad
            shown |= dict(zip(codec.keys, row.values, strict=True))
        assert shown == approx(device.signals, abs=1e-3)


def test_a_part_of_a_block_can_be_read(device: Device):
    assert device.station.read(Table.INPUT, 200, 1) == pack(">H", 437)
    low_word, high_word = -1_500_000 & 0xFFFF, -1_500_000 >> 16 & 0xFFFF
    assert device.station.read(Table.INPUT, 101, 2) == pack(">HH", low_word, high_word)


@mark.parametrize(
    ("table", "address", "count"),
    [
        (Table.HOLDING, 100, 9),
        (Table.INPUT, 99, 2),
        (Table.INPUT, 108, 2),
        (Table.INPUT, 300, 4),
        (Table.HOLDING, 303, 2),
    ],
)
def test_registers_the_profile_does_not_know_are_refused(
    device: Device, table: Table, address: int, count: int
):
    assert device.refusal(table, address, count) == ADDRESS


def test_a_written_set_point_arrives_and_can_be_read_back(device: Device):
    payload = pack(">HHHH", 1_000_000 & 0xFFFF, 1_000_000 >> 16, 7, 0)
    assert device.station.read(Table.HOLDING, 300, 4) == bytes(8)
    device.station.write(300, payload)
    assert device.told == [{Key.P_SET_W: 1e6, Key.Q_SET_VAR: 7.0}]
    assert device.station.read(Table.HOLDING, 300, 4) == payload


def test_one_whole_set_point_may_be_written_alone(device: Device):
    device.station.write(302, pack(">HH", 5, 0))
    assert device.told == [{Key.Q_SET_VAR: 5.0}]


@mark.parametrize(
    ("address", "size", "code"),
    [
        (300, 2, VALUE),
        (301, 4, VALUE),
        (300, 6, VALUE),
        (299, 4, ADDRESS),
        (302, 6, ADDRESS),
        (100, 4, ADDRESS),
    ],
)
def test_a_refused_write_changes_nothing(
    device: Device, address: int, size: int, code: int
):
    assert device.refusal(address, b"\x11" * size) == code
    assert device.told == []
    assert device.station.read(Table.HOLDING, 300, 4) == bytes(8)


def test_what_is_not_a_number_is_refused():
    profile = DeviceProfile.load(PROFILES / "demo_pv_inverter.yaml")
    told: list[object] = []
    station = DeviceStation(profile, signals=dict, command=told.append)
    for value in (float("nan"), float("inf")):
        with raises(Refused) as refusal:
            station.write(40, pack(">f", value))
        assert refusal.value.code == VALUE
    assert told == []


def test_a_meter_takes_no_set_points():
    profile = DeviceProfile.load(PROFILES / "demo_poi_meter.yaml")
    station = DeviceStation(profile, signals=dict, command=lambda _: None)
    with raises(Refused) as refusal:
        station.write(0, bytes(2))
    assert refusal.value.code == ADDRESS


SWITCHED = """
source: this test
type: pv
blocks:
  - {table: input, address: 0, count: 1, points: [{key: p_w, address: 0}]}
  - {table: discrete, address: 3, count: 10,
     points: [{key: state_code, address: 12, type: bit}]}
commands:
  - table: coil
    address: 5
    count: 2
    before: [{write: {table: coil, address: 30, value: 1, type: bit}}]
    points:
      - {constant: 1, address: 5, type: bit}
      - {key: p_set_w, address: 6, type: bit, scale: 1.0e+6, valid: [0, 1.0e+6]}
  - address: 6
    count: 1
    name: q
    function: mask
    points: [{key: q_set_var, address: 6, mask: 0x0FF0, valid: [0, 255]}]
"""


@fixture(name="switched")
def _switched():
    """A device told by coils, and by some bits of a register."""
    told = []
    station = DeviceStation(
        DeviceProfile.of(yaml.safe_load(SWITCHED)),
        signals=lambda: {Key.STATE_CODE: 1, Key.P_W: 0.0},
        command=told.append,
    )
    return station, told


def test_coils_and_discrete_inputs_are_read_and_written(switched):
    station, told = switched
    assert answer(station, bytes.fromhex("02 0003 000a")) == b"\x02\x02\x00\x02"
    assert answer(station, bytes.fromhex("05 0006 ff00")) == b"\x05\x00\x06\xff\x00"
    answer(station, bytes.fromhex("0f 0005 0002 01 01"))
    assert told == [{Key.P_SET_W: 1e6}, {Key.P_SET_W: 0.0}]
    answer(station, bytes.fromhex("05 001e ff00"))
    assert answer(station, bytes.fromhex("01 001e 0001")) == b"\x01\x01\x01"
    assert answer(station, bytes.fromhex("01 0005 0002")) == b"\x01\x01\x01"


def test_what_is_a_coil_is_no_register(switched):
    station, told = switched
    for request in ("06 0005 0001", "03 0005 0001", "02 001e 0001", "05 0007 ff00"):
        with raises(Refused) as refusal:
            answer(station, bytes.fromhex(request))
        assert refusal.value.code is ADDRESS
    assert not told


def test_a_mask_write_and_a_read_and_write_reach_the_device(switched):
    station, told = switched
    answer(station, bytes.fromhex("16 0006 f00f 0120"))
    both = answer(station, bytes.fromhex("17 0006 0001 0006 0001 02 0340"))
    assert both == bytes.fromhex("17 02 0340")
    assert told == [{Key.Q_SET_VAR: 0x12}, {Key.Q_SET_VAR: 0x34}]
