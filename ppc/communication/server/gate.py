"""Takes connections from listening sockets, also when descriptors are exhausted."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Callable
from typing import Any

BACKLOG = 128
_AT_ONCE = 16
"""Connections in one turn of the loop: a crowd must not hold up who is inside."""
_REST_S = 0.1
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_RECEIVE_BYTES = 16 * 1024
"""What may wait in the kernel for a connection that is not read."""


class Gate:
    """Listens on every address of a host.

    Out of descriptors it closes who comes, by one it holds back for that, instead of
    letting them wait for nothing; `shed` is then called.
    """

    def __init__(
        self, taken: Callable[[socket.socket, str], None], shed: Callable[[], None]
    ) -> None:
        self._taken, self._shed = taken, shed
        self._sockets: list[socket.socket] = []
        self._spare: int | None = None
        self._rests: set[asyncio.TimerHandle] = set()

    @property
    def port(self) -> int:
        port: int = self._sockets[0].getsockname()[1]
        return port

    async def open(self, host: str, port: int) -> None:
        """Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        try:
            for family, _, _, _, address in dict.fromkeys(found):
                self._sockets.append(listening(family, address))
        except OSError:
            self.close()
            raise
        self._hold_back()
        for listener in self._sockets:
            loop.add_reader(listener.fileno(), self._ready, listener)

    def close(self) -> None:
        loop = asyncio.get_running_loop()
        for rest in self._rests:
            rest.cancel()
        for listener in self._sockets:
            loop.remove_reader(listener.fileno())
            listener.close()
        self._sockets.clear()
        self._rests.clear()
        self._close_spare()

    def _ready(self, listener: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            try:
                connection, address = listener.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in _EXHAUSTED or not self._turn_away(listener):
                    self._rest(listener)
                    return
                continue
            connection.settimeout(0)
            self._taken(connection, address[0])

    def _turn_away(self, listener: socket.socket) -> bool:
        """Close who waits; False: there is nobody, or nothing to do it with."""
        if self._spare is None:
            return False
        self._close_spare()
        try:
            listener.accept()[0].close()
        except OSError:
            return False
        finally:
            self._hold_back()
        self._shed()
        return True

    def _hold_back(self) -> None:
        if self._spare is None:
            with contextlib.suppress(OSError):
                self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _rest(self, listener: socket.socket) -> None:
        """Try again after a while, not in every turn of the loop."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener.fileno())

        def resume() -> None:
            self._rests.discard(handle)
            self._hold_back()
            loop.add_reader(listener.fileno(), self._ready, listener)

        handle = loop.call_later(_REST_S, resume)
        self._rests.add(handle)

    def _close_spare(self) -> None:
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None


def listening(family: int, address: tuple[Any, ...]) -> socket.socket:
    """A socket that listens at `address`. Raises OSError."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.settimeout(0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
