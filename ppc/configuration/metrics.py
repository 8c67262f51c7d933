"""`metrics` of plant.yaml: where Prometheus finds the controller's health."""

from ppc.adapter.strict import Address, Strict


class MetricsSection(Strict):
    """An HTTP server with `/metrics`, in a process beside the controller."""

    host: str = "127.0.0.1"
    port: Address = 9184
