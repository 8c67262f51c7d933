import gzip

from pydantic import ValidationError
from pytest import approx, fixture, mark, raises

from ppc.bench.library import entries
from ppc.bench.recording import Recording
from ppc.bench.stand import Stand
from ppc.bench.stimulus import Move, play
from ppc.bench.trying import Verdict, attempt
from tests.bench.folder import LIBRARY, write_cases

ROWS = "time,mHz\n00:00,-20\n00:02,40\n00:04,0\n"


@fixture(name="data")
def _data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("PPC_DATA_DIR", str(folder))
    (folder / "f.csv").write_text(ROWS)
    return folder


def recording(**fields):
    told = {"file": "f.csv", "every_s": 2.0, "scale": 0.001, "offset": 50.0}
    return Recording.model_validate(told | fields)


@mark.usefixtures("data")
def test_rows_become_a_course_in_units_of_the_signal():
    course = recording().course()
    assert [course.at(t) for t in (0.0, 1.0, 2.0, 3.0)] == approx(
        [49.98, 50.01, 50.04, 50.02]
    )
    assert course.at(4.0) == approx(49.98)  # begun again


def test_it_may_be_packed(data):
    (data / "f.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
    assert recording(file="f.csv.gz").course().at(2.0) == approx(50.04)


@mark.parametrize(
    ("text", "fields"),
    [
        ("a,1\nb,x\nc,2\n", {}),
        ("a,1\nb,nan\nc,2\n", {}),
        ("a,1\nb,2\n", {"column": 2}),
        ("a,1\n", {}),
        ("", {}),
    ],
)
def test_gaps_and_columns_that_are_not_there_are_refused(data, text, fields):
    (data / "f.csv").write_text(text)
    with raises(ValueError, match=r"f\.csv"):
        recording(**fields).course()


def test_a_file_that_is_absent_or_broken_is_named(data):
    with raises(ValueError, match=r"nowhere\.csv"):
        recording(file="nowhere.csv").course()
    (data / "f.csv.gz").write_bytes(b"tea")
    with raises(ValueError, match=r"f\.csv\.gz"):
        recording(file="f.csv.gz").course()


@mark.usefixtures("data")
def test_a_signal_follows_it_from_its_move_on(quiet):
    stand = Stand(quiet)
    value = {"recorded": recording().model_dump()}
    play(stand, (Move.model_validate({"at_s": 1, "grid.f_hz": value}),))
    stand.run(4.0)
    traces = stand.traces()
    f_hz = dict(zip(traces.time_s.round(2), traces.columns["f_hz"], strict=True))
    assert f_hz[0.9] == 50.0
    assert f_hz[2.0] == approx(50.01, abs=1e-3)
    assert f_hz[3.0] == approx(50.04, abs=1e-3)


def test_the_sun_that_was_measured_shines(quiet):
    stand = Stand(quiet)
    for w_per_m2 in (400.0, 0.0, -3.0):
        stand.set("sky.w_per_m2", w_per_m2)
        sky = stand.plant.sky
        shines = sky.override_pu * sky.clear_w_per_m2
        assert shines == approx(max(w_per_m2, 0.0))


def test_what_a_recording_says_is_checked():
    with raises(ValidationError):
        Move.model_validate({"at_s": 0, "grid.f_hz": {"recorded": {"file": "f.csv"}}})


def tried(folder, changes=None, *, long=True):
    value = {"recorded": recording().model_dump()}
    case = {"stimulus": [{"at_s": 0, "grid.f_hz": value, "order.p_set_pu": 0.2}]}
    write_cases(folder, one=case | (changes or {}))
    (entry,) = entries(folder, ["one"], library=LIBRARY)
    return attempt(entry, folder, LIBRARY, long=long)


def test_a_case_without_its_data_is_skipped_with_the_reason(data):
    (data / "f.csv").unlink()
    result = tried(data.parent)
    assert result.verdict is Verdict.SKIPPED
    assert result.verdict.good
    assert result.why == f"no f.csv in {data}"


def test_a_long_case_is_only_run_on_request(data):
    result = tried(data.parent, {"long": True, "stimulus": []}, long=False)
    assert result.verdict is Verdict.SKIPPED
    assert "--long" in result.why


def test_with_its_data_it_is_run(data):
    assert tried(data.parent).verdict is Verdict.PASS
