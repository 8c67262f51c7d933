"""Who finds which station, from where."""

import logging
from ipaddress import ip_network

from pytest import mark

from ppc.application.access import Entry, Mark, directory, within
from ppc.communication.server.base import Caller

OFFICE, CONTROL = ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")


def found(mark, caller, unit=1, readers=()):
    """Which of the stations it is, by name; None: nobody."""
    find = directory([Entry(mark, "whole", "shut")], readers, "plain")
    return find(caller, unit)


@mark.parametrize(
    ("known_by", "caller", "unit", "station"),
    [
        (Mark((1,)), Caller("127.0.0.1", 502), 1, "whole"),
        (Mark((1,)), Caller("::1", 502), 1, "whole"),
        (Mark((1,)), Caller("127.0.0.1", 502), 2, None),
        (Mark((1,)), Caller("192.0.2.7", 502), 1, "shut"),  # anybody could say 1
        (Mark((1,), networks=[OFFICE]), Caller("192.0.2.7", 502), 1, "whole"),
        (Mark((1,), networks=[OFFICE]), Caller("::ffff:192.0.2.7", 502), 1, "whole"),
        (Mark((1,), networks=[OFFICE]), Caller("198.51.100.7", 502), 1, None),
        (Mark((1,), networks=[OFFICE]), Caller("127.0.0.1", 502), 1, None),
        (Mark(networks=[CONTROL]), Caller("2001:db8::7", 502), 9, "whole"),
        (Mark(port=802), Caller("192.0.2.7", 802), 9, "shut"),  # others have it too
        (Mark(port=802, own_port=True), Caller("192.0.2.7", 802), 9, "whole"),
        (Mark(port=802, own_port=True), Caller("192.0.2.7", 502), 9, None),
        (Mark(role="operator"), Caller("192.0.2.7", 802, "operator"), 1, "whole"),
        (Mark(role="operator"), Caller("192.0.2.7", 802, "trader"), 1, None),
        (Mark(role="operator"), Caller("127.0.0.1", 802), 1, None),
        (Mark((4,), port="serial"), Caller(), 4, "whole"),
        (Mark((4,), port="serial"), Caller("127.0.0.1", 502), 4, None),
        (Mark((4,)), Caller(), 4, "whole"),  # whoever has the wire stands here
    ],
)
def test_all_that_is_told_of_a_source_must_hold(known_by, caller, unit, station):
    assert found(known_by, caller, unit) == station


def test_the_first_who_is_met_is_who_calls():
    entries = [
        Entry(Mark((1,), networks=[OFFICE]), "operator", "-"),
        Entry(Mark((1,)), "whole", "others"),
    ]
    find = directory(entries, (), "plain")
    assert find(Caller("192.0.2.7"), 1) == "operator"
    assert find(Caller("198.51.100.7"), 1) == "others"


def test_readers_find_a_station_without_orders():
    known_by = Mark((1,), networks=[OFFICE])
    reader = Caller("198.51.100.7")
    networks = [ip_network("198.51.100.0/24")]
    assert found(known_by, reader, 1, networks) == "plain"
    assert found(known_by, reader, 99, networks) == "plain"
    assert found(known_by, Caller("203.0.113.1"), 1, networks) is None


def test_strangers_are_told_of_once_each_and_not_without_end(caplog):
    find = directory([Entry(Mark((1,)), "whole", "shut")], (), "plain")
    with caplog.at_level(logging.WARNING):
        for unit in range(2, 100):
            find(Caller("192.0.2.7"), unit)
        assert len(caplog.records) == 1
        for host in range(200):
            find(Caller(f"198.51.100.{host}"), 2)
    assert len(caplog.records) == 32


def test_what_is_no_address_lies_nowhere():
    assert not within("", [ip_network("0.0.0.0/0")])
    assert not within("somewhere", [ip_network("0.0.0.0/0")])
    assert not within("192.0.2.1", [CONTROL])
