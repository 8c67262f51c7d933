"""The way to a device: through the controller where it runs, else a connection."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from ppc.application.wiring import over_the_wire
from ppc.cli.entry import BAD_CONFIGURATION, configured
from ppc.commissioning.line import (
    ControllerLine,
    DirectLine,
    Line,
    RefusedByController,
    runs,
)
from ppc.commissioning.subject import Subject, subject_of
from ppc.configuration.findings import instead
from ppc.configuration.links import link_defaults
from ppc.configuration.loading import Configuration
from ppc.configuration.machine import Machine

NOT_REACHED = 1


@dataclass(frozen=True, slots=True)
class Plant:
    """The plant file, and whether a controller runs it."""

    machine: Machine
    configuration: Configuration
    controlled: bool

    @classmethod
    def of(cls, config: Path | None) -> "Plant":
        """The plant of this file. Ends the program where it is not sound."""
        machine, configuration = configured(config)
        return cls(machine, configuration, runs(machine.db_dir, configuration.path))

    def subject(self, name: str) -> Subject:
        """The device of this name. Ends the program where there is none."""
        devices = self.configuration.plant.devices
        if name not in devices:
            sys.stderr.write(f"there is no device {name}{instead(name, devices)}\n")
            raise typer.Exit(BAD_CONFIGURATION)
        return subject_of(self.configuration, name)

    @asynccontextmanager
    async def line(self, name: str, *, force: bool = False) -> AsyncIterator[Line]:
        """A line to the device, closed at the end."""
        line = self._line(name, force=force)
        try:
            yield line
        finally:
            await line.close()

    def _line(self, name: str, *, force: bool) -> Line:
        if self.controlled:
            path = self.configuration.path
            return ControllerLine(self.machine.db_dir, path, name, force=force)
        plant, profiles = self.configuration.plant, self.configuration.profiles
        section = plant.devices[name].connection
        asked = link_defaults(plant, profiles)[section.key]
        return DirectLine(over_the_wire(section, asked))


def ended(work: Callable[[], Awaitable[int]]) -> int:
    """The exit code of the work, done in an event loop; Ctrl-C ends it in order."""

    async def main() -> int:
        return await work()

    try:
        return asyncio.run(main())
    except RefusedByController as refused:
        sys.stderr.write(f"{refused}\n")
        return BAD_CONFIGURATION
    except KeyboardInterrupt:
        return 130
