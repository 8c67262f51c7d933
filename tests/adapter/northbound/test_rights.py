from pytest import mark, raises

from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.rights import Rights
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused


class Notebook:
    """A station that remembers what it was asked."""

    def __init__(self):
        self.asked = []

    def read(self, _, address, count):
        self.asked.append(("read", address))
        return bytes(2 * count)

    def write(self, address, _):
        self.asked.append(("write", address))


@mark.parametrize("may_read", [False, True])
@mark.parametrize("may_write", [False, True])
def test_what_is_not_allowed_does_not_reach_the_station(may_read, may_write):
    station, refusals = Notebook(), Refusals("trader")
    rights = Rights(station, refusals, read=may_read, write=may_write)
    for allowed, what, ask in (
        (may_read, "read", lambda: rights.read(Table.HOLDING, 7, 2)),
        (may_write, "write", lambda: rights.write(7, b"\0\0")),
    ):
        if allowed:
            ask()
            assert station.asked.pop() == (what, 7)
            continue
        before = refusals.count
        with raises(Refused) as refusal:
            ask()
        assert refusal.value.code == ExceptionCode.ILLEGAL_FUNCTION
        assert refusals.count == before + 1
    assert station.asked == []
