"""Questions about registers, as other programs ask them."""

from types import SimpleNamespace

from pytest import fixture, mark

from ppc.adapter.profile import DeviceProfile
from ppc.adapter.sunspec.chain import FoundModel
from ppc.application.wire_desk import WireDesk, commanded
from ppc.communication.driver.base import Function
from ppc.communication.errors import NoReply, Refused
from ppc.configuration.loading import load
from tests.commissioning.test_knowing import SUNSPEC
from tests.rig import write_plant

STRANGER = 64000


class Driver:
    def __init__(self):
        self.asked, self.reply = [], b"\x00\x07"

    def submit(self, exchange):
        self.asked.append(exchange)
        exchange.done(self.reply)
        return True


@fixture
def driver():
    return Driver()


@fixture
def events():
    return []


@fixture
def desk(driver, events, tmp_path):
    party = SimpleNamespace(station=1, models=())
    device = SimpleNamespace(name="pv1", driver=driver, party=party)
    loop = SimpleNamespace(call_soon_threadsafe=lambda action: action())
    return WireDesk(
        load(write_plant(tmp_path / "plant")),
        folder=tmp_path,
        reach=lambda: (SimpleNamespace(devices=(device,)), loop),
        event=events.append,
    )


def ask(desk, function, address, count=1, payload="", uid=0, **more):
    wanted = {
        "function": int(function),
        "address": address,
        "count": count,
        "payload": payload,
    }
    return desk.reply({"device": "pv1", "exchange": wanted, **more}, uid)


def test_everybody_may_read(desk, driver, events):
    said = ask(desk, Function.READ_HOLDING, 5, uid=STRANGER)
    assert said["payload"] == "0007"
    assert said["latency_s"] >= 0
    (exchange,) = driver.asked
    assert (exchange.station, exchange.priority) == (1, 2)
    assert events == []


def test_writing_is_for_few_and_written_down(desk, driver, events):
    said = ask(desk, Function.WRITE_MANY, 90, payload="0001", uid=STRANGER)
    assert said == {"error": ["uid 64000 may not write to devices"]}
    assert driver.asked == []
    driver.reply = b""
    assert ask(desk, Function.WRITE_MANY, 90, payload="0001")["payload"] == ""
    assert driver.asked[0].payload == b"\x00\x01"
    assert events == ["root wrote 0001 to pv1, function 16, address 90"]


def test_what_control_writes_is_left_to_it(desk, driver):
    for address, count in ((40, 1), (38, 3), (43, 2)):
        said = ask(desk, Function.WRITE_MANY, address, count, "0001" * count)
        assert "the controller itself writes" in said["error"][0]
    assert driver.asked == []
    assert "error" not in ask(desk, Function.WRITE_MANY, 40, payload="0001", force=True)


@mark.parametrize(
    ("reply", "failed"),
    [
        (Refused(2), {"kind": "Refused", "code": 2}),
        (NoReply("late"), {"kind": "NoReply", "text": "late", "code": None}),
    ],
)
def test_what_fails_is_told(desk, driver, reply, failed):
    driver.reply = reply
    said = ask(desk, Function.READ_INPUT, 5)
    assert failed.items() <= said["failed"].items()


@mark.parametrize(
    ("question", "why"),
    [
        ({"device": "pv9"}, "there is no device pv9"),
        ({"device": "pv1"}, "exchange"),
        ({"device": "pv1", "exchange": {"function": 99, "address": 1, "count": 1}}, ""),
        ({"device": "pv1", "plant_file": "/other"}, "the controller here runs"),
    ],
)
def test_what_cannot_be_asked_is_refused(desk, driver, question, why):
    assert why in desk.reply(question, 0)["error"][0]
    assert driver.asked == []


def test_a_connection_without_time_is_given_up(desk, driver, monkeypatch):
    monkeypatch.setattr("ppc.application.wire_desk._ANSWERED_WITHIN_S", 0.01)
    driver.submit = lambda exchange: True  # noqa: ARG005
    assert "no time for it" in ask(desk, Function.READ_INPUT, 5)["error"][0]


def test_a_request_that_cannot_be_made_is_said(desk, driver):
    def refuse(exchange):  # noqa: ARG001
        raise ValueError("a broadcast reads nothing")

    driver.submit = refuse
    assert "a broadcast reads nothing" in ask(desk, Function.READ_INPUT, 5)["error"][0]


def test_the_heartbeat_is_the_controllers_too(desk):
    profile = desk._configuration.profiles["demo_pv_inverter"]
    assert commanded(profile) == {40, 41, 42, 43}


def test_another_station_of_the_connection_is_only_read(desk, driver):
    wanted = {"function": 3, "address": 1, "count": 1, "station": 7}
    desk.reply({"device": "pv1", "exchange": wanted}, 0)
    assert driver.asked[0].station == 7
    wanted |= {"function": 16, "payload": "0001"}
    said = desk.reply({"device": "pv1", "exchange": wanted}, 0)
    assert said["error"] == ["pv1 has station 1: another one is only read"]


def test_registers_of_a_sunspec_model_are_known_by_where_they_are():
    profile = DeviceProfile.of(SUNSPEC)
    assert commanded(profile) == frozenset()
    assert commanded(profile, (FoundModel(123, 40124, 24),)) == {40127}
