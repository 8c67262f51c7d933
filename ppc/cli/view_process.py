"""Our end of the live view: frames go out, and nobody waits for the terminal."""

import json
import os
from contextlib import suppress
from select import select
from typing import Any, TextIO

from ppc.cli.child import end_child, start_child

_RESTORE = b"\x1b[?1049l\x1b[?25h"
"""What a view that was killed leaves undone: the first screen, the cursor."""
_END_WITHIN_S = 2.0
"""The units wait for their safe set-points meanwhile."""


class ViewProcess:
    """The process that draws. A frame the terminal is too slow for is left out."""

    def __init__(self, terminal: TextIO, *, color: bool) -> None:
        self._terminal = terminal
        option = "--color" if color else "--no-color"
        self._child = start_child("ppc.cli.live_view", option, stdout=terminal.fileno())
        assert self._child.stdin is not None
        self._pipe = self._child.stdin.fileno()
        os.set_blocking(self._pipe, False)
        self._unsent = b""

    def show(self, frame: dict[str, Any]) -> bool:
        """Send a frame, once the last one has gone; False when the view is no more."""
        if not self._unsent:
            self._unsent = json.dumps(frame).encode() + b"\n"
        try:
            sent = os.write(self._pipe, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            return False
        self._unsent = self._unsent[sent:]
        return True

    def close(self) -> None:
        """End the view; the terminal is as it was before."""
        if not end_child(self._child, _END_WITHIN_S) or self._child.returncode:
            self._restore()

    def _restore(self) -> None:
        """A terminal that is gone, or still stands still, is left alone."""
        with suppress(OSError):
            if select([], [self._terminal], [], 0.0)[1]:
                os.write(self._terminal.fileno(), _RESTORE)
