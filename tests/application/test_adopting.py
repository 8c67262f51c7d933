"""Curves through the desk of parameters, without anybody waiting."""

import asyncio
from threading import Event, get_ident

from pytest import fixture, mark

from ppc.adapter.northbound.curve_words import Reason
from ppc.application.adopting import Adopting
from ppc.application.parameter_desk import (
    FilesDiffer,
    NotTaken,
    NotWritten,
    Refused,
    Unchanged,
)


class Version:
    number = 3


class Desk:
    """Changes nothing, when the test lets it."""

    def __init__(self):
        self.go, self.error = Event(), None
        self.asked, self.threads = [], set()

    def set(self, changes, order):
        self.threads.add(get_ident())
        assert self.go.wait(5)
        self.asked.append((changes, order.who, order.why))
        if self.error:
            raise self.error
        return Version


@fixture(name="desk")
def _desk():
    return Desk()


@fixture(name="adopting")
def _adopting(desk):
    adopting = Adopting(desk)
    yield adopting
    desk.go.set()
    adopting.stop()


async def outcome(adopting, changes):
    done = asyncio.get_running_loop().create_future()
    adopting.adopt(changes, "operator", done.set_result)
    async with asyncio.timeout(5):
        return await done


async def test_the_loop_goes_on_while_a_change_is_checked(adopting, desk):
    answer = asyncio.create_task(outcome(adopting, {"volt_var": {"response_s": 2.0}}))
    await asyncio.sleep(0.05)
    assert not answer.done()
    desk.go.set()
    assert (await answer).version == 3
    assert desk.asked == [
        ({"volt_var": {"response_s": 2.0}}, "operator", "a curve adopted by SCADA")
    ]
    assert get_ident() not in desk.threads


@mark.parametrize(
    ("error", "reason"),
    [
        (Unchanged("x"), Reason.NOTHING_CHANGED),
        (NotTaken("x"), Reason.NOT_TAKEN_OVER),
        (NotWritten("x"), Reason.NOT_WRITTEN_DOWN),
        (FilesDiffer("x"), Reason.FILES_DIFFER),
        (Refused("x must rise"), Reason.VALUES),
    ],
)
async def test_what_is_refused_says_why(adopting, desk, error, reason):
    desk.error = error
    desk.go.set()
    assert (await outcome(adopting, {}))[0] is reason
