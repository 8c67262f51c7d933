"""The whole program on a terminal, as a newcomer sees it."""

import os
import pty
import select
import socket
import sys
import time
from contextlib import suppress

import yaml
from pytest import fixture

from tests.rig import ROOT, write_plant


class Terminal:
    """`ppc run` on a terminal of its own; `seen` is all it has shown."""

    def __init__(self, plant, db_dir):
        env = {**os.environ, "TERM": "xterm", "PPC_DB_DIR": str(db_dir)}
        command = [sys.executable, str(ROOT / "main.py"), "run", "--config", str(plant)]
        self.seen = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, env)  # noqa: S606

    def read_until(self, wanted, within_s=30.0):
        end_s = time.monotonic() + within_s
        while wanted not in self.seen:
            left_s = end_s - time.monotonic()
            assert left_s > 0, self.seen
            if select.select([self._fd], [], [], left_s)[0]:
                self.seen += os.read(self._fd, 65536)

    def press(self, key):
        os.write(self._fd, key)

    def hang_up(self):
        os.close(self._fd)
        self._fd = None

    def exit_code(self):
        with suppress(OSError):  # the other end is closed: it has ended
            while self._fd and select.select([self._fd], [], [], 30.0)[0]:
                self.seen += os.read(self._fd, 65536)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self):
        if self._fd:
            os.close(self._fd)


@fixture
def plant(tmp_path):
    return write_plant(tmp_path / "plant")


@fixture
def terminal(plant, tmp_path):
    terminal = Terminal(plant, tmp_path / "db")
    yield terminal
    terminal.close()


def test_on_a_terminal_it_is_one_screen_and_ctrl_c_stops_in_order(terminal):
    terminal.read_until(b"RUNNING")
    terminal.press(b"\x03")
    assert terminal.exit_code() == 0
    screen, after = terminal.seen.rsplit(b"\x1b[?1049l", 1)
    assert b"demonstration plant" in screen
    assert b"safe set-points" in after
    assert b"stopped" in after
    assert b"Traceback" not in terminal.seen


def test_when_the_terminal_hangs_up_the_plant_is_left_in_order(terminal, tmp_path):
    terminal.read_until(b"RUNNING")
    terminal.hang_up()
    assert terminal.exit_code() == 0
    assert not list((tmp_path / "db").glob("*-wal"))


def test_a_port_in_use_is_told_where_it_can_be_read(plant, tmp_path):
    with socket.socket() as holder:
        port = yaml.safe_load(plant.read_text())["scada"]["port"]
        holder.bind(("127.0.0.1", port))
        holder.listen()
        terminal = Terminal(plant, tmp_path / "db")
        assert terminal.exit_code() == 2
        terminal.close()
    assert f"127.0.0.1:{port} is in use".encode() in terminal.seen
    assert b"scada.port" in terminal.seen
    assert b"\x1b[?1049h" not in terminal.seen  # no other screen has swallowed it
