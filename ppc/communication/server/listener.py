"""What listens on a port, lets in who may, and keeps count of who is connected."""

import asyncio
import contextlib
import errno
import socket
import ssl
from abc import ABC, abstractmethod
from math import inf
from time import monotonic
from typing import Protocol

from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.door import Door
from ppc.communication.server.gate import Gate
from ppc.communication.server.limits import Limits
from ppc.communication.server.notices import Notices

_LONGEST_HANDSHAKE_S = 60.0
_SWEEP_S = 0.25
"""How often it is looked who is overdue."""


class Session(Protocol):
    """One client."""

    host: str

    def abort(self) -> None: ...

    def overdue(self, now_s: float) -> str:
        """Why the connection should end now; empty: it should not."""
        ...


class Listener(ABC):
    """One TCP port, and at most so many connections to it.

    `connection` makes the protocol of a new one, which tells `join` when it is made
    and `leave` when it is lost.
    """

    def __init__(self, host: str, port: int, limits: Limits) -> None:
        self.counters = ServerCounters()
        self.limits = limits
        self.notices = Notices(f"{host}:{port}")
        self._host, self._port = host, port
        self._sessions: set[Session] = set()
        self._door = Door(limits)
        self._gate: Gate | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self._welcomes: set[asyncio.Task[None]] = set()

    @abstractmethod
    def connection(self, host: str) -> asyncio.Protocol:
        """The protocol of a new connection from `host`."""

    @property
    def secured(self) -> ssl.SSLContext | None:
        """How connections are secured."""
        return None

    @property
    def host(self) -> str:
        """The address listened on."""
        return self._host

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        return self._port if self._gate is None else self._gate.port

    @property
    def clients(self) -> int:
        """Connections open now."""
        return len(self._sessions)

    async def start(self) -> None:
        """Listen. Raises OSError, which names host and port, when it cannot."""
        gate = Gate(self._taken, self._shed)
        try:
            await gate.open(self._host, self._port)
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else error.strerror
            raise OSError(error.errno, f"{self._host}:{self._port} {why}") from error
        self._gate = gate
        self._sweep()
        self.notices.name = f"{self._host}:{self.port}"

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._gate is None:
            return
        gate, self._gate = self._gate, None
        gate.close()
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self.secured is not None:  # else they are over within a few turns
            await asyncio.sleep(0)  # all have begun
            for welcome in self._welcomes:
                welcome.cancel()
        while self._sessions or self._welcomes:
            for session in list(self._sessions):  # some have only now been made
                session.abort()
            await asyncio.sleep(0)

    def join(self, session: Session) -> None:
        """A connection is there."""
        self._sessions.add(session)
        self.counters.connections += 1
        self.counters.open_now_count += 1

    def leave(self, session: Session) -> None:
        self._sessions.discard(session)
        self.counters.open_now_count -= 1
        self._door.leave(session.host)

    def _taken(self, connection: socket.socket, host: str) -> None:
        if why := self._door.enter(host):
            connection.close()
            self.counters.refused += 1
            self.notices.tell("refused", f"a connection from {host} refused: {why}")
            return
        welcome = self._welcome(connection, host)
        task = asyncio.get_running_loop().create_task(welcome)
        self._welcomes.add(task)
        task.add_done_callback(self._welcomes.discard)

    async def _welcome(self, connection: socket.socket, host: str) -> None:
        """Make a connection of a socket; who fails to secure it is refused."""
        longest_s = min(self.limits.partial_s, _LONGEST_HANDSHAKE_S)
        secured = self.secured
        session = self.connection(host)
        try:
            with contextlib.suppress(OSError):  # it may have gone already
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: session,
                connection,
                ssl=secured,
                ssl_handshake_timeout=longest_s if secured else None,
            )
        except (OSError, asyncio.CancelledError) as error:
            connection.close()
            if not self._sessions.isdisjoint({session}):
                return  # it leaves when it is lost
            self._door.leave(host)
            self.counters.refused += 1
            self.notices.tell("unsecured", f"a connection from {host} failed: {error}")

    def _sweep(self) -> None:
        """End the connections that are overdue; say what trouble is over."""
        self.notices.settle()
        if min(self.limits.idle_s, self.limits.partial_s) == inf:
            return
        now_s = monotonic()
        for session in list(self._sessions):
            if why := session.overdue(now_s):
                self.counters.timed_out += 1
                self.notices.tell("overdue", f"{session.host}: connection ended, {why}")
                session.abort()
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(_SWEEP_S, self._sweep)

    def _shed(self) -> None:
        self.counters.refused += 1
        self.notices.tell("descriptors", "no descriptor left: connections refused")
