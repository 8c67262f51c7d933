"""Where other programs of this machine ask the running controller how it is.

A socket in the folder of the record: who connects gets one line of JSON, and the link
is closed. It costs nothing while nobody asks, and when the controller has ended,
however it ended, nobody answers: what is told is never of yesterday.
"""

import json
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

logger = logging.getLogger(__name__)

NAME = "controller.sock"
_ASKER_S, _ANSWER_S = 1.0, 5.0
"""How long one who asks may keep others waiting, and may be kept waiting."""

Answer = Callable[[], Mapping[str, Any]]


class NotRunning(Exception):
    """No controller answers there."""


class Reception:
    """Answers one at a time, in a thread of its own that waits for nothing else.

    `answer` is called for each. Without the socket the controller runs all the same.
    """

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._path = folder / NAME
        self._answer = answer
        self._listener: socket.socket | None = None
        self._thread = Thread(target=self._serve, name="reception", daemon=True)

    def start(self) -> None:
        """Begin to answer; a warning is logged where that cannot be."""
        listener = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)  # of one that was killed
            listener.bind(str(self._path))
            self._path.chmod(0o666)  # it only tells, and what the record tells too
            listener.listen()
        except OSError as error:
            listener.close()
            logger.warning("nobody can ask at %s: %s", self._path, error)
            return
        self._listener = listener
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._listener is None:
            return
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._thread.join(_ANSWER_S)
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        assert self._listener is not None
        while True:
            try:
                asker, _ = self._listener.accept()
            except OSError:
                return
            try:
                with asker, suppress(OSError):  # gone before the end: its affair
                    asker.settimeout(_ASKER_S)
                    asker.sendall(_line(self._answer()))
            except Exception:
                logger.exception("one who asked got no answer")


def ask(folder: Path) -> dict[str, Any]:
    """What the controller with its record in that folder says. Raises NotRunning."""
    said = bytearray()
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(_ANSWER_S)
            link.connect(str(folder / NAME))
            while part := link.recv(65536):
                said += part
        answer: dict[str, Any] = json.loads(said)
    except (OSError, ValueError) as error:
        raise NotRunning(str(error)) from error
    return answer


def _line(answer: Mapping[str, Any]) -> bytes:
    """In small steps: the fast encoder would keep the interpreter from control."""
    return "".join(json.JSONEncoder().iterencode(answer)).encode() + b"\n"
