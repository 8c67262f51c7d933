import logging
import os
import time

from pytest import fixture

from ppc.cli.screen import Screen
from ppc.configuration.machine import Machine

logger = logging.getLogger("ppc.test_screen")


@fixture
def pipe():
    """An end to write to and an end to read from."""
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "w") as out:
        yield out, read_end


def test_without_a_terminal_log_lines_are_printed(pipe, status):
    out, reader = pipe
    with Screen(Machine(log_level="INFO"), out) as screen, screen.live():
        logger.info("one %s", "line")
        logger.debug("too fine")
        screen.show(status)
    said = os.read(reader, 65536).decode()
    os.close(reader)
    assert "INFO    ppc.test_screen: one line\n" in said
    assert said.count("\n") == 1


def test_from_time_to_time_the_plant_is_told_in_a_line(pipe, status, monkeypatch):
    monkeypatch.setattr("ppc.cli.screen._LINE_EVERY_S", 0.0)
    out, reader = pipe
    with Screen(Machine(), out) as screen, screen.live():
        screen.show(status)
    said = os.read(reader, 65536).decode()
    os.close(reader)
    assert "limited: P 3.000 MW" in said


def test_whoever_logs_does_not_wait_for_a_reader_that_stands_still(pipe):
    out, reader = pipe
    with Screen(Machine(), out):
        began_s = time.monotonic()
        for _ in range(10_000):
            logger.info("x" * 100)  # far more than the pipe holds
        assert time.monotonic() - began_s < 5.0
        ended_s = time.monotonic()
    assert time.monotonic() - ended_s < 5.0
    os.close(reader)  # lets the printer go


def test_a_reader_that_is_gone_stops_nobody(pipe):
    out, reader = pipe
    os.close(reader)
    with Screen(Machine(), out):
        for _ in range(3):
            logger.info("to nobody")
            time.sleep(0.15)


def test_afterwards_nothing_is_left_of_it(pipe):
    out, reader = pipe
    before = list(logging.getLogger("ppc").handlers)
    with Screen(Machine(), out):
        assert logging.getLogger("ppc").handlers != before
    os.close(reader)
    assert logging.getLogger("ppc").handlers == before
