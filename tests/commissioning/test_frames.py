from ppc.commissioning.frames import request
from ppc.commissioning.line import Question
from ppc.communication.driver.base import Function


def test_requests_as_on_the_wire():
    """Examples of Modbus Application Protocol V1.1b3, 6.3, 6.6, 6.12."""
    read = Question(17, Function.READ_HOLDING, 107, 3)
    assert request(read).hex(" ") == "11 03 00 6b 00 03"
    one = Question(17, Function.WRITE_ONE, 1, 1, b"\x00\x03")
    assert request(one).hex(" ") == "11 06 00 01 00 03"
    many = Question(17, Function.WRITE_MANY, 1, 2, b"\x00\x0a\x01\x02")
    assert request(many).hex(" ") == "11 10 00 01 00 02 04 00 0a 01 02"
