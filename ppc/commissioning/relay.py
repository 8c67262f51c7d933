"""A relay between a client and a device: bytes pass as they are, and are overheard."""

import asyncio
from collections.abc import Callable
from time import monotonic

from ppc.commissioning.bus import Frame, TcpListener

_MOST = 65536


class Relay:
    """Listens on a port of this machine and passes everything on to the device.

    `heard` gets every frame of every connection. What is no Modbus TCP is passed on
    all the same, and not overheard any more.
    """

    def __init__(
        self, host: str, port: int, heard: Callable[[Frame], None], *, bind: str
    ) -> None:
        self._place = host, port
        self._bind = bind
        self._heard = heard
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> int:
        """Listen; the port. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, self._bind, port)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def close(self) -> None:
        """End all connections."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None, "a callback of a server is one"
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._place)
        except OSError:
            writer.close()
            self._tasks.discard(task)
            return
        try:
            await asyncio.gather(
                self._pass(reader, far_writer, asked=True),
                self._pass(far_reader, writer, asked=False),
            )
        finally:
            writer.close()
            far_writer.close()
            self._tasks.discard(task)

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        asked: bool,
    ) -> None:
        listener: TcpListener | None = TcpListener(asked=asked)
        try:
            while data := await reader.read(_MOST):
                time_s = monotonic()
                writer.write(data)
                await writer.drain()
                try:
                    for frame in listener.feed(data, time_s) if listener else ():
                        self._heard(frame)
                except ValueError:
                    listener = None
        except OSError:
            pass  # one side has gone: so does the other
        finally:
            writer.close()
