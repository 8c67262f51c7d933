"""`ppc scan`: who answers at an address, and which profile fits."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError
from rich.console import Console

from ppc.adapter.profile import DeviceProfile
from ppc.adapter.sunspec.chain import NoSunSpec
from ppc.cli.entry import BAD_CONFIGURATION, ConfigOption, console_of, refuse
from ppc.cli.listing import listing
from ppc.cli.way import NOT_REACHED, ended
from ppc.commissioning.knowing import models
from ppc.commissioning.line import ControllerLine, DirectLine, Line, runs
from ppc.commissioning.scan import (
    Candidate,
    Found,
    GentleLine,
    distinct,
    plant_lines,
    ranked,
    stations,
    telling,
    tried,
)
from ppc.commissioning.target import (
    BadTarget,
    connections,
    device_behind,
    driver_of,
    units_of,
)
from ppc.communication.errors import CommunicationError, NotConnected
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.loading import load
from ppc.configuration.machine import Machine, read_machine
from ppc.configuration.plant import ConnectionSection

_SHOWN = 5

TargetArgument = Annotated[
    str, typer.Argument(metavar="HOST[:PORT]|/dev/ttyX", help="Where to look.")
]
UnitsOption = Annotated[
    str, typer.Option(metavar="1-20,100", help="Unit ids to ask, besides usual ones.")
]
ProfilesOption = Annotated[
    Path | None, typer.Option(help="The profiles; left out: those beside plant.yaml.")
]
DriverOption = Annotated[
    str | None, typer.Option(help="modbus_tcp, modbus_rtu, modbus_rtu_tcp, ...")
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=0.05, help="Seconds to wait for an answer.")
]
PauseOption = Annotated[
    float, typer.Option("--pause", min=0.0, help="Seconds between two requests.")
]


def scan(
    target: TargetArgument,
    units: UnitsOption = "1-20",
    profiles: ProfilesOption = None,
    driver: DriverOption = None,
    timeout_s: TimeoutOption = 0.5,
    pause_s: PauseOption = 0.01,
    baudrate: Annotated[int | None, typer.Option(help="Of a serial line.")] = None,
    parity: Annotated[str | None, typer.Option(help="N, E or O.")] = None,
    stopbits: Annotated[int | None, typer.Option(help="1 or 2.")] = None,
    config: ConfigOption = None,
) -> None:
    """Find the unit ids that answer, and the profile that fits. It only reads."""
    try:
        machine = read_machine()
        plant_file = config or machine.plant_file
        known = _profiles(profiles or plant_file.parent / "profiles")
        asked = units_of(units)
        usual = [p.station for p in known.values() if p.station is not None]
        asked = tuple(dict.fromkeys((*usual, *asked)))
        ways = list(
            connections(
                target,
                driver=driver,
                timeout_s=timeout_s,
                baudrate=baudrate,
                parity=parity,
                stopbits=stopbits,
            )
        )
    except ConfigurationError as error:
        refuse(error)
    except BadTarget as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(BAD_CONFIGURATION) from None
    search = _Search(machine, plant_file, known, console_of(machine), pause_s)
    raise typer.Exit(ended(lambda: search.run(ways, asked)))


def _profiles(folder: Path) -> Mapping[str, DeviceProfile]:
    """Those that are sound."""
    found = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            found[file.stem] = DeviceProfile.load(file)
        except (OSError, ValidationError, yaml.YAMLError, ValueError):
            sys.stderr.write(f"{file.name}: not tried, it is not sound\n")
    return found


class _Search:
    """Tries connections until somebody answers, then looks who it is."""

    def __init__(
        self,
        machine: Machine,
        plant_file: Path,
        profiles: Mapping[str, DeviceProfile],
        console: Console,
        pause_s: float,
    ) -> None:
        self._machine, self._plant_file = machine, plant_file
        self._profiles = profiles
        self._console = console
        self._pause_s = pause_s

    async def run(self, ways: Sequence[ConnectionSection], asked: Sequence[int]) -> int:
        """The exit code."""
        for section in ways:
            line = GentleLine(self._line(section), self._pause_s)
            self._say(line.way)
            try:
                found = await self._stations(line, section, asked)
                for each in distinct(found, asked):
                    await self._identify(line, section, each)
            except NotConnected as error:
                self._say(str(error))
                return NOT_REACHED
            finally:
                await line.close()
            if found:
                self._say(f"{line.asked_count} requests, none of them wrote")
                return 0
        self._say("nobody answers")
        return NOT_REACHED

    def _line(self, section: ConnectionSection) -> Line:
        """Through the controller, where it has a device on the same connection."""
        if self._plant_file.exists() and runs(self._machine.db_dir, self._plant_file):
            plant = load(self._plant_file).plant
            name = device_behind(plant, section)
            if name is not None:
                return ControllerLine(self._machine.db_dir, self._plant_file, name)
        return DirectLine(driver_of(section))

    async def _stations(
        self, line: Line, section: ConnectionSection, asked: Sequence[int]
    ) -> list[Found]:
        found: list[Found] = []
        rate = section.settings.get("baudrate")
        at = f" at {rate} {section.settings['parity']}" if rate else ""
        with self._status(f"unit ids{at}") as show:
            async for unit, answer in stations(line, asked):
                show(f"unit id {unit}{at}, {len(found)} found")
                if answer is not None:
                    found.append(answer)
        for each in found:
            self._say(
                f"unit id {each.unit} answers{at} after "
                f"{1e3 * each.latency_s:.1f} ms: {each.says}"
            )
        if len(distinct(found, asked)) < len(found):
            self._say("every unit id answers the same: it is one device")
        return found

    async def _identify(
        self, line: GentleLine, section: ConnectionSection, found: Found
    ) -> None:
        await self._sunspec(line, found.unit)
        candidates = []
        with self._status(f"unit id {found.unit}: profiles") as show:
            async for candidate in tried(line, found.unit, self._profiles):
                show(f"unit id {found.unit}: {candidate.name}")
                candidates.append(candidate)
        best = ranked(candidates)
        if not best:
            self._say(f"unit id {found.unit}: no profile fits")
            return
        self._show(best, found.unit)
        settings = {"driver": section.driver, **section.settings}
        settings.pop("timeout_s", None)
        self._say(f"\ndevices:\n{plant_lines('NAME', best[0], found.unit, settings)}")

    async def _sunspec(self, line: GentleLine, unit: int) -> None:
        try:
            found = await models(line, unit)
        except (NoSunSpec, CommunicationError):
            return
        told = ", ".join(str(model.number) for model in found)
        self._say(f"unit id {unit}: SunSpec models {told}")

    def _show(self, best: Sequence[Candidate], unit: int) -> None:
        table = listing(
            *("profile", "identity", "plausible", "zero", "absent", "wrong"),
            "refused",
            wrap="profile",
        )
        for each in best[:_SHOWN]:
            fit = each.fit
            known = {None: "none", True: "yes", False: "no"}[fit.identity]
            table.add_row(
                each.name,
                known,
                f"{fit.plausible} of {fit.total}",
                *(str(n) for n in (fit.zero, fit.absent, fit.wrong, fit.refused)),
            )
        self._say(f"unit id {unit}:")
        self._console.print(table)
        self._say(f"{best[0].name} says: {telling(best[0])}")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def _status(self, text: str) -> Iterator[Callable[[str], None]]:
        """How far it is, where there is a terminal."""
        with self._console.status(text) as status:
            yield status.update
