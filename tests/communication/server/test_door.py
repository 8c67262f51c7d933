"""Who is let in, by a clock that the test holds."""

from pytest import fixture

from ppc.communication.server.door import Door
from ppc.communication.server.limits import Limits


@fixture(name="clock")
def _clock():
    return [0.0]


def door(clock, **limits):
    return Door(Limits(**limits), now_s=lambda: clock[0])


def test_one_host_cannot_take_all_the_room(clock):
    inn = door(clock, connections=5, connections_per_host=3)
    assert [inn.enter("a") for _ in range(3)] == [""] * 3
    assert inn.enter("a") == "it has 3 connections"
    assert [inn.enter("b") for _ in range(2)] == [""] * 2
    assert inn.enter("c") == "there are 5 connections"
    inn.leave("a")
    assert inn.enter("c") == ""
    assert inn.count == 5


def test_a_host_that_comes_and_goes_too_fast_waits_outside(clock):
    inn = door(clock, connections_per_host=2, connects_per_s=10.0)
    for _ in range(4):
        assert inn.enter("a") == ""
        inn.leave("a")
    assert inn.enter("a") == "it connects more than 10 times a second"
    assert inn.enter("b") == ""
    clock[0] = 0.11
    assert inn.enter("a") == ""
    assert inn.enter("a") != ""


def test_of_hosts_that_have_gone_only_so_many_are_remembered(clock):
    inn = door(clock)
    for i in range(5000):
        assert inn.enter(f"host {i}") == ""
        inn.leave(f"host {i}")
    assert len(inn._pace) == 1024
    assert not inn._inside
    assert inn.count == 0
