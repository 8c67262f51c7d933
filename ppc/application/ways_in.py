"""What listens for those who ask the plant."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from ppc.application.status import ListenerStatus
from ppc.communication.driver.modbus_rtu import ModbusRtuSettings
from ppc.communication.server.base import Directory
from ppc.communication.server.counters import ServerCounters
from ppc.communication.server.identification import Identity, plain
from ppc.communication.server.modbus_rtu_server import ModbusRtuServer
from ppc.communication.server.modbus_server import ModbusServer
from ppc.communication.server.modbus_tls_server import (
    ModbusTlsServer,
    TlsServerSettings,
)
from ppc.configuration.listeners import ListenerSection, TlsSection
from ppc.configuration.scada import ScadaSection


class Server(Protocol):
    """What is started and closed with the program."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...


class WaysIn:
    """One server for each listener of plant.yaml; all find stations by `who`.

    `folder`: where plant.yaml lies, from which files are told. `plant`: its name, for
    those who ask.
    """

    def __init__(
        self, scada: ScadaSection, who: Directory, folder: Path, plant: str
    ) -> None:
        self._tcp: list[ModbusServer] = []
        self._lines: list[ModbusRtuServer] = []
        identity, limits = _identity(plant), scada.limits.limits
        for way in scada.ways_in:
            if way.serial is not None:
                line = _line(way, way.serial)
                self._lines.append(ModbusRtuServer(line, who, identity=identity))
            elif way.tls is not None:
                tls = _tls(way.tls, folder)
                server = ModbusTlsServer(
                    *(way.host, way.port, who, tls), identity=identity, limits=limits
                )
                self._tcp.append(server)
            else:
                plain = ModbusServer(
                    *(way.host, way.port, who), identity=identity, limits=limits
                )
                self._tcp.append(plain)

    @property
    def servers(self) -> list[Server]:
        return [*self._tcp, *self._lines]

    @property
    def port(self) -> int:
        """The first TCP port, also when 0 was asked for; 0: there is none."""
        return self._tcp[0].port if self._tcp else 0

    @property
    def status(self) -> tuple[ListenerStatus, ...]:
        """What each has seen since its start. From any thread."""
        return (
            *(_status(f"{each.host}:{each.port}", each.counters) for each in self._tcp),
            *(_status(each.name, each.counters) for each in self._lines),
        )


def _status(listener: str, seen: ServerCounters) -> ListenerStatus:
    exceptions = dict(seen.exceptions)  # at once: the loop goes on counting
    return ListenerStatus(
        listener=listener,
        clients_count=seen.open_now_count,
        connections_count=seen.connections,
        refused_count=seen.refused,
        malformed_count=seen.malformed,
        timed_out_count=seen.timed_out,
        held_back_count=seen.held_back,
        requests_count=seen.requests,
        exceptions=tuple((int(code), n) for code, n in sorted(exceptions.items())),
    )


def _line(way: ListenerSection, device: str) -> ModbusRtuSettings:
    return ModbusRtuSettings(
        device=device,
        baudrate=way.baudrate,
        parity=way.parity,
        stopbits=way.stopbits,
    )


def _tls(section: TlsSection, folder: Path) -> TlsServerSettings:
    return TlsServerSettings(
        ca_file=str(folder / section.ca_file),
        cert_file=str(folder / section.cert_file),
        key_file=str(folder / section.key_file),
    )


def _identity(plant: str) -> Identity:
    """What function 43 tells of us: the program and its version, and the plant."""
    try:
        revision = version("ppc")
    except PackageNotFoundError:
        revision = ""
    return Identity(
        vendor_name="ppc",
        product_code="ppc",
        revision=revision,
        product_name="power plant controller",
        user_application_name=plain(plant),
    )
