import tracemalloc

from pytest import fixture, raises

from ppc.history.export import Export, NothingFits, Reader, files_of
from ppc.history.frames import Span
from ppc.history.signals import Wish
from tests.database.files import DAY_S, NOON_S
from tests.history.records import write

DAYS = ["2026_11_21", "2026_11_22", "2026_11_23"]


class Rows(list):
    def write(self, ts, row):
        self.append((ts, *row))


@fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record")
    for day in range(3):
        write(folder, [NOON_S + day * DAY_S + n for n in range(20)])
    return folder


def reader(folder, *wish, since_s=0.0, until_s=NOON_S * 2, **how):
    span = Span(since_s, until_s)
    reader = Reader(folder, Export(wish=Wish(*wish), span=span, **how))
    reader.look()
    return reader


def test_rows_of_all_days_come_in_the_order_of_time(folder):
    told = []
    rows, source = Rows(), reader(folder, (), ("pv1",), ("p_w",))
    assert source.write(rows, told.append) == 60 == len(rows)
    assert source.names == ["pv1.p_w"]
    assert source.types == [float]
    assert rows == sorted(rows)
    assert told == [0, 1, 2]


def test_only_files_that_may_have_rows_are_opened(folder):
    stems = lambda a, b: [path.stem for path in files_of(folder, Span(a, b))]  # noqa: E731
    assert stems(0, NOON_S * 2) == DAYS
    assert stems(NOON_S + DAY_S, NOON_S + DAY_S + 1) == DAYS
    assert stems(NOON_S + 3 * DAY_S, NOON_S + 4 * DAY_S) == DAYS[2:]
    assert stems(-1e300, 1e300) == DAYS


def test_a_file_that_cannot_be_read_is_left_out_and_told(tmp_path):
    for day in range(3):
        write(tmp_path, [NOON_S + day * DAY_S + n for n in range(3)])
    (tmp_path / f"{DAYS[1]}.db").chmod(0o644)
    (tmp_path / f"{DAYS[1]}.db").write_text("no database" * 1000)
    rows, source = Rows(), reader(tmp_path, ("poi",))
    assert source.write(rows) == 6
    (trouble,) = source.troubles.values()
    assert str(trouble) == f"{DAYS[1]}.db: file is not a database"


def test_what_nobody_has_is_refused_with_what_there_is(folder):
    with raises(NothingFits, match="devices: bess1, decisions, poi, pv1, pv2; signals"):
        reader(folder, (), ("pv7",))


def test_a_list_has_the_columns_of_its_table(folder):
    rows, source = Rows(), reader(folder, ("events",))
    assert source.names == ["seq", "source", "text", "clock", "severity"]
    assert source.types == [int, str, str, int, str]
    assert source.write(rows) == 3


def test_the_long_form_has_its_columns(folder):
    source = reader(folder, is_long=True)
    assert list(source.names) == ["device", "signal", "value", "text"]
    assert list(source.types) == [str, str, float, str]


def test_however_much_is_exported_little_is_held(tmp_path):
    class Counted:
        count = 0

        def write(self, _, __):
            self.count += 1

    write(tmp_path, [NOON_S + n for n in range(3500)])
    source, sink = reader(tmp_path), Counted()
    tracemalloc.start()
    try:
        source.write(sink)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sink.count == 3500
    assert peak < 1_000_000  # all rows at once are 6 MB
