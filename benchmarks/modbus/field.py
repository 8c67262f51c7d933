"""The other side: C programs on libmodbus, compiled and run; and what is installed."""

import contextlib
import os
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = HERE.parent / "build"
SOURCES = {
    "field": HERE.parent / "latency" / "field.c",
    "client": HERE / "client.c",
    "line": HERE / "line.c",
}
CONNECTIONS_EACH = 600
"""Of one server: libmodbus waits by select(), which ends at descriptor 1023."""


def compile_c():
    """Why there is nothing to measure against; empty: all is compiled."""
    BUILD.mkdir(exist_ok=True)
    if not shutil.which("cc"):
        return "a C compiler is needed (Debian: build-essential)"
    flags = ["-I/usr/include/modbus", "-O2", "-Wall"]
    for name, source in SOURCES.items():
        command = ["cc", *flags, "-o", BUILD / name, source, "-lmodbus"]
        if subprocess.run(command, check=False).returncode:
            return "libmodbus is needed to play the field (Debian: libmodbus-dev)"
    return ""


def installed(package):
    """Its version, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def libmodbus_version():
    command = [BUILD / "client", "version"]
    return subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.strip()


@contextlib.contextmanager
def program(*command):
    """A server that prints a line when it is up: its process, and the line."""
    server = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True
    )
    try:
        if not (line := server.stdout.readline().strip()):
            raise RuntimeError(f"{command[0]} did not start")
        yield server, line
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


@contextlib.contextmanager
def fields(port, connections):
    """As many servers on ports from `port` as so many connections need."""
    count = -(-connections // CONNECTIONS_EACH)
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(program(BUILD / "field", port + i))[0]
            for i in range(count)
        ]


def cpu_s(process):
    """Processor time of another process."""
    text = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
