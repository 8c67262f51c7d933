import csv
import io
import math

from pyarrow import parquet
from pytest import mark

from ppc.history import sinks
from ppc.history.sinks import CsvSink, ParquetSink
from tests.database.files import NOON_S
from tests.history.records import zone

NAMES, TYPES = ("p_w", "quality", "modes"), (float, int, str)
ROWS = [
    (NOON_S + 0.1, [1 / 3, 0, 'a "b", c']),
    (NOON_S + 0.2, [None, 2, None]),
    (NOON_S + 0.3, [-1.7976931348623157e308, None, "é\nline"]),
    (NOON_S + 0.4, [5e-324, -1, ""]),
    (NOON_S + 0.5, [math.inf, 0, "x"]),
]


@mark.parametrize("utc", [True, False])
def test_numbers_in_csv_are_exact_and_times_have_their_offset(utc):
    file = io.StringIO()
    with zone("Europe/Paris"):
        sink = CsvSink(file, NAMES, utc=utc)
        for ts, row in ROWS:
            sink.write(ts, row)
    head, *rows = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert head == ["time", "unix_s", *NAMES]
    for (ts, row), (time, unix_s, p_w, quality, modes) in zip(ROWS, rows, strict=True):
        assert float(unix_s) == ts
        assert (float(p_w) if p_w else None) == row[0]
        assert (int(quality) if quality else None) == row[1]
        assert modes == (row[2] or "")
        assert time.endswith("+00:00" if utc else "+01:00")
    assert rows[0][0].startswith("2026-11-21T" + ("12" if utc else "13") + ":00:00.1")


def test_values_in_parquet_are_those_written_with_their_types(tmp_path, monkeypatch):
    monkeypatch.setattr(sinks, "_GROUP_ROWS", 2)
    sink = ParquetSink(tmp_path / "a.parquet", NAMES, TYPES)
    for ts, row in ROWS:
        sink.write(ts, row)
    sink.close()
    table = parquet.read_table(tmp_path / "a.parquet")
    told = [str(field.type) for field in table.schema]
    assert told == ["timestamp[us, tz=UTC]", "double", "double", "int64", "string"]
    assert list(zip(*table.to_pydict().values(), strict=True)) == [
        (table["time"][i].as_py(), ts, *row) for i, (ts, row) in enumerate(ROWS)
    ]
    assert [round(at.as_py().timestamp(), 6) for at in table["time"]] == [
        ts for ts, _ in ROWS
    ]
    groups = parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups
    assert groups == 3


def test_no_rows_are_a_file_all_the_same(tmp_path):
    ParquetSink(tmp_path / "a.parquet", NAMES, TYPES).close()
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == 0
