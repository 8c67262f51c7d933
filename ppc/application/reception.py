"""Where other programs of this machine ask the running controller how it is.

A socket in the folder of the record: who connects gets one line of JSON, and the link
is closed. Who first says a line of JSON gets the answer to that. It costs nothing while
nobody asks, and when the controller has ended, however it ended, nobody answers: what
is told is never of yesterday.
"""

import json
import logging
import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

logger = logging.getLogger(__name__)

NAME = "controller.sock"
_ASKER_S, _ANSWER_S = 1.0, 5.0
"""How long one who asks may keep others waiting, and may be kept waiting."""

_REPLY_S = 30.0
"""How long one who has a question waits for the reply."""
_WORD_S, _WORD_BYTES = 0.1, 65536
"""How long one who says nothing is waited for, and how much one may say."""
_CREDENTIALS = struct.Struct("3i")

Answer = Callable[[], Mapping[str, Any]]
Reply = Callable[[Mapping[str, Any], int], Mapping[str, Any]]
"""To a question, of the account (uid) who asks: the kernel says who that is."""


class NotRunning(Exception):
    """No controller answers there."""


class Reception:
    """Answers one at a time, in a thread of its own that waits for nothing else.

    `answer` is called for each who says nothing, `reply` for a question. Without the
    socket the controller runs all the same. `begin` is called first in its thread.
    """

    def __init__(
        self,
        folder: Path,
        answer: Answer,
        reply: Reply = lambda _, __: {},
        *,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = folder / NAME
        self._answer = answer
        self._reply = reply
        self._begin = begin
        self._listener: socket.socket | None = None
        self._thread = Thread(target=self._serve, name="reception", daemon=True)

    def start(self) -> None:
        """Begin to answer; a warning is logged where that cannot be."""
        listener = socket.socket(socket.AF_UNIX)
        try:
            self._path.unlink(missing_ok=True)  # of one that was killed
            listener.bind(str(self._path))
            self._path.chmod(0o666)  # what it tells, the record tells too
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
        self._begin()
        while True:
            try:
                asker, _ = self._listener.accept()
            except OSError:
                return
            try:
                with asker, suppress(OSError):  # gone before the end: its affair
                    asker.sendall(_line(self._answer_to(asker)))
            except Exception:
                logger.exception("one who asked got no answer")

    def _answer_to(self, asker: socket.socket) -> Mapping[str, Any]:
        word = _word(asker)
        asker.settimeout(_ASKER_S)
        if not word:
            return self._answer()
        try:
            question = json.loads(word)
        except ValueError:
            question = None
        if not isinstance(question, dict):
            return {"error": ["the question is no JSON object in one line"]}
        packed = asker.getsockopt(
            socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size
        )
        _, uid, _ = _CREDENTIALS.unpack(packed)
        return self._reply(question, uid)


def by_question(replies: Mapping[str, Reply], *, otherwise: Reply) -> Reply:
    """A reply for each kind of question, by its `ask`."""

    def reply(question: Mapping[str, Any], uid: int) -> Mapping[str, Any]:
        return replies.get(str(question.get("ask")), otherwise)(question, uid)

    return reply


def _word(asker: socket.socket) -> bytes:
    """The first line somebody says, without its end; empty: nothing is said."""
    said = bytearray()
    asker.settimeout(_WORD_S)
    with suppress(TimeoutError):
        while b"\n" not in said and len(said) < _WORD_BYTES:
            part = asker.recv(4096)
            if not part:
                break
            said += part
    return bytes(said).partition(b"\n")[0].strip()


def ask(folder: Path, question: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the controller with its record in that folder says. Raises NotRunning."""
    said = bytearray()
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(_ANSWER_S if question is None else _REPLY_S)
            link.connect(str(folder / NAME))
            link.sendall(b"\n" if question is None else _line(question))
            while part := link.recv(65536):
                said += part
        answer: dict[str, Any] = json.loads(said)
    except (OSError, ValueError) as error:
        raise NotRunning(str(error)) from error
    return answer


def _line(answer: Mapping[str, Any]) -> bytes:
    """In small steps: the fast encoder would keep the interpreter from control."""
    return "".join(json.JSONEncoder().iterencode(answer)).encode() + b"\n"
