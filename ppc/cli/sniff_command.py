"""`ppc sniff`: what goes over a bus, in words."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError

from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile
from ppc.cli.entry import BAD_CONFIGURATION, ConfigOption
from ppc.cli.way import NOT_REACHED, Plant, ended
from ppc.commissioning.bus import Frame
from ppc.commissioning.earshot import SerialEar
from ppc.commissioning.line import ControllerLine
from ppc.commissioning.relay import Relay
from ppc.commissioning.target import BadTarget, host_and_port
from ppc.commissioning.trace import Names, Pairing, Talk
from ppc.communication.driver.settings import SerialSettings
from ppc.configuration.machine import read_machine

_POLL_S = 0.2


TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="/dev/ttyX|DEVICE|HOST:PORT",
        help="A line, a device of the running controller, or with --listen a host.",
    ),
]
ListenOption = Annotated[
    int | None,
    typer.Option(metavar="PORT", help="Pass on what comes here to HOST:PORT."),
]
BindOption = Annotated[str, typer.Option(help="Address of this machine to listen at.")]
ProfileOption = Annotated[
    Path | None, typer.Option(help="Names the registers: a file, or its name.")
]
BaudrateOption = Annotated[int, typer.Option(help="Of a serial line.")]
ParityOption = Annotated[str, typer.Option(help="N, E or O.")]
StopbitsOption = Annotated[int, typer.Option(help="1 or 2.")]
ForOption = Annotated[
    float | None,
    typer.Option("--for", min=0.0, help="Seconds; left out: until Ctrl-C."),
]


def sniff(
    target: TargetArgument,
    listen: ListenOption = None,
    bind: BindOption = "127.0.0.1",
    profile: ProfileOption = None,
    baudrate: BaudrateOption = 9600,
    parity: ParityOption = "N",
    stopbits: StopbitsOption = 1,
    config: ConfigOption = None,
    lasts_s: ForOption = None,
) -> None:
    """Show requests and answers of a bus, decoded; on a line it only listens."""
    names = None if profile is None else Names(_profile(profile, config))
    printer = _Printer(names)

    async def work() -> int:
        async with _stopping(lasts_s) as stop:
            if target.startswith("/"):
                settings = SerialSettings(
                    device=target, baudrate=baudrate, parity=parity, stopbits=stopbits
                )
                return await _line(settings, printer, stop)
            if listen is not None:
                return await _relay(target, listen, bind, printer, stop)
            return await _device(target, config, printer, stop)

    raise typer.Exit(ended(work))


def _profile(file: Path, config: Path | None) -> DeviceProfile:
    folder = (config or read_machine().plant_file).parent / "profiles"
    shipped = folder / f"{file.name}.yaml"
    path = shipped if not file.exists() and shipped.exists() else file
    try:
        return DeviceProfile.load(path)
    except (OSError, ValidationError, yaml.YAMLError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        raise typer.Exit(BAD_CONFIGURATION) from None


class _Printer:
    """Prints every talk, with the names of its registers below it."""

    def __init__(self, names: Names | None) -> None:
        self.names = names
        self.count = 0
        self._pairing = Pairing()
        self._zero_s = time.time() - time.monotonic()

    def heard(self, frame: Frame) -> None:
        for talk in self._pairing.take(frame):
            self.show(talk)

    def end(self) -> None:
        for talk in self._pairing.end():
            self.show(talk)

    def show(self, talk: Talk) -> None:
        self.count += 1
        wall_s = self._zero_s + talk.time_s
        clock = time.strftime("%H:%M:%S", time.localtime(wall_s))
        sys.stdout.write(f"{clock}.{int(wall_s % 1 * 1000):03d} {talk.line()}\n")
        for said in self.names.of(talk) if self.names else ():
            sys.stdout.write(f"    {said}\n")
        sys.stdout.flush()


@asynccontextmanager
async def _stopping(lasts_s: float | None) -> AsyncIterator[asyncio.Event]:
    """Set on Ctrl-C, or when the time is over."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    timer = None if lasts_s is None else loop.call_later(lasts_s, stop.set)
    yield stop
    if timer is not None:
        timer.cancel()


async def _line(
    settings: SerialSettings, printer: _Printer, stop: asyncio.Event
) -> int:
    ear = SerialEar(printer.heard)
    try:
        await ear.open(settings)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{settings.device}: {error}\n")
        return NOT_REACHED
    sys.stdout.write(f"listening at {settings.device}, nothing is sent\n")
    sys.stdout.flush()
    over = [asyncio.ensure_future(event.wait()) for event in (stop, ear.ended)]
    await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
    for task in over:
        task.cancel()
    ear.close()
    printer.end()
    sys.stdout.write(f"{printer.count} exchanges, {ear.lost_count} bytes of no frame\n")
    return 0


async def _relay(
    target: str, port: int, bind: str, printer: _Printer, stop: asyncio.Event
) -> int:
    try:
        relay = Relay(*host_and_port(target), printer.heard, bind=bind)
        found = await relay.start(port)
    except (BadTarget, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_CONFIGURATION
    sys.stdout.write(f"what comes to {bind}:{found} is passed on to {target}\n")
    sys.stdout.flush()
    await stop.wait()
    await relay.close()
    printer.end()
    sys.stdout.write(f"{printer.count} exchanges\n")
    return 0


async def _device(
    name: str, config: Path | None, printer: _Printer, stop: asyncio.Event
) -> int:
    plant = Plant.of(config)
    subject = plant.subject(name)
    if not plant.controlled:
        sys.stderr.write("no controller runs: give a serial line, or --listen\n")
        return NOT_REACHED
    if printer.names is None:
        printer.names = Names(subject.profile, rating_bases(subject.rating))
    line = ControllerLine(plant.machine.db_dir, plant.configuration.path, name)
    sys.stdout.write(f"{name}: {line.way}\n")
    number = 0
    while not stop.is_set():
        said = await line.tell({"ask": "trace", "after": number})
        for each in said["talks"]:
            number = each["number"]
            printer.show(_talk(each))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _POLL_S)
    sys.stdout.write(f"{printer.count} exchanges\n")
    return 0


def _talk(said: dict[str, object]) -> Talk:
    """As the controller tells it."""
    given = {**said, "time_s": said["asked_s"]}
    given |= {key: bytes.fromhex(str(said[key])) for key in ("written", "read")}
    for key in ("number", "asked_s"):
        given.pop(key)
    return Talk(**given)  # type: ignore[arg-type]
