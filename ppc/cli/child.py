"""Programs of our own that run beside the controller and end with it."""

import os
import subprocess
import sys
from contextlib import suppress

from ppc.configuration.machine import ROOT


def start_child(
    module: str, *arguments: str, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    """Run a module of ours with a pipe on its standard input, which it ends with.

    So it never outlives this process, however this one ends. In a session of its own:
    Ctrl-C and a closing terminal are for the controller, which needs its children
    until it has stopped in order.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
        stdout=stdout,
    )


def end_child(child: subprocess.Popen[bytes], within_s: float = 5.0) -> bool:
    """Close its input and wait; False when it had to be killed after `within_s`."""
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.close()
    try:
        child.wait(within_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return False
    return True
