"""Where exported rows go: CSV or Parquet."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from ppc.history.moments import iso

_GROUP_ROWS = 8192
"""Rows of a group of a Parquet file: what is held in memory."""

Types = Sequence[type]
"""float, int or str of each column after the time."""


class Sink(Protocol):
    """Takes rows; closed in the end."""

    def write(self, ts: float, row: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


class CsvSink:
    """Comma, point, a headline, an empty field for no value; numbers are exact.

    `time` is ISO 8601 with its offset from UTC, `unix_s` the same as it was recorded.
    """

    def __init__(self, file: IO[str], names: Sequence[str], *, utc: bool) -> None:
        self._utc = utc
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(["time", "unix_s", *names])

    def write(self, ts: float, row: Sequence[Any]) -> None:
        self._writer.writerow([iso(ts, utc=self._utc), ts, *row])

    def close(self) -> None:
        """The file belongs to who opened it."""


class ParquetSink:
    """One file; `time` in UTC to the microsecond, `unix_s` as it was recorded.

    Raises ModuleNotFoundError without pyarrow.
    """

    def __init__(self, path: Path, names: Sequence[str], types: Types) -> None:
        import pyarrow as pa  # noqa: PLC0415 (an extra: it may be absent)
        from pyarrow import parquet  # noqa: PLC0415

        kinds = {float: pa.float64(), int: pa.int64(), str: pa.string()}
        fields = [("time", pa.timestamp("us", tz="UTC")), ("unix_s", pa.float64())]
        fields += [(name, kinds[of]) for name, of in zip(names, types, strict=True)]
        self._schema = pa.schema(fields)
        self._batch_of = pa.RecordBatch.from_arrays
        self._array_of = pa.array
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[list[Any]] = []

    def write(self, ts: float, row: Sequence[Any]) -> None:
        self._rows.append([datetime.fromtimestamp(ts, UTC), ts, *row])
        if len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [
                self._array_of(column, field.type)
                for column, field in zip(columns, self._schema, strict=True)
            ]
            self._writer.write_batch(self._batch_of(arrays, schema=self._schema))
            self._rows.clear()
