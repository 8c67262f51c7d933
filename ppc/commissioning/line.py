"""A line to one device for tools: one question, one answer, and how long it took.

Either on a connection of the tool's own, or through the controller that runs, for
devices that serve one connection only.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from ppc.application import reception
from ppc.communication import errors
from ppc.communication.driver.base import (
    Driver,
    Exchange,
    Function,
    Priority,
    Reply,
    ask,
)
from ppc.communication.errors import CommunicationError, NotConnected, Refused

CONNECTED_WITHIN_S = 5.0
_LOOK_EVERY_S, _AGAIN_S = 0.01, 0.2


@dataclass(frozen=True, slots=True)
class Question:
    """One request to one station; `payload` of a write as on the wire."""

    station: int
    function: Function
    address: int
    count: int
    payload: bytes = b""
    write_address: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question."""

    reply: Reply
    latency_s: float
    asked_s: float
    """When, on the monotonic clock."""

    @property
    def payload(self) -> bytes:
        """What was read. Raises CommunicationError where nothing was."""
        if isinstance(self.reply, CommunicationError):
            raise self.reply
        return self.reply

    @property
    def trouble(self) -> str:
        """Why there is nothing, in words; empty: there is."""
        return str(self.reply) if isinstance(self.reply, CommunicationError) else ""


class Line(Protocol):
    """Questions to the device go one at a time."""

    @property
    def way(self) -> str:
        """Which way they go, for people."""
        ...

    async def ask(self, question: Question) -> Answer: ...

    async def close(self) -> None: ...


class DirectLine:
    """A connection of the tool's own."""

    def __init__(
        self, driver: Driver, *, connected_within_s: float = CONNECTED_WITHIN_S
    ) -> None:
        self._driver = driver
        self._patience_s = self._more_s = connected_within_s
        driver.start()

    @property
    def way(self) -> str:
        return f"a connection of its own to {self._driver.name}"

    async def connect(self) -> bool:
        """Whether there is a connection, after waiting for one."""
        until_s = monotonic() + self._more_s
        while not self._driver.connected and monotonic() < until_s:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_EVERY_S)
        self._more_s = self._patience_s if self._driver.connected else _AGAIN_S
        return self._driver.connected

    async def ask(self, question: Question) -> Answer:
        await self.connect()
        exchange = Exchange(
            question.station,
            question.function,
            question.address,
            question.count,
            Priority.SLOW,
            payload=question.payload,
            write_address=question.write_address,
        )
        asked_s = monotonic()
        reply: Reply
        try:
            reply = await ask(self._driver, exchange)
        except CommunicationError as error:
            reply = error
        return Answer(reply, monotonic() - asked_s, asked_s)

    async def close(self) -> None:
        await self._driver.close()


class RefusedByController(Exception):
    """The controller that runs does not ask this; it says why."""


class ControllerLine:
    """Through the controller that runs: it asks between what it has to ask itself.

    `force`: also registers it commands itself.
    """

    def __init__(
        self, db_dir: Path, plant_file: Path, device: str, *, force: bool = False
    ) -> None:
        self._db_dir = db_dir
        self._about: dict[str, Any] = {
            "plant_file": str(plant_file.resolve()),
            "device": device,
            "force": force,
        }

    @property
    def way(self) -> str:
        return "through the controller that runs"

    async def ask(self, question: Question) -> Answer:
        wanted = {
            "function": int(question.function),
            "address": question.address,
            "count": question.count,
            "payload": question.payload.hex(),
            "station": question.station,
            "write_address": question.write_address,
        }
        asked_s = monotonic()
        said = await self.tell({"ask": "exchange", "exchange": wanted})
        return Answer(reply_of(said), said["latency_s"], asked_s)

    async def tell(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the controller itself about the device. Raises RefusedByController."""
        try:
            said = await asyncio.to_thread(
                reception.ask, self._db_dir, {**self._about, **about}
            )
        except reception.NotRunning as error:
            raise RefusedByController(f"the controller has ended: {error}") from None
        if reasons := said.get("error"):
            raise RefusedByController("; ".join(reasons))
        return said

    async def close(self) -> None:
        """There is nothing to close: each question has a connection of its own."""


def reply_of(said: Mapping[str, Any]) -> Reply:
    """The reply the controller tells: bytes, or the error it had."""
    if "payload" in said:
        return bytes.fromhex(said["payload"])
    failed = said["failed"]
    if failed["kind"] == Refused.__name__:
        return Refused(failed["code"])
    kind = getattr(errors, failed["kind"], NotConnected)
    reply: CommunicationError = kind(failed["text"])
    return reply


def runs(db_dir: Path, plant_file: Path) -> bool:
    """Whether a controller runs this plant file, with its record in `db_dir`."""
    try:
        said = reception.ask(db_dir)
    except reception.NotRunning:
        return False
    return bool(said.get("plant_file") == str(plant_file.resolve()))
