import asyncio
import os

from pytest import raises

from ppc.commissioning.earshot import SerialEar
from ppc.communication.driver.settings import SerialSettings
from tests.commissioning.test_bus import ANSWER, QUESTION, line_of
from tests.communication.driver.lines import Line


async def test_frames_of_a_line_are_heard_and_nothing_is_sent():
    with Line() as line:
        heard = []
        ear = SerialEar(heard.append)
        await ear.open(SerialSettings(device=line.ends[0], baudrate=9600, parity="N"))
        other = os.open(line.ends[1], os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        os.write(other, b"\x99" + line_of(QUESTION)[:5])
        await asyncio.sleep(0.005)
        os.write(other, line_of(QUESTION, ANSWER)[5:])
        for _ in range(100):
            if len(heard) == 2:
                break
            await asyncio.sleep(0.01)
        assert [bytes((f.station,)) + f.pdu for f in heard] == [QUESTION, ANSWER]
        assert ear.lost_count == 1
        with raises(BlockingIOError):
            os.read(other, 100)
        ear.close()
        os.close(other)


async def test_a_port_that_is_not_there_is_said():
    with raises(OSError, match="cannot be opened"):
        await SerialEar(print).open(SerialSettings(device="/dev/not_there"))
