"""What the machine is: paths and the like, from the environment (`PPC_...`)."""

import os
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ppc.configuration.findings import ConfigurationError, Finding, explain

ROOT = Path(__file__).resolve().parents[2]
"""The project: where config/ and db/ are looked for last."""


class Machine(BaseSettings):
    """Settings of the machine. The plant itself is in plant.yaml."""

    model_config = SettingsConfigDict(env_prefix="PPC_", frozen=True, extra="forbid")

    config: Path | None = None
    """plant.yaml. Left out: config/plant.yaml here, else in the project."""
    db_dir: Path = ROOT / "db"
    """Where the record is written."""
    log_level: str = "INFO"

    @property
    def plant_file(self) -> Path:
        here = Path("config/plant.yaml")
        return self.config or (here if here.exists() else ROOT / here)


def read_machine() -> Machine:
    """The settings of this machine. Raises ConfigurationError."""
    known = {f"PPC_{name.upper()}" for name in Machine.model_fields}
    unknown = [
        Finding("environment", name, f"unknown; there is {', '.join(sorted(known))}")
        for name in sorted(os.environ)
        if name.startswith("PPC_") and name not in known
    ]
    if unknown:
        raise ConfigurationError(unknown)
    try:
        return Machine()
    except ValidationError as error:
        raise ConfigurationError(list(explain(error, "environment"))) from error
