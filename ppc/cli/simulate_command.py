"""`ppc simulate`: the field in a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvloop

from ppc.configuration.loading import Configuration
from ppc.configuration.plant import PlantConfig
from ppc.configuration.simulation import SimulationConfig
from ppc.simulation.clear_sky import PvlibMissing
from ppc.simulation.faults.plan import FaultPlan
from ppc.simulation.field import serve
from ppc.simulation.truth_log import TruthLog

READY = "field ready"
CANNOT_LISTEN = 2


def fault_plan(configuration: Configuration, path: Path | None) -> FaultPlan | None:
    """The plan of faults in a file. Raises ConfigurationError."""
    if path is None:
        return None
    return FaultPlan.load(path, list(configuration.plant.devices))


def simulate(
    configuration: Configuration,
    seconds: float | None,
    db_dir: Path,
    *,
    faults: FaultPlan | None = None,
    attached: bool,
) -> int:
    """Serve the field until told to stop. Returns the exit code.

    What is, beside what the meter shows, goes into a file of its own in `db_dir`.

    `attached`: it ends when its standard input does, so that it never outlives the
    program that started it, however that one ends.
    """
    plant = configuration.plant
    if plant.simulation is None:
        plant = plant.model_copy(update={"simulation": SimulationConfig()})

    watch = partial(_watch, seconds, attached=attached)
    try:
        _serve(plant, configuration, watch, db_dir, faults)
    except OSError as error:
        sys.stderr.write(
            f"the simulated field cannot be served: {error.strerror or error}; a port "
            f"is a device's in {configuration.path}, or one of simulation.console\n"
        )
        return CANNOT_LISTEN
    except (ValueError, PvlibMissing) as error:
        sys.stderr.write(f"this plant cannot be simulated: {error}\n")
        return CANNOT_LISTEN
    return 0


def _serve(
    plant: PlantConfig,
    configuration: Configuration,
    watch: Callable[[asyncio.Event], None],
    db_dir: Path,
    faults: FaultPlan | None,
) -> None:
    """Serve the field, and write down what is."""
    every_s = plant.simulation.truth_s if plant.simulation else 0.0
    truth = TruthLog(db_dir, every_s) if every_s else None
    try:
        uvloop.run(
            serve(
                plant,
                configuration.profiles,
                watch,
                ready=_ready,
                faults=faults,
                truth=truth,
            )
        )
    finally:
        if truth is not None:
            truth.close()


def _watch(seconds: float | None, stop: asyncio.Event, *, attached: bool) -> None:
    """Have `stop` set when it is time."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, (lambda: None) if attached else stop.set)
    if attached:
        loop.add_reader(sys.stdin.fileno(), _ended, loop, stop)
    if seconds is not None:
        loop.call_later(seconds, stop.set)


def _ready() -> None:
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def _ended(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        loop.remove_reader(sys.stdin.fileno())
        stop.set()
