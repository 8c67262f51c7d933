import struct

from pytest import approx, mark, raises

from ppc.adapter.sunspec.chain import FoundModel
from ppc.adapter.sunspec.reading import decode, read_model
from tests.adapter.sunspec.device import reader


def words(*values):
    return struct.pack(f">{len(values)}H", *(value & 0xFFFF for value in values))


def inverter(**points):
    """Model 103 with nothing implemented but these points, by offset (`r12`)."""
    data = [0xFFFF] * 50
    for offset, value in points.items():
        data[int(offset[1:])] = value
    return words(*data)


def test_a_point_is_scaled_by_its_factor():
    read = decode(103, inverter(r12=-4711, r13=1, r14=4998, r15=-2, r36=4))
    assert read["W"] == -47110
    assert read["Hz"] == 49.98
    assert read["St"] == 4
    assert (read["W_SF"], read["Hz_SF"]) == (1, -2)


@mark.parametrize("factor", [0x8000, 11, -11])
def test_without_a_scale_factor_there_is_no_value(factor):
    read = decode(103, inverter(r12=100, r13=factor))
    assert read["W"] is None


@mark.parametrize(
    ("name", "raws"),
    [
        ("W", {"r12": 0x8000, "r13": 0}),
        ("Hz", {"r14": 0xFFFF, "r15": 0}),
        ("WH", {"r22": 0, "r23": 0, "r24": 0}),
        ("Evt1", {"r38": 0xFFFF, "r39": 0xFFFF}),
        ("W_SF", {"r13": 0x8000}),
    ],
)
def test_what_is_not_implemented_is_none(name, raws):
    assert decode(103, inverter(**raws))[name] is None


def test_floats_texts_and_addresses():
    floats = struct.pack(">10f", *([float("nan")] * 10)) + struct.pack(">f", -2.5)
    assert decode(113, floats.ljust(120, b"\0"))["W"] == -2.5
    assert decode(113, floats.ljust(120, b"\0"))["A"] is None
    common = b"maker".ljust(32, b"\0").ljust(132, b"\0")
    assert decode(1, common)["Mn"] == "maker"
    assert decode(1, common)["Md"] is None
    port = words(100, 0, 1) + bytes.fromhex("00000A0B0C0D0E0F") + bytes(12)
    assert decode(11, port)["MAC"] == "0A:0B:0C:0D:0E:0F"
    assert decode(11, words(100, 0, 1) + bytes(20))["MAC"] is None


@mark.parametrize(("length", "last"), [(66, "Pad"), (65, "DA")])
def test_the_common_model_has_two_lengths(length, last):
    assert list(decode(1, bytes(2 * length)))[-1] == last


def test_a_group_comes_as_often_as_the_model_has_room():
    module = (1, *[0x4100] * 8, 10, 20, 30, 0, 5, 0, 0, 25, 4, 0, 0)
    data = (-1, -1, 0, 0, 0, 0, 2, 0, *module, 2, *module[1:])
    read = decode(160, words(*data))
    assert (read["module.1.ID"], read["module.2.ID"]) == (1, 2)
    assert read["module.2.DCV"] == approx(2.0)
    assert read["module.2.DCW"] == 30
    assert "module.3.ID" not in read


def curves(points, sets):
    """Model 705 with so many curves of so many points, all different."""
    head = [1, 0, 0, points, sets, 0, 0, 0, 0, 0, -2, -1, 0]
    for number in range(sets):
        head += [points, 1, 0, 100, 0, 0, 0, 0, 5, 0]
        for i in range(points):
            head += [9000 + 100 * number + i, -i]
    return words(*head)


def test_groups_within_groups_come_as_often_as_their_points_say():
    read = decode(705, curves(points=4, sets=3))
    assert read["Crv.1.Pt.1.V"] == 90.0
    assert read["Crv.3.Pt.4.V"] == approx(92.03)
    assert read["Crv.3.Pt.4.Var"] == approx(-0.3)
    assert "Crv.4.ActPt" not in read
    assert "Crv.1.Pt.5.V" not in read


def test_more_than_the_model_has_room_for_is_not_invented():
    read = decode(705, curves(points=2, sets=2)[: 2 * 22])
    assert "Crv.1.RspTms" in read
    assert "Crv.1.ReadOnly" not in read


def test_a_group_that_comes_once_has_no_number():
    head = [1, 0, 0, 1, 1, 0, 0]
    data = [1, 1, 80, 0, 7, 1, 81, 0, 8, 1, 82, 0, 9]
    read = decode(707, words(*head, *data))
    assert read["Crv.1.MayTrip.Pt.1.V"] == 81
    assert read["Crv.1.MomCess.Pt.1.Tms"] == 9


async def test_a_long_model_is_read_in_parts_that_tear_no_point():
    data = struct.unpack(">139H", curves(points=16, sets=3)[: 2 * 139])
    asked = []
    read = reader(dict(enumerate(data, 1000)), asked)
    values = await read_model(read, FoundModel(705, 1000, 139))
    assert values == decode(705, struct.pack(">139H", *data))
    assert asked[0][0] == 1000
    assert all(count <= 125 for _, count in asked)
    assert sum(count for _, count in asked) == 139
    assert len(asked) == 3


async def test_a_short_model_is_read_at_once():
    asked = []
    read = reader(dict.fromkeys(range(2**16), 0), asked)
    await read_model(read, FoundModel(701, 7, 153))
    assert asked == [(7, 121), (128, 32)]
    asked.clear()
    await read_model(read, FoundModel(103, 7, 50))
    assert asked == [(7, 50)]


async def test_a_model_that_is_longer_than_known_is_read_to_its_end():
    asked = []
    read = reader(dict.fromkeys(range(2**16), 0), asked)
    await read_model(read, FoundModel(123, 7, 300))
    assert sum(count for _, count in asked) == 300


def test_an_unknown_model_is_refused():
    with raises(ValueError, match="65230 is not known"):
        decode(65230, b"")
