from math import inf

from pytest import fixture, mark

from ppc.history.day_file import DayFile
from ppc.history.frames import Span
from ppc.history.happened import events_in
from tests.database.files import NOON_S, Wall, recorder
from tests.history.test_day_file import make_version_2


@fixture(name="path", scope="module")
def _path(tmp_path_factory):
    folder, wall = tmp_path_factory.mktemp("record"), Wall()
    record = recorder(folder, wall)
    record.start()
    for severity in ("debug", "info", "warning", "error", "unheard of"):
        record.event(severity, "here", f"it was {severity}")
        wall.now_s += 1.0
    record.stop()
    return folder / "2026_11_21.db"


@mark.parametrize(
    ("least", "told"),
    [
        ("debug", ["debug", "info", "warning", "error", "unheard of"]),
        ("warning", ["warning", "error", "unheard of"]),
        ("critical", ["unheard of"]),
    ],
)
def test_events_are_told_from_a_severity_on(path, least, told):
    with DayFile(path) as file:
        events = list(events_in(file, Span(-inf, inf), least))
    assert [event.severity for event in events] == told
    assert events[-1].text == "it was unheard of"


def test_events_are_those_of_the_time(path):
    with DayFile(path) as file:
        (event,) = events_in(file, Span(NOON_S + 1, NOON_S + 2), "debug")
    assert event == (NOON_S + 1, "info", "here", "it was info")


def test_a_file_without_events_has_none(tmp_path):
    make_version_2(tmp_path / "2026_11_21.db")
    with DayFile(tmp_path / "2026_11_21.db") as file:
        assert not list(events_in(file, Span(-inf, inf), "debug"))
