"""`proxy` of plant.yaml: who else may read the devices, through the controller."""

from typing import Annotated

from pydantic import Field

from ppc.adapter.strict import Address, Strict


class ProxySection(Strict):
    """A Modbus TCP server by which other masters read devices. It never writes."""

    host: str = "127.0.0.1"
    port: Address = 5503
    units: dict[Annotated[int, Field(ge=0, le=255)], str] = Field(min_length=1)
    """Unit id to name of the device behind it."""
    life_s: Annotated[float, Field(ge=0, le=60)] = 0.2
    """Equal questions within this time cost the device one answer."""
