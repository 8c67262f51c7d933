"""What listens for those who ask the plant."""

from ppc.communication.server.base import Directory
from ppc.communication.server.listener import Listener
from ppc.communication.server.modbus_server import ModbusServer
from ppc.configuration.scada import ScadaSection


def ways_in(scada: ScadaSection, who: Directory) -> list[Listener]:
    """One server for each listener of plant.yaml, which all find stations by `who`."""
    return [ModbusServer(way.host, way.port, who) for way in scada.ways_in]
