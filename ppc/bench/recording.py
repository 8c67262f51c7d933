"""A measured course from the folder of data, which is no part of the project."""

import csv
import gzip
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ppc.adapter.strict import Strict
from ppc.configuration.machine import Machine
from ppc.simulation.physics.grid import Course

Number = Annotated[float, Field(allow_inf_nan=False)]


class Recording(Strict):
    """A column of a CSV file: rows that are `every_s` apart, straight lines between.

    It begins again at its end. Rows at the top that hold no number are headings.
    """

    file: Annotated[str, Field(min_length=1)]
    """In the folder of data; with .gz it is unpacked on the way."""
    column: Annotated[int, Field(ge=0)] = 1
    """From 0."""
    every_s: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    scale: Number = 1.0
    offset: Number = 0.0
    """What it says times `scale` plus `offset` is the signal."""

    @property
    def path(self) -> Path:
        return data_folder() / self.file

    @property
    def there(self) -> bool:
        return self.path.is_file()

    def course(self) -> Course:
        """Read it. ValueError, which names the file: it cannot be read."""
        try:
            values = list(self._values())
            return Course([(i * self.every_s, y) for i, y in enumerate(values)])
        except OSError as error:
            raise ValueError(f"{self.path}: {error.strerror or error}") from None
        except (ValueError, IndexError, EOFError) as error:
            raise ValueError(f"{self.path}: {error}") from None

    def _values(self) -> Iterator[float]:
        path, begun = self.path, False
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                try:
                    raw = float(row[self.column])
                except ValueError:
                    if begun:
                        raise
                    continue
                if not isfinite(raw):
                    raise ValueError(f"{row[self.column]} is no value")
                begun = True
                yield raw * self.scale + self.offset


def data_folder() -> Path:
    """PPC_DATA_DIR, or shared/data beside the project."""
    return Machine().data_dir
