"""`ppc run`: the controller, and with a simulation section its field."""

import logging
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from threading import Event

from ppc.application.application import Application
from ppc.cli.child import end_child, start_child
from ppc.cli.screen import Screen
from ppc.cli.simulate_command import CANNOT_LISTEN, READY
from ppc.configuration.loading import Configuration
from ppc.configuration.machine import Machine
from ppc.configuration.parameters import Parameters

logger = logging.getLogger("ppc.run")

FAILED = 1
_LOOK_EVERY_S = 0.5


def run(
    configuration: Configuration,
    machine: Machine,
    seconds: float | None,
    parameters: Parameters,
) -> int:
    """Run until told to stop, or for `seconds`. Returns the exit code."""
    stop = _stop_on_signals()
    with ExitStack() as stack:
        screen = stack.enter_context(Screen(machine, sys.stdout))
        field = None
        if configuration.plant.simulation is not None:
            field = _start_field(configuration)
            stack.callback(end_child, field)
            if not _ready(field):
                return CANNOT_LISTEN
        children = {"the simulated field": field} if field else {}
        children |= _start_companions(configuration, stack)
        application = Application(
            configuration, db_dir=machine.db_dir, parameters=parameters
        )
        try:
            application.start()
        except OSError as error:
            sys.stderr.write(
                f"cannot start: {error.strerror or error}; SCADA's port is scada.port "
                f"in {configuration.path}, the record's folder is PPC_DB_DIR\n"
            )
            return CANNOT_LISTEN
        try:
            with screen.live():
                _watch(application, screen, children, stop, seconds)
        finally:
            logger.info("stopping: units to their safe set-points")
            application.stop()
            logger.info("stopped")
    if application.failed:
        sys.stderr.write(f"stopped by a failure: {application.failed}\n")
        return FAILED
    return 0


def _stop_on_signals() -> Event:
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *_: stop.set())  # nohup stays in force
    return stop


def _watch(
    application: Application,
    screen: Screen,
    children: dict[str, subprocess.Popen[bytes]],
    stop: Event,
    seconds: float | None,
) -> None:
    """Show how it is going until it is time to stop."""
    began_s = time.monotonic()
    while application.failed is None:
        left_s = _LOOK_EVERY_S
        if seconds is not None:
            left_s = min(left_s, began_s + seconds - time.monotonic())
        if left_s <= 0 or stop.wait(left_s):
            return
        if status := application.status():
            screen.show(status)
        for name, child in list(children.items()):
            if child.poll() is not None:
                logger.error("%s has ended, code %d", name, child.returncode)
                del children[name]


def _start_companions(
    configuration: Configuration, stack: ExitStack
) -> dict[str, subprocess.Popen[bytes]]:
    """Start the programs of ours that run beside the controller; `stack` ends them."""
    wanted = {
        "the metrics": ("metrics", configuration.plant.metrics),
        "the exporter": ("forward", configuration.plant.export or None),
    }
    started = {}
    for name, (command, section) in wanted.items():
        if section is not None:
            arguments = (command, "--attached", "--config", str(configuration.path))
            started[name] = start_child("ppc.cli.main", *arguments)
            stack.callback(end_child, started[name])
    return started


def _start_field(configuration: Configuration) -> subprocess.Popen[bytes]:
    arguments = ("simulate", "--attached", "--config", str(configuration.path))
    return start_child("ppc.cli.main", *arguments, stdout=subprocess.PIPE)


def _ready(field: subprocess.Popen[bytes]) -> bool:
    """Wait until it serves; False when it could not, and has said why."""
    assert field.stdout is not None
    with field.stdout as said:
        return said.readline().decode().strip() == READY
