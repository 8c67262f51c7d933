"""What the machine is: paths and the like, from the environment (`PPC_...`)."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ppc.configuration.checking import faults
from ppc.configuration.findings import ConfigurationError, Finding, instead

ROOT = Path(__file__).resolve().parents[2]
"""The project: where config/ and db/ are looked for last."""


ENVIRONMENT = "environment"
LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
]


class Machine(BaseSettings):
    """Settings of the machine. The plant itself is in plant.yaml."""

    model_config = SettingsConfigDict(env_prefix="PPC_", frozen=True, extra="forbid")

    config: Path | None = None
    """plant.yaml. Left out: config/plant.yaml here, else in the project."""
    db_dir: Path = ROOT / "db"
    """Where the record is written."""
    data_dir: Path = ROOT.parent / "shared" / "data"
    """Measured data for cases of the bench; no part of the project."""
    log_level: LogLevel = "INFO"
    color: bool = True
    """Colours on the terminal; NO_COLOR is heard as well."""

    @property
    def plant_file(self) -> Path:
        here = Path("config/plant.yaml")
        return self.config or (here if here.exists() else ROOT / here)


def read_machine() -> Machine:
    """The settings of this machine. Raises ConfigurationError with all findings."""
    names = {f"PPC_{name.upper()}" for name in Machine.model_fields}
    findings = [
        Finding(ENVIRONMENT, name, f"is not known{instead(name, sorted(names))}")
        for name in sorted(os.environ)
        if name.startswith("PPC_") and name not in names
    ]
    try:
        machine = Machine()
    except ValidationError as error:
        findings += [
            Finding(ENVIRONMENT, f"PPC_{'.'.join(place).upper()}", reason)
            for place, reason in faults(Machine, error)
        ]
    if findings:
        raise ConfigurationError(findings)
    return machine
