"""A bus of several units: one that is dead, one that is busy, and the rests between."""

import asyncio
import time
from itertools import pairwise

from pytest import approx, mark, raises

from ppc.communication.driver import line_link
from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.line_driver import silence_s
from ppc.communication.errors import (
    BadReply,
    NoReply,
    NotConnected,
    Refused,
    StationSilent,
)
from tests.communication.driver.cycles import Cycles, read
from tests.communication.driver.far_ends import (
    TIMEOUT_S,
    Linked,
    data,
    far_end,
    honest,
    silent,
)

LINES = ("rtu", "ascii", "rtu_tcp")
BUSES = ("tcp", *LINES)
DEAD = 4
BACKOFF_S = 0.4


async def dead_one(call):
    if call.content[0] != DEAD:
        await honest(call)


async def unreachable_one(call):
    """A gateway that says so itself, after a while."""
    if call.content[0] == DEAD:
        await asyncio.sleep(TIMEOUT_S / 2)
        call.send(bytes((DEAD, call.content[1] | 0x80, 0x0B)))
    else:
        await honest(call)


@mark.parametrize(
    ("bus", "behave"),
    [*((bus, dead_one) for bus in BUSES), ("tcp", unreachable_one)],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_one_dead_unit_costs_the_others_one_timeout_per_backoff(
    bus, behave, certificates
):
    rest = {"station_backoff_min_s": BACKOFF_S, "station_backoff_max_s": BACKOFF_S}
    async with (
        far_end(bus, certificates, otherwise=behave) as end,
        Linked(end, **rest) as driver,
    ):
        cycles = Cycles(driver)
        for_s = 1.0
        await cycles.run(for_s)
        asked_in_vain = sum(content[0] == DEAD for content in end.requests)
    assert 1 <= asked_in_vain <= 1 + for_s / BACKOFF_S
    assert set(cycles.errors) == {DEAD}  # the others have not even noticed
    assert not cycles.answers[DEAD]
    times_s = sorted(cycles.cycles_s, reverse=True)
    slow_s = [time_s for time_s in times_s if time_s > TIMEOUT_S / 3]
    assert len(slow_s) <= asked_in_vain + 1  # once the machine may be slow itself
    assert max(times_s) < TIMEOUT_S + 0.1
    print(  # noqa: T201  (seen with `pytest -rP`)
        f"{bus}, {behave.__name__}: {len(times_s)} cycles of 8 units, median "
        f"{1e3 * times_s[len(times_s) // 2]:.1f} ms; {asked_in_vain} of up to "
        f"{1e3 * max(times_s):.0f} ms (timeout {1e3 * TIMEOUT_S:.0f} ms)"
    )


@mark.parametrize("bus", BUSES)
async def test_who_is_left_alone_is_said_so_at_once_and_asked_again_later(
    bus, certificates
):
    async with (
        far_end(bus, certificates, silent) as end,
        Linked(end, station_backoff_min_s=0.3) as driver,
    ):
        driver._stations.seen |= {1, 2}
        told = []
        waiting = Exchange(1, Function.WRITE_ONE, 0, 1, payload=b"\0\1")
        waiting.done = told.append
        first = asyncio.ensure_future(ask(driver, read(1)))
        await asyncio.sleep(0)
        driver.submit(waiting)
        with raises(NoReply):
            await first
        assert [type(reply) for reply in told] == [StationSilent]
        began_s = time.monotonic()
        with raises(StationSilent):
            await ask(driver, read(1))
        assert time.monotonic() - began_s < 0.02
        assert await ask(driver, read(2)) == data(2, 4)
        await asyncio.sleep(0.32)
        assert await ask(driver, read(1)) == data(3, 4)


@mark.parametrize("bus", LINES)
async def test_a_bad_frame_costs_only_who_was_asked(bus, certificates):
    async def wrong(call):
        call.write(b"\xff\xff")

    told = {}
    async with far_end(bus, certificates) as end, Linked(end) as driver:
        assert await ask(driver, read(1)) == data(1, 4)
        end.script.append(wrong)
        for unit in (1, 2, 3):
            driver.submit(read(unit, done=lambda r, unit=unit: told.update({unit: r})))
        assert driver.connected
        async with asyncio.timeout(2):
            while len(told) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert isinstance(told[1], BadReply)
        assert told[2] == data(3, 4)
        assert told[3] == data(4, 4)


@mark.parametrize("bus", BUSES)
async def test_a_broadcast_has_no_answer_and_the_bus_rests_after_it(bus, certificates):
    async with (
        far_end(bus, certificates, silent) as end,
        Linked(end, turnaround_s=0.1) as driver,
    ):
        everybody = Exchange(0, Function.WRITE_MANY, 7, 1, payload=b"\0\1")
        assert await ask(driver, everybody) == b""
        began_s = time.monotonic()
        assert await ask(driver, read(1)) == data(2, 4)
        assert 0.08 < time.monotonic() - began_s < 0.3
        assert end.requests[0][:2] == b"\0\x10"
        for nonsense in (
            read(0),
            Exchange(0, Function.READ_WRITE, 0, 1, payload=b"\0\1"),
        ):
            with raises(ValueError, match="a broadcast"):
                driver.submit(nonsense)
        assert driver.counters.no_replies == 0


async def test_on_tcp_station_0_is_the_device_itself(certificates):
    async with far_end("tcp", certificates) as end, Linked(end) as driver:
        assert await ask(driver, read(0)) == data(1, 4)


@mark.parametrize("bus", BUSES)
async def test_there_is_silence_between_requests_and_more_between_stations(
    bus, certificates
):
    heard_s = []

    async def noting(call):
        heard_s.append(time.monotonic())
        await honest(call)

    async with (
        far_end(bus, certificates, otherwise=noting) as end,
        Linked(end, request_gap_s=0.03, station_gap_s=0.04) as driver,
    ):
        for unit in (1, 1, 2, 2):
            assert await ask(driver, read(unit))
    gaps_s = [b - a for a, b in pairwise(heard_s)]
    assert gaps_s[0] == approx(0.03, abs=0.02)
    assert gaps_s[1] == approx(0.07, abs=0.02)
    assert gaps_s[2] == approx(0.03, abs=0.02)


@mark.parametrize("bus", BUSES)
async def test_nothing_is_said_right_after_connecting(bus, certificates, monkeypatch):
    monkeypatch.setattr(line_link, "NOISY_S", 0.02)  # a delay is not a noise
    async with far_end(bus, certificates) as end:
        began_s = time.monotonic()
        async with Linked(end, connect_delay_s=0.1) as driver:
            assert time.monotonic() - began_s >= 0.09
            assert await ask(driver, read(1)) == data(1, 4)


@mark.parametrize("bus", BUSES)
async def test_who_is_busy_is_asked_again_when_he_has_rested_and_others_go_on(
    bus, certificates
):
    async def busy(call):
        call.send(bytes((call.content[0], call.content[1] | 0x80, 6)))

    async with (
        far_end(bus, certificates, busy) as end,
        Linked(end, busy_delay_s=0.1) as driver,
    ):
        with raises(Refused):
            await ask(driver, read(1))
        began_s = time.monotonic()
        first = asyncio.ensure_future(ask(driver, read(1)))
        await asyncio.sleep(0)
        assert await ask(driver, read(2)) == data(2, 4)
        assert time.monotonic() - began_s < 0.08
        assert await first == data(3, 4)
        assert 0.08 < time.monotonic() - began_s < 0.3
        assert len(end.requests) == 3  # the driver itself has not asked again


@mark.parametrize("bus", ["rtu", "rtu_tcp"])
async def test_an_answer_much_too_late_is_of_nobody(bus, certificates):
    async def late(call):
        await asyncio.sleep(1.5 * TIMEOUT_S)
        call.send(call.right())

    async with far_end(bus, certificates, late) as end, Linked(end) as driver:
        with raises(NoReply):
            await ask(driver, read(1))
        answer = None
        while answer is None:
            try:
                answer = await ask(driver, read(1))
            except (NotConnected, NoReply):
                await asyncio.sleep(0.01)
        assert answer == data(2, 4)
        assert driver.counters.late_replies == (1 if bus == "rtu" else 0)


@mark.parametrize("bus", ["rtu", "ascii", "rtu_tcp"])
async def test_who_waits_for_a_line_that_is_never_quiet_is_told(
    bus, certificates, monkeypatch
):
    monkeypatch.setattr(line_link, "NOISY_S", 0.1)
    babbling = True

    async def babbles(call):
        await honest(call)
        while babbling:
            await asyncio.sleep(0.003)
            call.write(b"\0")

    async with far_end(bus, certificates, babbles) as end, Linked(end) as driver:
        assert await ask(driver, read(1)) == data(1, 4)
        await asyncio.sleep(0.01)
        async with asyncio.timeout(1):
            with raises((NotConnected, BadReply)):
                await ask(driver, read(1))
        babbling = False
        async with asyncio.timeout(3):
            while True:
                try:
                    answer = await ask(driver, read(1))
                    break
                except (NotConnected, BadReply, NoReply):
                    await asyncio.sleep(0.02)
        assert answer == data(len(end.requests), 4)


@mark.parametrize("bus", LINES)
async def test_after_a_silence_the_stream_is_another_one(bus, certificates):
    async with far_end(bus, certificates) as end, Linked(end) as driver:
        assert await ask(driver, read(1)) == data(1, 4)
        before = driver._link
        end.script.append(silent)
        with raises(NoReply):
            await ask(driver, read(2))
        assert driver.connected  # who waits for others goes on waiting
        assert await ask(driver, read(1)) == data(3, 4)
        assert driver._link is not before
        assert driver.counters.connects == 2
        assert end.connections == (2 if bus == "rtu_tcp" else 0)


@mark.parametrize("bus", BUSES)
async def test_who_asks_again_at_once_does_not_keep_others_out(bus, certificates):
    async with far_end(bus, certificates) as end, Linked(end) as driver:
        greedy = read(1)
        greedy.done = lambda _: driver.submit(greedy)
        driver.submit(greedy)
        for _ in range(5):
            before = len(end.requests)
            assert isinstance(await ask(driver, read(2)), bytes)
            assert len(end.requests) - before <= 3
        greedy.done = lambda _: None


def test_frames_are_3_5_characters_apart_but_not_less_than_1_75_ms():
    assert silence_s(9600, 11 / 9600) == approx(4.01e-3, rel=0.01)
    assert silence_s(115200, 11 / 115200) == 1.75e-3
