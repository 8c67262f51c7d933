"""`ppc run`: the controller, and with a simulation section its field."""

import logging
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Self

from ppc.application.application import Application
from ppc.cli.screen import Screen
from ppc.cli.simulate_command import CANNOT_LISTEN, READY
from ppc.configuration.loading import Configuration
from ppc.configuration.machine import Machine

logger = logging.getLogger("ppc.run")

_STATUS_EVERY_S = 10.0
_LOOK_EVERY_S = 0.5
_FIELD_STOP_S = 5.0


def run(configuration: Configuration, machine: Machine, seconds: float | None) -> int:
    """Run until Ctrl-C, SIGTERM or `seconds`. Returns the exit code."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        if configuration.plant.simulation is not None:
            field = stack.enter_context(_Field(configuration.path))
            if not field.ready():
                return CANNOT_LISTEN
        screen = stack.enter_context(Screen(machine.log_level))
        application = Application(configuration, db_dir=machine.db_dir)
        try:
            application.start()
        except OSError as error:
            sys.stderr.write(
                f"cannot start: {error.strerror or error}; SCADA's port is scada.port "
                f"in {configuration.path}, the record's folder is PPC_DB_DIR\n"
            )
            return CANNOT_LISTEN
        try:
            _watch(application, screen, stop, seconds)
        finally:
            logger.info("stopping: units to their safe set-points")
            application.stop()
        if application.failed:
            sys.stderr.write(f"stopped by a failure: {application.failed}\n")
            return 1
    return 0


def _watch(
    application: Application, screen: Screen, stop: Event, seconds: float | None
) -> None:
    """Show how it is going until it is time to stop."""
    began_s = told_s = time.monotonic()
    while not stop.is_set() and application.failed is None:
        stop.wait(_LOOK_EVERY_S)
        now_s = time.monotonic()
        if seconds is not None and now_s - began_s >= seconds:
            return
        status = application.status()
        if status is None:
            continue
        if screen.live:
            screen.show(status)
        elif now_s - told_s >= _STATUS_EVERY_S:
            told_s = now_s
            logger.info("%s", status.line())


class _Field:
    """The simulated field: a child that ends when our end of its pipe closes."""

    def __init__(self, plant: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (our own program)
            [
                *(sys.executable, "-m", "ppc.cli.main"),
                *("simulate", "--attached", "--config", str(plant)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is ours: the field must outlive our stop
        )

    def ready(self) -> bool:
        """Wait until it serves; False when it could not, and has said why."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip() == READY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_FIELD_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
