import json

from pytest import fixture, raises

from ppc.application.reception import Reception
from ppc.commissioning.line import (
    ControllerLine,
    DirectLine,
    Question,
    RefusedByController,
    reply_of,
    runs,
)
from ppc.communication.driver.base import Function
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import NoReply, NotConnected, Refused

QUESTION = Question(1, Function.READ_HOLDING, 0, 2)


async def test_a_direct_line_brings_registers_and_their_latency(served, inverter):
    async with served(inverter) as line:
        answer = await line.ask(QUESTION)
        assert answer.payload == bytes.fromhex("000004d2")
        assert 0 < answer.latency_s < 1
        assert answer.trouble == ""
        assert line.way.startswith("a connection of its own to 127.0.0.1:")


async def test_a_refusal_is_an_answer(served, inverter):
    async with served(inverter) as line:
        answer = await line.ask(Question(1, Function.READ_HOLDING, 500, 1))
        assert "illegal address" in answer.trouble
        with raises(Refused):
            assert answer.payload


async def test_nobody_there_is_said_after_a_while_and_then_soon(free_port):
    settings = ModbusTcpSettings(host="127.0.0.1", port=free_port())
    line = DirectLine(ModbusTcp(settings), connected_within_s=0.05)
    for _ in range(2):
        assert isinstance((await line.ask(QUESTION)).reply, NotConnected)
    await line.close()


@fixture
def controller(tmp_path):
    """Answers what it is told to; keeps what it was asked."""
    asked, answers = [], []

    def reply(question, uid):  # noqa: ARG001
        asked.append(question)
        return answers.pop(0)

    plant = str((tmp_path / "plant.yaml").resolve())
    reception = Reception(tmp_path, lambda: {"plant_file": plant}, reply)
    reception.start()
    yield asked, answers
    reception.stop()


async def test_through_the_controller_the_same_question_goes(controller, tmp_path):
    asked, answers = controller
    line = ControllerLine(tmp_path, tmp_path / "plant.yaml", "inv", force=True)
    answers.append({"payload": "000004d2", "latency_s": 0.25})
    answer = await line.ask(Question(1, Function.WRITE_MANY, 7, 1, b"\x12\x34"))
    assert (answer.payload, answer.latency_s) == (bytes.fromhex("000004d2"), 0.25)
    assert asked[0]["exchange"] == {
        "function": 16,
        "address": 7,
        "count": 1,
        "payload": "1234",
        "station": 1,
        "write_address": 0,
    }
    assert (asked[0]["device"], asked[0]["force"]) == ("inv", True)
    answers.append({"error": ["nobody may"]})
    with raises(RefusedByController, match="nobody may"):
        await line.ask(QUESTION)


async def test_a_controller_that_has_ended_is_said(tmp_path):
    line = ControllerLine(tmp_path, tmp_path / "plant.yaml", "inv")
    with raises(RefusedByController, match="ended"):
        await line.ask(QUESTION)


def test_errors_come_through_as_what_they_are():
    said = {"failed": {"kind": "Refused", "text": "x", "code": 6}}
    reply = reply_of(json.loads(json.dumps(said)))
    assert isinstance(reply, Refused)
    assert reply.code == 6
    silent = reply_of({"failed": {"kind": "NoReply", "text": "late", "code": None}})
    assert isinstance(silent, NoReply)
    assert str(silent) == "late"


def test_it_runs_only_where_it_runs_this_plant(controller, tmp_path):
    assert controller is not None
    assert runs(tmp_path, tmp_path / "plant.yaml")
    assert not runs(tmp_path, tmp_path / "other.yaml")
    assert not runs(tmp_path / "nowhere", tmp_path / "plant.yaml")
