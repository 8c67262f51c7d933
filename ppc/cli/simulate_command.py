"""`ppc simulate`: the field in a process of its own."""

import asyncio
import os
import signal
import sys

import uvloop

from ppc.configuration.loading import Configuration
from ppc.configuration.simulation import SimulationConfig
from ppc.simulation.field import serve

READY = "field ready"
CANNOT_LISTEN = 2


def simulate(
    configuration: Configuration, seconds: float | None, *, attached: bool
) -> int:
    """Serve the field until told to stop. Returns the exit code.

    `attached`: it ends when its standard input does, so that it never outlives the
    program that started it, however that one ends.
    """
    plant = configuration.plant
    if plant.simulation is None:
        plant = plant.model_copy(update={"simulation": SimulationConfig()})

    async def run() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, (lambda: None) if attached else stop.set)
        if attached:
            loop.add_reader(sys.stdin.fileno(), _ended, loop, stop)
        if seconds is not None:
            loop.call_later(seconds, stop.set)
        await serve(plant, configuration.profiles, stop, ready=_ready)

    try:
        uvloop.run(run())
    except OSError as error:
        sys.stderr.write(
            f"the simulated field cannot listen: {error.strerror or error}; the port "
            f"is a device's in {configuration.path}, or simulation.bench.port\n"
        )
        return CANNOT_LISTEN
    except ValueError as error:
        sys.stderr.write(f"this plant cannot be simulated: {error}\n")
        return CANNOT_LISTEN
    return 0


def _ready() -> None:
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def _ended(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        loop.remove_reader(sys.stdin.fileno())
        stop.set()
