"""Where simulated devices are reached, and the cable that can be pulled."""

import asyncio
import logging
from collections.abc import Mapping

from ppc.communication.server.base import Station
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer
from ppc.simulation.faults.base import Undo, WireFault
from ppc.simulation.faults.wire import Wire

logger = logging.getLogger(__name__)

RETRY_S = 0.2


class Endpoint:
    """One host and port with the stations behind it.

    Unplugged, it refuses connections and has cut those that were open. All devices
    behind one endpoint share its cable.
    """

    def __init__(self, host: str, port: int, stations: Mapping[int, Station]) -> None:
        self._host = host
        self._stations = stations
        self._server: ModbusServer | None = None
        self.wire = Wire()
        """Faults on it."""
        self._plugged = True
        self._follower: asyncio.Task[None] | None = None
        self.port = port
        """The one asked for; after the start, if 0 was asked for, the one given."""

    @property
    def plugged(self) -> bool:
        """What was last asked for; the wire follows in the loop's next turns."""
        return self._plugged

    @plugged.setter
    def plugged(self, plugged: bool) -> None:
        self._plugged = plugged
        if self._follower is None or self._follower.done():
            self._follower = asyncio.get_running_loop().create_task(self._follow())

    def add(self, fault: WireFault) -> Undo:
        """Put a fault on the wire; what is returned takes it off."""
        return self.wire.add(fault)

    async def start(self) -> None:
        """Listen. OSError, which names host and port, when it cannot."""
        server = ModbusServer(
            self._host,
            self.port,
            self._stations,
            limits=NO_LIMITS,
            wrap=self.wire.wrap,
        )
        await server.start()
        self._server, self.port = server, server.port

    async def close(self) -> None:
        """Stop listening and cut every connection, for good."""
        self._plugged = False
        if self._follower is not None:
            await self._follower
        await self._stop()

    async def _stop(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            await server.close()

    async def _follow(self) -> None:
        """Bring the wire to what is asked for."""
        while self._plugged != (self._server is not None):
            if not self._plugged:
                await self._stop()
                continue
            try:
                await self.start()
            except OSError as error:  # somebody else has taken the port meanwhile
                logger.warning("cannot plug in again yet: %s", error)
                await asyncio.sleep(RETRY_S)
