"""`scada.limits` of plant.yaml: what one client may take of the SCADA port."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.communication.server.limits import USUAL, Limits

Connections = Annotated[int, Field(ge=1, le=512)]
"""A process has 1024 descriptors by custom, and devices and the record want theirs."""


class LimitsSection(Strict):
    """Of each listener on TCP. What is left out is as usual."""

    connections: Connections = USUAL.connections
    """In all; one more is closed at once."""
    connections_per_host: Connections = USUAL.connections_per_host
    """From one address."""
    connects_per_s: Annotated[float, Field(ge=0.1, le=1000)] = USUAL.connects_per_s
    """New ones from one address, after twice `connections_per_host` at once."""
    idle_s: Annotated[float, Field(ge=1, le=86400)] = USUAL.idle_s
    """Without a request for so long: closed."""
    partial_s: Annotated[float, Field(ge=0.2, le=60)] = USUAL.partial_s
    """A frame, or a TLS handshake, that is not whole by then: closed."""
    requests_per_s: Annotated[float, Field(ge=1, le=10_000)] = USUAL.requests_per_s
    """Of one connection, after `burst` at once; faster ones wait."""
    burst: Annotated[int, Field(ge=1, le=10_000)] = USUAL.burst
    unsent_bytes: Annotated[int, Field(ge=1024, le=1 << 20)] = USUAL.unsent_bytes
    """Answers a client has not taken: beyond, it is not read until it does."""

    @property
    def limits(self) -> Limits:
        """As the servers take them."""
        return Limits(**self.model_dump())

    @model_validator(mode="after")
    def _one_of_all(self) -> Self:
        said = "connections_per_host" in self.model_fields_set
        if said and self.connections_per_host > self.connections:
            raise ValueError("connections_per_host is more than connections")
        return self
