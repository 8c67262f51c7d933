"""A station of several segments: one image, and every write at its place."""

import struct

from pytest import fixture, raises

from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.station import ScadaStation
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused


class Shelf:
    """Registers that hold what they are told, and count how often they are shown."""

    def __init__(self, address, *values):
        self.address, self.count = address, len(values)
        self.values = list(values)
        self.shown_count = 0

    def render(self, view, now_s):  # noqa: ARG002
        self.shown_count += 1
        return struct.pack(f">{self.count}H", *self.values)

    def write(self, address, payload, now_s):  # noqa: ARG002
        if payload == b"\0\0":
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        count = len(payload) // 2
        first = address - self.address
        self.values[first : first + count] = struct.unpack(f">{count}H", payload)


class Desk:
    """Two shelves with a gap of two registers between them."""

    def __init__(self):
        self.now_s, self.view = 10.0, object()
        self.low, self.high = Shelf(0, 1, 2, 3), Shelf(5, 6, 7)
        self.refusals = Refusals("SCADA")
        self.station = ScadaStation(
            [self.high, self.low],
            self.refusals,
            view=lambda: self.view,
            now_s=lambda: self.now_s,
        )

    def read(self, address, count):
        payload = self.station.read(Table.HOLDING, address, count)
        return struct.unpack(f">{count}H", payload)


@fixture
def desk():
    return Desk()


def test_a_read_goes_across_segments_and_the_gap(desk):
    assert desk.read(0, 7) == (1, 2, 3, 0, 0, 6, 7)
    assert desk.read(2, 4) == (3, 0, 0, 6)


def test_a_gap_may_read_as_not_available(desk):
    station = ScadaStation(
        [desk.low, desk.high],
        desk.refusals,
        view=lambda: None,
        now_s=lambda: 0.0,
        gaps=[(3, 5), (1, 2)],
    )
    payload = station.read(Table.HOLDING, 0, 7)
    assert struct.unpack(">7H", payload) == (1, 0xFFFF, 3, 0xFFFF, 0xFFFF, 6, 7)
    assert station.read(Table.INPUT, 4, 2) == b"\xff\xff\0\6"
    assert station.read(Table.INPUT, 5, 1) == b"\0\6"


def test_only_what_is_read_is_rendered(desk):
    desk.read(0, 2)
    assert (desk.low.shown_count, desk.high.shown_count) == (1, 0)


def test_beyond_the_last_segment_is_no_address(desk):
    with raises(Refused) as refusal:
        desk.read(6, 2)
    assert refusal.value.code is ExceptionCode.ILLEGAL_ADDRESS


def test_a_write_reaches_its_segment_and_is_seen_at_once(desk):
    desk.read(0, 7)
    desk.station.write(5, struct.pack(">H", 9))
    assert desk.read(5, 2) == (9, 7)


def test_a_write_across_segments_changes_nothing(desk):
    for address, count in ((1, 5), (3, 1), (6, 2)):
        with raises(Refused) as refusal:
            desk.station.write(address, b"\0\1" * count)
        assert refusal.value.code is ExceptionCode.ILLEGAL_ADDRESS
    assert desk.read(0, 7) == (1, 2, 3, 0, 0, 6, 7)
    assert desk.refusals.count == 3


def test_an_image_is_made_once_per_cycle_and_does_not_grow_old(desk):
    for _ in range(3):
        desk.read(0, 7)
    assert desk.low.shown_count == 1
    desk.view = object()
    desk.read(0, 7)
    assert desk.low.shown_count == 2
    desk.now_s += 0.25
    desk.read(0, 7)
    assert desk.low.shown_count == 3


def test_a_refusal_is_counted_and_told_once_per_change(desk, caplog):
    for address in (5, 5, 6):
        with raises(Refused):
            desk.station.write(address, b"\0\0")
    assert desk.refusals.count == 3
    assert len(caplog.records) == 2
    desk.station.write(5, b"\0\1")
    with raises(Refused):
        desk.station.write(6, b"\0\0")
    assert len(caplog.records) == 3


def test_segments_must_not_overlap():
    with raises(ValueError, match="register 2"):
        ScadaStation(
            [Shelf(0, 1, 2, 3), Shelf(2, 1)],
            Refusals("SCADA"),
            view=lambda: None,
            now_s=lambda: 0.0,
        )
