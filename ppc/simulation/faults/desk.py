"""Where people put faults into a running field: JSON lines over TCP.

A question is `{"do": "list" | "add" | "clear", ...}`, the answer an object with what
was asked for, or with `error`. `ppc fault` speaks it.
"""

import asyncio
import json
from math import isinf
from typing import Any

from pydantic import ValidationError

from ppc.configuration.checking import parse
from ppc.simulation.faults.catalogue import FaultError
from ppc.simulation.faults.injector import Active, Injector
from ppc.simulation.faults.plan import Planned

LONGEST = 64 * 1024
"""Bytes in a line."""


class FaultDesk:
    """Listens on one port and does what it is told."""

    def __init__(self, host: str, port: int, injector: Injector) -> None:
        self._host = host
        self.port = port
        self._injector = injector
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. OSError, which names host and port, when it cannot."""
        try:
            self._server = await asyncio.start_server(
                self._serve, self._host, self.port, limit=LONGEST
            )
        except OSError as error:
            why = f"{self._host}:{self.port} {error.strerror}"
            raise OSError(error.errno, why) from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while line := await reader.readline():
                answer = json.dumps(self.answer(line)) + "\n"
                writer.write(answer.encode())
                await writer.drain()
        except (ConnectionError, ValueError):  # gone, or a line without an end
            pass
        finally:
            writer.close()

    def answer(self, line: bytes) -> dict[str, Any]:
        """The answer to one question."""
        try:
            question = json.loads(line)
            match question.pop("do", None):
                case "list":
                    return {"active": [self._row(a) for a in self._active()]}
                case "add":
                    return {"added": self._row(self._add(question))}
                case "clear":
                    return {"cleared": self._clear(question.get("number"))}
                case other:
                    return {"error": f"cannot do {other!r}"}
        except (FaultError, ValueError, AttributeError, TypeError) as error:
            return {"error": str(error)}

    def _active(self) -> list[Active]:
        return list(self._injector.active.values())

    def _add(self, question: dict[str, Any]) -> Active:
        try:
            planned = parse(Planned, question)
        except ValidationError as error:
            reasons = (e["msg"].removeprefix("Value error, ") for e in error.errors())
            raise FaultError("; ".join(reasons)) from None
        return self._injector.add(planned)

    def _clear(self, number: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """One fault, or all."""
        known = [active.number for active in self._active()]
        if number is not None and number not in known:
            there = ", ".join(map(str, known)) or "none"
            raise FaultError(f"fault {number} is not in force; there is {there}")
        chosen = known if number is None else [number]
        return [self._row(self._injector.clear(n)) for n in chosen]

    def _row(self, active: Active) -> dict[str, Any]:
        left_s = active.until_s - self._injector.now_s
        return {
            "number": active.number,
            "fault": active.text,
            "since_s": round(self._injector.now_s - active.since_s, 3),
            "left_s": None if isinf(left_s) else round(left_s, 3),
        }
