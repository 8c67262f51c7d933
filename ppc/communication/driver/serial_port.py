"""A serial port as a transport: pyserial opens it, the event loop watches it."""

import asyncio
import contextlib
import os
import termios

from serial import Serial

from ppc.communication.driver.settings import SerialSettings

_MOST_READ = 4096
_MOST_EMPTY = 100
"""So many times in a row the port says there is something, and there is nothing."""


class SerialPort(asyncio.WriteTransport):
    """An open port. It may outlive the protocol it serves: another takes its place."""

    def __init__(self, port: Serial) -> None:
        super().__init__()
        self._port = port
        self._protocol: asyncio.Protocol | None = None
        self._empty = 0

    @property
    def is_open(self) -> bool:
        return bool(self._port.is_open)

    def attach(self, protocol: asyncio.Protocol) -> None:
        """From now on `protocol` gets what comes; what came before is thrown away."""
        self._discard()
        self._protocol = protocol
        asyncio.get_running_loop().add_reader(self._port.fd, self._read)
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send a frame; what came or was to go before is thrown away."""
        if not self._port.is_open:
            return  # the protocol is about to hear that it is lost
        try:
            self._discard()
            if os.write(self._port.fd, data) < len(data):
                self._fail(OSError("the port does not take a whole frame"))
        except OSError as error:
            self._fail(error)

    def abort(self) -> None:
        """Let go of the protocol. The port stays open."""
        if self._protocol is not None:
            self._protocol = None
            asyncio.get_running_loop().remove_reader(self._port.fd)

    def close(self) -> None:
        """Close the port; nothing is waited for."""
        self.abort()
        if self._port.is_open:
            with contextlib.suppress(OSError):  # it may have gone
                self._discard()
            self._port.close()

    def _discard(self) -> None:
        try:
            termios.tcflush(self._port.fd, termios.TCIOFLUSH)
        except termios.error as error:
            raise OSError(*error.args) from None

    def _read(self) -> None:
        try:
            data = os.read(self._port.fd, _MOST_READ)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)
            return
        if data:
            self._empty = 0
            assert self._protocol is not None, "read after it was let go"
            self._protocol.data_received(data)
            return
        self._empty += 1  # thrown away by a write, or the port has gone
        if self._empty > _MOST_EMPTY:
            self._fail(OSError("the port has gone"))

    def _fail(self, error: OSError) -> None:
        protocol = self._protocol
        self.close()
        if protocol is not None:
            asyncio.get_running_loop().call_soon(protocol.connection_lost, error)


async def open_port(settings: SerialSettings, bits: int) -> SerialPort:
    """Open and set the port, for us alone. Raises OSError or ValueError, in words."""
    future = asyncio.get_running_loop().run_in_executor(None, _open, settings, bits)
    try:
        return SerialPort(await asyncio.shield(future))
    except asyncio.CancelledError:
        future.add_done_callback(_close)
        raise


def _open(settings: SerialSettings, bits: int) -> Serial:
    refused = (
        f"cannot be opened with {settings.baudrate} baud, {bits} bits, "
        f"parity {settings.parity}, {settings.stopbits} stop bits"
    )
    try:
        port = Serial(
            settings.device,
            baudrate=settings.baudrate,
            bytesize=bits,
            parity=settings.parity,
            stopbits=settings.stopbits,
            timeout=0,
            write_timeout=0,
            exclusive=True,
        )
    except termios.error as error:
        raise OSError(refused) from error
    except OSError as error:
        raise OSError(f"cannot be opened: {error}") from error
    if not _took(port, settings, bits):
        port.close()
        raise OSError(refused)
    return port


def _took(port: Serial, settings: SerialSettings, bits: int) -> bool:
    """Whether the port is as it was told to be: it need not say so when it is not."""
    flags = termios.tcgetattr(port.fd)[2]
    size = termios.CS7 if bits == 7 else termios.CS8  # noqa: PLR2004
    parity = {"N": 0, "E": termios.PARENB, "O": termios.PARENB | termios.PARODD}
    stop = termios.CSTOPB if settings.stopbits > 1 else 0
    mask = termios.PARENB if settings.parity == "N" else parity["O"]
    took: tuple[int, int, int] = (
        flags & termios.CSIZE,
        flags & mask,
        flags & termios.CSTOPB,
    )
    return took == (size, parity[settings.parity], stop)


def _close(future: "asyncio.Future[Serial]") -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().close()
