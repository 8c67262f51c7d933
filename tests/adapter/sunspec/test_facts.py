from pytest import mark, raises

from ppc.adapter.sunspec.facts import FOLDER, locate, model
from ppc.adapter.sunspec.point_type import SunSpecType as T

NUMBERS = sorted(int(path.stem) for path in FOLDER.glob("*.csv"))


@mark.parametrize("number", NUMBERS)
def test_every_model_can_be_read_and_its_names_lead_somewhere(number):
    def check(group, outer):
        names = {point.name for point in group.points}
        assert len(names) == len(group.points)
        known = outer | {p.name: p for p in group.points}
        for point in group.points:
            if isinstance(point.sf, str):
                assert known[point.sf].type is T.SUNSSF
            form = point.type.register_type
            if form is not None and form.size:
                assert point.size == form.size
        for each in group.groups:
            assert not isinstance(each.count, str) or each.count in known
            check(each, known)

    check(model(number), {})


def test_what_is_not_known_is_none():
    assert model(65230) is None


@mark.parametrize(
    ("number", "size"),
    [(1, 66), (103, 50), (113, 60), (123, 24), (124, 24), (203, 105), (213, 124)],
)
def test_lengths_are_those_of_the_models(number, size):
    assert model(number).points_size == size


@mark.parametrize(
    ("number", "path", "offset", "factor"),
    [
        (103, "W", 12, 13),
        (103, "St", 36, None),
        (704, "WSet", 22, 53),
        (704, "PFWInj.Ext", 58, None),
        (701, "TotWhInj", 17, 118),
        (160, "module.1.DCW", 8 + 11, 2),
        (160, "module.2.DCW", 8 + 20 + 11, 2),
        (714, "Prt.2.DCW", 18 + 25 + 12, 15),
    ],
)
def test_a_point_is_located(number, path, offset, factor):
    place, sf = locate(number, path)
    assert place.offset == offset
    assert (sf and sf.offset) == factor


@mark.parametrize(
    ("number", "path", "why"),
    [
        (9999, "W", "model 9999 is not known"),
        (103, "Watt", "no point Watt"),
        (160, "string.1.DCW", "no group string"),
        (160, "module.DCW", "module.1 is the first"),
        (160, "module.0.DCW", "module.1 is the first"),
        (705, "Crv.2.Pri", "known only on site"),
    ],
)
def test_what_cannot_be_located_says_why(number, path, why):
    with raises(ValueError, match=why):
        locate(number, path)


def test_a_curve_begins_where_no_count_has_been_yet():
    assert locate(705, "Crv.1.Pri")[0].offset == 14 + 2 - 1


@mark.parametrize(
    ("kind", "absent"),
    [
        (T.INT16, -(2**15)),
        (T.UINT16, 0xFFFF),
        (T.ACC32, 0),
        (T.ENUM16, 0xFFFF),
        (T.BITFIELD32, 0xFFFFFFFF),
        (T.INT64, -(2**63)),
        (T.SUNSSF, -(2**15)),
        (T.FLOAT32, None),
        (T.STRING, None),
        (T.PAD, None),
        (T.IPADDR, 0),
    ],
)
def test_every_type_says_in_its_own_way_that_it_has_no_value(kind, absent):
    assert kind.absent == absent
