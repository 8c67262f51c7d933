"""`ppc forward`: what is recorded, sent to those of `export:` in plant.yaml."""

import logging
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from ppc.cli.entry import ConfigOption, configured
from ppc.cli.metrics_command import AttachedOption
from ppc.configuration.loading import Configuration
from ppc.export.forwarder import Forwarder
from ppc.export.influx import Influx

_FORMAT = "%(asctime)s %(levelname)s %(message)s"
_END_S = 3.0


def forward(config: ConfigOption = None, *, attached: AttachedOption = False) -> None:
    """Send the record to the targets of `export:`, and what they have missed."""
    machine, configuration = configured(config)
    logging.basicConfig(level=machine.log_level, format=_FORMAT)
    if not configuration.plant.export:
        sys.stderr.write(f"{configuration.path}: nobody is named in export\n")
        return
    send(configuration, machine.db_dir, attached=attached)


def send(configuration: Configuration, db_dir: Path, *, attached: bool) -> None:
    """Until told to stop; attached, until standard input ends.

    A process of its own, so that nothing of it can hold up control: it reads the files
    of the record, and nothing waits for it.
    """
    if not attached:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    stop = Event()
    plant = configuration.plant
    threads = []
    for name, section in plant.export.items():
        forwarder = Forwarder(
            name,
            db_dir,
            Influx(section),
            plant=plant.plant.name,
            backlog_rows_per_s=section.backlog_rows_per_s,
        )
        threads.append(Thread(target=forwarder.run, args=(stop,), daemon=True))
    for thread in threads:
        thread.start()
    if attached:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdin.read()
    else:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    stop.set()
    for thread in threads:
        thread.join(_END_S)
