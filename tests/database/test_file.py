from ppc.database import file as module
from ppc.database.file import take_place
from ppc.database.schema import TREND
from ppc.database.store import Store
from tests.database.files import NOON_S, names, stored_poi, value

COUNT = "SELECT count(*) FROM poi"


def test_a_file_takes_the_place_of_one_that_is_written_and_begun_anew(
    tmp_path, monkeypatch
):
    path, fresh = tmp_path / "trend.db", tmp_path / "trend.db.new"
    made = Store(fresh, TREND)
    made.write({"poi": [stored_poi(NOON_S + second) for second in range(5)]})
    made.finish()
    writers = [Store(path, TREND)]
    remove = module.remove

    def begun_anew(gone):
        remove(gone)
        if len(writers) == 1:
            writers.append(Store(path, TREND))
            writers[1].write({"poi": [stored_poi(NOON_S)]})

    monkeypatch.setattr(module, "remove", begun_anew)
    take_place(fresh, path)
    assert len(writers) == 2
    assert names(tmp_path) == {"trend.db"}
    assert value(path, COUNT) == 5
    assert all(writer.loss for writer in writers)
    for writer in writers:
        writer.close()
    assert value(path, COUNT) == 5


def test_without_links_it_takes_the_place_all_the_same(tmp_path, monkeypatch):
    path, fresh = tmp_path / "a.db", tmp_path / "a.db.new"
    path.write_text("old")
    fresh.write_text("new")

    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(type(path), "hardlink_to", no_links)
    take_place(fresh, path)
    assert path.read_text() == "new"
    assert names(tmp_path) == {"a.db"}
