"""`ppc metrics`: the controller's health over HTTP, for Prometheus."""

import signal
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry, start_http_server

from ppc.application.reception import ask
from ppc.cli.entry import ConfigOption, configured
from ppc.configuration.metrics import MetricsSection
from ppc.export.health import Health

CANNOT_LISTEN = 1


AttachedOption = Annotated[
    bool, typer.Option("--attached", hidden=True, help="End with standard input.")
]


def metrics(config: ConfigOption = None, *, attached: AttachedOption = False) -> None:
    """Serve the controller's health for Prometheus, at `metrics:` of plant.yaml."""
    machine, configuration = configured(config)
    section = configuration.plant.metrics or MetricsSection()
    raise typer.Exit(serve(section, machine.db_dir, attached=attached))


def serve(section: MetricsSection, db_dir: Path, *, attached: bool) -> int:
    """Answer until told to stop; attached, until standard input ends.

    A process of its own: whoever scrapes costs control nothing but a question. It
    answers whether the controller runs or not (`ppc_up`). Returns the exit code.
    """
    if not attached:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    registry = CollectorRegistry()
    registry.register(Health(partial(ask, db_dir)))
    try:
        server, _ = start_http_server(section.port, section.host, registry)
    except OSError as error:
        where = f"{section.host}:{section.port}"
        sys.stderr.write(
            f"metrics: cannot listen on {where}: {error.strerror}; it is "
            "metrics in plant.yaml\n"
        )
        return CANNOT_LISTEN
    if attached:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdin.read()
    else:
        sys.stdout.write(f"http://{section.host}:{server.server_port}/metrics\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.shutdown()
    server.server_close()
    return 0
