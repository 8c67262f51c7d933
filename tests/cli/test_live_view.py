import json
import os
import pty
import select
import signal
import subprocess
import sys

from pytest import fixture


@fixture
def view():
    """The view on a terminal of its own, and our end of that."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ppc.cli.live_view"],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    yield process, ours
    process.stdin.close()
    process.wait(10)
    os.close(ours)


def draw(process, status):
    frame = {"status": status.as_dict(), "log": [["INFO", "a line"]]}
    process.stdin.write(json.dumps(frame).encode() + b"\n")
    process.stdin.flush()


def read_until(terminal, wanted):
    """What is shown up to `wanted`; to the end of it where that is None."""
    seen = b""
    while wanted is None or wanted not in seen:
        assert select.select([terminal], [], [], 20.0)[0], seen
        try:
            seen += os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
    return seen


def test_the_view_ends_with_its_input_and_leaves_the_terminal_as_it_was(view, status):
    process, terminal = view
    draw(process, status)
    process.stdin.write(b'{"status": {"plant":')  # cut off: a controller was killed
    process.stdin.close()
    seen = read_until(terminal, None)
    assert process.wait(10) == 0
    assert b"demonstration plant" in seen
    assert seen.index(b"\x1b[?1049h") < seen.rindex(
        b"\x1b[?1049l"
    )  # other screen, back
    assert seen.index(b"\x1b[?25l") < seen.rindex(b"\x1b[?25h")  # the cursor too


def test_ctrl_c_is_not_for_the_view(view, status):
    process, terminal = view
    draw(process, status)
    read_until(terminal, b"a line")
    process.send_signal(signal.SIGINT)
    draw(process, status)
    read_until(terminal, b"a line")
    assert process.poll() is None
