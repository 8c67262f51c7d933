from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.bus import Frame
from ppc.commissioning.trace import Names, Pairing, Talk
from tests.commissioning.conftest import INVERTER


def frame(text, time_s=0.0, station=1, asked=None):
    return Frame(station, bytes.fromhex(text), time_s, asked)


def talks(*frames):
    pairing = Pairing()
    found = [talk for each in frames for talk in pairing.take(each)]
    return [*found, *pairing.end()]


def test_questions_find_their_answers():
    (talk,) = talks(frame("03 0000 0002"), frame("03 04 000004d2", 0.25))
    assert (talk.address, talk.count, talk.read.hex()) == (0, 2, "000004d2")
    assert talk.line() == "unit 1 read holding 0..1: 0000 04d2  250.0 ms"


def test_writes_and_refusals():
    many, one, refused = talks(
        frame("10 0028 0001 02 0007"),
        frame("10 0028 0001"),
        frame("06 0028 0009"),
        frame("06 0028 0009"),
        frame("04 0000 0001"),
        frame("84 02"),
    )
    assert (many.written.hex(), many.failed) == ("0007", "")
    assert one.line() == "unit 1 write 40: 0009  0.0 ms"
    assert "illegal address" in refused.failed


def test_a_question_without_an_answer_is_said():
    lost, found = talks(
        frame("03 0000 0001"),
        frame("03 0000 0001", 1.0),
        frame("03 02 0007", 1.1),
    )
    assert (lost.failed, lost.latency_s) == ("no answer", None)
    assert found.read.hex() == "0007"
    (open_one,) = talks(frame("03 0000 0001"))
    assert open_one.failed == "no answer"


def test_stations_take_turns_and_directions_are_heard():
    first, second = talks(
        frame("03 0000 0001", station=3),
        frame("03 0000 0001", station=4),
        frame("03 02 0001", station=4),
    )
    assert (first.station, first.failed) == (3, "no answer")
    assert (second.station, second.failed) == (4, "")
    (told,) = talks(
        frame("06 0001 0002", asked=True), frame("06 0001 0002", asked=False)
    )
    assert told.written.hex() == "0002"
    assert talks(frame("06 0001 0002", asked=False)) == []


def test_registers_have_names():
    names = Names(DeviceProfile.of(INVERTER))
    read = Talk(0.0, 1, 3, 0, 3, read=bytes.fromhex("000004d2 8000"))
    assert list(names.of(read)) == ["p_w = 1234 W", "q_var = none"]
    part = Talk(0.0, 1, 3, 33, 1, read=bytes.fromhex("0014"))
    assert list(names.of(part)) == []  # its exponent is not in this frame
    whole = Talk(0.0, 1, 3, 32, 2, read=bytes.fromhex("0001 0014"))
    assert list(names.of(whole)) == ["exponent = 1", "limit = 200 W"]
    write = Talk(0.0, 1, 16, 40, 2, written=bytes.fromhex("00000064"))
    assert list(names.of(write)) == ["p_set_w = 100 W"]
    assert list(names.of(Talk(0.0, 1, 3, 0, 3, failed="no answer"))) == []
    assert list(names.of(Talk(0.0, 1, 43, 0, 3))) == []
    assert Talk(0.0, 1, 43, 0, 0).line().startswith("unit 1 function 43 0:")


def test_a_product_is_named_where_both_its_factors_are_heard():
    limit = {"name": "power", "unit": "W", "address": 60, "times": "volts"}
    volts = {"name": "volts", "unit": "V", "address": 61, "scale_from": "sf"}
    exponent = {"name": "sf", "address": 62}
    points = [*INVERTER["points"], limit, volts, exponent]
    names = Names(DeviceProfile.of(INVERTER | {"points": points}))
    whole = Talk(0.0, 1, 3, 60, 3, read=bytes.fromhex("0003 0190 0000"))
    assert list(names.of(whole)) == ["power = 1200 W", "volts = 400 V", "sf = 0"]
    for words in "0003", "0003 0190":
        payload = bytes.fromhex(words)
        part = Talk(0.0, 1, 3, 60, len(payload) // 2, read=payload)
        assert list(names.of(part)) == []
