from math import nan

from ppc.commissioning.findings import (
    details,
    milliseconds,
    number,
    overview,
    remarks,
    sign_section,
    watchdog_section,
)
from ppc.commissioning.probe import Looked
from ppc.commissioning.reading import Reading
from ppc.commissioning.signs import Step
from ppc.commissioning.trials import WatchdogTime


def looked(**more):
    def reading(name, quality, registers="0001"):
        return Reading(
            name, 1.0, "W", quality, registers, "holding 0", 0, 0.1, keyed=True
        )

    readings = [
        reading("p_w", "good"),
        reading("q_var", "outOfRange"),
        reading("v_v", "refused 02h", ""),
        reading("f_hz", "absent"),
    ]
    given = {"identity": True, "asked_count": 9, "latencies_s": [0.001] * 9}
    return Looked("m1", "meter", "a way", readings=readings, **(given | more))


def test_a_device_in_a_line():
    (row,) = overview([looked()]).rows
    assert row == (
        *("m1", "yes", "yes", "1", "1", "1", "1", "1.0 ms", "1.0 ms", "1.0 ms"),
    )
    (section,) = details([looked()])
    assert section.title == "m1, meter"
    assert section.rows[0][:2] == ("p_w", "1")


def test_what_a_person_must_look_at_is_said():
    assert list(remarks(looked(identity=False, failed_count=1, trouble="late"))) == [
        "m1: is not what its profile meter is for",
        "m1: q_var is outOfRange (holding 0)",
        "m1: v_v is refused 02h (holding 0)",
        "m1: 1 of 9 requests without an answer, the last: late",
    ]
    gone = looked(failed_count=9, trouble="not connected")
    assert list(remarks(gone)) == ["m1: not reached (a way): not connected"]


def test_signs_and_watchdogs_in_tables():
    section = sign_section([Step("b1", "P", 100.0, 99.0, 98.0)], ["b2: not tried: why"])
    assert section.sentences == ("no sign is turned", "b2: not tried: why")
    assert section.rows == (("b1", "P", "100", "99", "98", "right"),)
    times = [WatchdogTime("b1", 5.2, 5.2, 5.0), WatchdogTime("b2", None, 12.0, 5.0)]
    rows = watchdog_section(times, []).rows
    assert [row[2] for row in rows] == ["right", "differs"]
    assert rows[1][1] == "holds its set-point for 12 s and more; told: 5 s"
    assert WatchdogTime("b3", None, 12.0, None).right


def test_figures():
    assert (milliseconds(nan), milliseconds(0.0123)) == ("\u2014", "12.3 ms")
    assert (number(None), number(123456.0)) == ("\u2014", "1.235e+05")
