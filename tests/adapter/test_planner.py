"""Points merged into requests."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from ppc.adapter.planner import planned
from ppc.adapter.point import Point, Sum
from ppc.adapter.profile import Requests


def point(address, **more):
    return Point(**({"name": f"p{address}", "address": address} | more))


def spans(points, sums=(), **rules):
    blocks = planned(points, sums, Requests(**rules))
    return [(block.address, block.count) for block in blocks]


@mark.parametrize(
    ("rules", "expected"),
    [
        ({}, [(0, 2), (4, 1), (10, 2)]),
        ({"gap_max": 2}, [(0, 5), (10, 2)]),
        ({"gap_max": 5}, [(0, 12)]),
        ({"gap_max": 5, "read_max": 5}, [(0, 5), (10, 2)]),
        ({"gap_max": 5, "apart": [4]}, [(0, 2), (4, 8)]),
        (
            {"gap_max": 5, "forbidden": [{"first": 6, "last": 6}]},
            [(0, 5), (10, 2)],
        ),
        (
            {"gap_max": 5, "forbidden": [{"first": 6, "last": 6, "table": "input"}]},
            [(0, 12)],
        ),
    ],
)
def test_points_are_merged_by_span_gap_and_forbidden_registers(rules, expected):
    points = [point(10, type="u32"), point(0), point(1), point(4)]
    assert spans(points, **rules) == expected


def test_tables_and_poll_periods_are_kept_apart():
    points = [point(0), point(1, table="input"), point(2, every_s=5.0), point(3)]
    blocks = planned(points, (), Requests(gap_max=9))
    assert [(b.table, b.every_s, b.address, b.count) for b in blocks] == [
        ("holding", None, 0, 4),
        ("holding", 5.0, 2, 1),
        ("input", None, 1, 1),
    ]


def test_points_that_need_each_other_share_a_request_whatever_the_gap():
    points = [
        point(0, scale_from="p60"),
        point(30),
        point(60, type="s16"),
        point(80),
        point(90),
    ]
    sums = [Sum(key="p_w", of={"p80": 1, "p90": -1})]
    blocks = planned(points, sums, Requests())
    assert [(b.address, b.count) for b in blocks] == [(0, 61), (80, 11)]
    assert blocks[1].sums == tuple(sums)


def test_registers_apart_are_one_number():
    words = Point(name="apart", registers=(104, 100), type="u32")
    assert spans([words, point(102)]) == [(100, 5)]


@mark.parametrize(
    ("points", "rules", "why"),
    [
        ([point(0, scale_from="p200"), point(200)], {}, "too far apart"),
        ([point(0, scale_from="p8"), point(8)], {"read_max": 8}, "one request of 8"),
        ([point(3, type="u32")], {"apart": [4]}, "begin within p3"),
        ([point(0, scale_from="sf")], {}, "needs sf"),
        ([point(0, scale_from="p1"), point(1, every_s=1.0)], {}, "one every_s"),
    ],
)
def test_what_cannot_be_read_together_is_told(points, rules, why):
    with raises(ValueError, match=why):
        planned(points, (), Requests(**rules))


def test_the_longest_request_may_be_full_and_a_point_may_begin_where_one_must():
    points = [point(0, scale_from="p7"), point(7), point(8, type="u32")]
    assert spans(points, read_max=8, apart=[8]) == [(0, 8), (8, 2)]


def test_a_number_around_a_forbidden_register_is_told():
    words = Point(name="apart", registers=(104, 100), type="u32")
    rules = Requests(forbidden=[{"first": 102, "last": 102}])
    with raises(ValueError, match="forbidden"):
        planned([words], (), rules)


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=60, unique=True),
    st.integers(1, 125),
    st.integers(0, 20),
)
def test_every_point_is_read_once_within_the_limits(addresses, read_max, gap_max):
    rules = Requests(read_max=read_max, gap_max=gap_max)
    blocks = planned([point(a) for a in addresses], (), rules)
    read = [p.address for block in blocks for p in block.points]
    assert sorted(read) == sorted(addresses)
    for block in blocks:
        assert block.count <= read_max
        own = sorted(p.address for p in block.points)
        assert all(b - a - 1 <= gap_max for a, b in pairwise(own))


def test_points_of_sunspec_models_are_merged_whatever_lies_between():
    def of(path, address, **more):
        return point(address, name="x" + path[4:].lower(), sunspec=path, **more)

    points = [
        *(of("103.W", 12), of("103.Hz", 14), of("103.StVnd", 37)),
        *(of("203.PhV", 5), of("203.VA", 21, instance=1), point(13)),
    ]
    rules = Requests(apart=[13], forbidden=[{"first": 20, "last": 30}])
    blocks = planned(points, (), rules)
    assert sorted((b.models, b.instance, b.address, b.count) for b in blocks) == [
        ((), 0, 13, 1),
        ((103,), 0, 12, 26),
        ((203,), 0, 5, 1),
        ((203,), 1, 21, 1),
    ]


def test_forbidden_registers_may_lie_beside():
    rules = {"forbidden": [{"first": 3, "last": 3}, {"first": 6, "last": 9}]}
    assert spans([point(2), point(4), point(5)], **rules) == [(2, 1), (4, 2)]


def test_what_needs_each_other_stays_together_wherever_requests_must_begin():
    points = [point(0, scale_from="p1"), point(1)]
    assert spans(points, apart=[0, 1]) == [(0, 2)]


def test_words_apart_are_read_together_wherever_requests_must_begin():
    words = Point(name="apart", registers=(104, 100), type="u32")
    assert [b.count for b in planned([words], (), Requests(apart=[104]))] == [5]
