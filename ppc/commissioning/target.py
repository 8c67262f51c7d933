"""Where to look for devices: what somebody typed, as connections to try."""

from collections.abc import Iterator, Mapping
from typing import Any

from ppc.communication.driver import DRIVERS
from ppc.communication.driver.base import Driver
from ppc.configuration.plant import ConnectionSection, PlantConfig

MODBUS_PORT = 502
LINES: tuple[tuple[int, str, int], ...] = (
    *((9600, "N", 1), (19200, "E", 1), (9600, "E", 1), (19200, "N", 1)),
    *((115200, "N", 1), (38400, "N", 1), (57600, "N", 1), (4800, "N", 1)),
    *((9600, "N", 2), (38400, "E", 1), (2400, "E", 1), (115200, "E", 1)),
)
"""Settings of serial lines as makers deliver their devices, the most usual first;
quoted from memory."""


class BadTarget(ValueError):
    """It is neither HOST[:PORT] nor a serial port; or the units are none."""


def connections(
    target: str,
    *,
    driver: str | None = None,
    timeout_s: float = 0.5,
    baudrate: int | None = None,
    parity: str | None = None,
    stopbits: int | None = None,
) -> Iterator[ConnectionSection]:
    """The connections that `target` may mean, to be tried in this order."""
    if target.startswith("/"):
        for rate, sign, stops in _lines(baudrate, parity, stopbits):
            yield ConnectionSection(
                driver=driver or "modbus_rtu",
                device=target,
                baudrate=rate,
                parity=sign,
                stopbits=stops,
                timeout_s=timeout_s,
            )
        return
    host, port = host_and_port(target)
    kind = driver or "modbus_tcp"
    yield ConnectionSection(driver=kind, host=host, port=port, timeout_s=timeout_s)


def host_and_port(target: str) -> tuple[str, int]:
    """Of "10.0.0.7", "10.0.0.7:1502", "[fe80::1]:502". Raises BadTarget."""
    host, colon, port = target.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = target, str(MODBUS_PORT)
    if not port.isdigit() or not 0 < int(port) < 2**16 or not host:
        raise BadTarget(f"{target} is no HOST[:PORT] and no /dev/...")
    return host.strip("[]"), int(port)


def _lines(
    baudrate: int | None, parity: str | None, stopbits: int | None
) -> tuple[tuple[int, str, int], ...]:
    """Those that agree with what is given; what is given, where none does."""
    given = (baudrate, parity, stopbits)
    agree = [
        line
        for line in LINES
        if all(g is None or g == x for g, x in zip(given, line, strict=True))
    ]
    return tuple(agree) or ((baudrate or 9600, parity or "N", stopbits or 1),)


def driver_of(section: ConnectionSection) -> Driver:
    """The driver of a connection. To be called in the running event loop."""
    kind = DRIVERS[section.driver]
    driver: Driver = kind(kind.Settings(**section.settings))
    return driver


def units_of(text: str) -> tuple[int, ...]:
    """Unit ids of "1-20,100". Raises BadTarget."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise BadTarget(f"{part}: unit ids are numbers and ranges, 1-20,100")
        found += range(int(first), int(last if dash else first) + 1)
    if not found or max(found) > 255:  # noqa: PLR2004
        raise BadTarget(f"{text}: unit ids are 0 to 255")
    return tuple(dict.fromkeys(found))


def device_behind(plant: PlantConfig, section: ConnectionSection) -> str | None:
    """A device of the plant on the same socket or serial port."""

    def where(settings: Mapping[str, Any]) -> tuple[Any, ...]:
        place = settings.get("device") or settings.get("host")
        port = None if settings.get("device") else settings.get("port", MODBUS_PORT)
        return place, port

    wanted = where(section.settings)
    for name, device in plant.devices.items():
        if where(device.connection.settings) == wanted:
            return name
    return None
