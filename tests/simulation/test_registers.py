from pytest import fixture, raises

from ppc.adapter.point import Point
from ppc.communication.errors import ExceptionCode, Refused
from ppc.simulation.registers import patched, touched


@fixture
def points() -> list[Point]:
    return [
        Point(key="p_set_w", address=40, type="s32"),
        Point(key="q_set_var", address=42, type="s32"),
    ]


def test_whole_values_are_touched(points: list[Point]):
    assert touched(points, 40, bytes(8)) == points
    assert touched(points, 42, bytes(4)) == points[1:]
    assert touched(points, 30, bytes(8)) == []


def test_half_a_value_is_refused(points: list[Point]):
    for address, size in ((40, 2), (41, 2), (40, 6), (39, 4)):
        with raises(Refused) as refusal:
            touched(points, address, bytes(size))
        assert refusal.value.code == ExceptionCode.ILLEGAL_VALUE


def test_a_patch_replaces_only_its_own_registers():
    assert patched(b"aabbcc", 40, 41, b"XX") == b"aaXXcc"


def test_a_patch_outside_is_refused():
    for address, payload in ((39, b"XX"), (42, b"XXXX")):
        with raises(Refused) as refusal:
            patched(b"aabbcc", 40, address, payload)
        assert refusal.value.code == ExceptionCode.ILLEGAL_ADDRESS
