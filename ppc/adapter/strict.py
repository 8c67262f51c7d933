"""What every checked file is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Address = Annotated[int, Field(ge=0, le=65535)]
"""Of a register, counted from 0, as on the wire."""
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Lower case, as the keys of signals are."""


class Strict(BaseModel):
    """A part of a configuration file: frozen, and a misspelt name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
