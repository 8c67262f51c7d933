"""What listens on a port and keeps count of who is connected."""

import asyncio
import errno
import logging
from abc import ABC, abstractmethod
from typing import Protocol

logger = logging.getLogger(__name__)


class Session(Protocol):
    """One client."""

    def abort(self) -> None: ...


class Listener(ABC):
    """One TCP port, and at most so many connections to it.

    `connection` makes the protocol of a new one, which asks `admit` before it speaks
    and tells `leave` when it is gone.
    """

    def __init__(self, host: str, port: int, max_connections: int) -> None:
        self._host = host
        self._port = port
        self._most = max_connections
        self._sessions: set[Session] = set()
        self._server: asyncio.Server | None = None

    @abstractmethod
    def connection(self) -> asyncio.Protocol:
        """The protocol of a new connection."""

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        if self._server is None:
            return self._port
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def clients(self) -> int:
        """Connections open now."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen. Raises OSError, which names host and port, when it cannot."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                self.connection, self._host, self._port, reuse_address=True
            )
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else error.strerror
            raise OSError(error.errno, f"{self._host}:{self._port} {why}") from error

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for session in list(self._sessions):
            session.abort()
        await server.wait_closed()
        while self._sessions:  # noqa: ASYNC110  (ends with the loop's next turns)
            await asyncio.sleep(0)

    def admit(self, session: Session) -> bool:
        """Take a new connection, unless there are too many."""
        self._sessions.add(session)
        if len(self._sessions) <= self._most:
            return True
        logger.warning("more than %d connections: one refused", self._most)
        return False

    def leave(self, session: Session) -> None:
        self._sessions.discard(session)
