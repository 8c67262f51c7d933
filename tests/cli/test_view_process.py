import os
import pty
import select
import signal
import time

from pytest import fixture

from ppc.cli.view_process import ViewProcess


@fixture
def terminal():
    """Our end of a terminal, and the one to draw on."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as out:
        yield ours, out
    os.close(ours)


@fixture
def frame(plant_of):
    return {"status": plant_of(50).as_dict(), "log": []}


def read_until(terminal, wanted):
    seen = b""
    while wanted not in seen:
        assert select.select([terminal], [], [], 20.0)[0], seen
        seen += os.read(terminal, 65536)
    return seen


def test_frames_are_drawn_and_the_terminal_is_given_back(terminal, frame):
    ours, out = terminal
    view = ViewProcess(out, color=False)
    assert view.show(frame)
    read_until(ours, b"demonstration plant")
    view.close()
    read_until(ours, b"\x1b[?1049l")


def test_nobody_waits_for_a_terminal_that_stands_still(terminal, frame):
    _, out = terminal
    view = ViewProcess(out, color=True)
    longest_s = 0.0
    for _ in range(100):  # nobody reads what is drawn
        began_s = time.monotonic()
        assert view.show(frame)
        longest_s = max(longest_s, time.monotonic() - began_s)
        time.sleep(0.01)
    assert view._unsent  # it does stand still
    assert longest_s < 0.5
    began_s = time.monotonic()
    view.close()
    assert time.monotonic() - began_s < 5.0


def test_a_view_that_was_killed_is_noticed_and_cleaned_up_after(terminal, frame):
    ours, out = terminal
    view = ViewProcess(out, color=True)
    assert view.show(frame)
    read_until(ours, b"\x1b[?1049h")
    os.kill(view._child.pid, signal.SIGKILL)
    view._child.wait()
    assert not view.show(frame)
    view.close()
    read_until(ours, b"\x1b[?1049l\x1b[?25h")
