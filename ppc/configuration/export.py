"""`export` of plant.yaml: who else gets what is recorded."""

import os
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict

_URL = r"^https?://[^\s/@?#]+(/[^\s@?#]*)?$"


class SecretMissing(Exception):
    """The secret is not where plant.yaml says it is."""


class InfluxSection(Strict):
    """An InfluxDB: of version 1 with a `database`, of 2 and later with `org`, `bucket`.

    What must stay secret, a password or a token, is never in plant.yaml: a file or an
    environment variable has it.
    """

    url: Annotated[str, Field(pattern=_URL)]
    """`http://host:8086`, without a name or a password in it."""
    database: str | None = None
    retention_policy: str | None = None
    user: str | None = None
    org: str | None = None
    bucket: str | None = None
    secret_file: Path | None = None
    secret_env: str | None = None
    ca_file: Path | None = None
    """Certificates to trust; left out: those of the system."""
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 10.0
    backlog_rows_per_s: Annotated[int, Field(ge=100)] = 2000
    """How fast what has waited is sent, beside what is new."""

    @model_validator(mode="after")
    def _one_version(self) -> Self:
        if (self.database is None) == (self.bucket is None):
            raise ValueError("either database (version 1) or bucket (2) is needed")
        if (self.bucket is None) != (self.org is None):
            raise ValueError("org and bucket go together")
        if self.bucket is not None and (self.user or self.retention_policy):
            raise ValueError("user and retention_policy go with database")
        if self.secret_file is not None and self.secret_env is not None:
            raise ValueError("either secret_file or secret_env")
        return self

    def secret(self) -> str | None:
        """Token or password; None: there is none. Raises SecretMissing."""
        if self.secret_file is not None:
            try:
                return self.secret_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SecretMissing(
                    f"secret_file {self.secret_file}: {error}"
                ) from None
        if self.secret_env is not None:
            if self.secret_env not in os.environ:
                raise SecretMissing(f"secret_env: there is no {self.secret_env}")
            return os.environ[self.secret_env].strip()
        return None
