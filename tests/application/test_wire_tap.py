from ppc.application.wire_tap import WireTap
from ppc.communication.driver.base import Exchange, Function
from ppc.communication.errors import NoReply


class Driver:
    def __init__(self):
        self.waiting, self.replies = [], []

    def submit(self, exchange):
        if exchange in self.waiting:
            return False
        self.waiting.append(exchange)
        return True

    def answer(self, reply):
        self.waiting.pop(0).done(reply)


def test_exchanges_are_kept_and_go_on_as_before():
    driver, came, now = Driver(), [], [0.0]
    tap = WireTap(driver, lambda: now[0])
    read = Exchange(3, Function.READ_HOLDING, 7, 2, done=came.append)
    own = read.done
    assert driver.submit(read)
    assert not driver.submit(read)
    now[0] = 0.5
    driver.answer(b"\x00\x01\x00\x02")
    assert came == [b"\x00\x01\x00\x02"]
    assert read.done is own or read.done == own
    write = Exchange(
        4, Function.WRITE_MANY, 9, 1, payload=b"\x00\x05", done=came.append
    )
    driver.submit(write)
    driver.answer(NoReply("late"))
    (first,) = tap.after(0, 3)
    assert (first.number, first.latency_s, first.address) == (1, 0.5, 7)
    assert first.as_dict()["read"] == "00010002"
    (second,) = tap.after(0, 4)
    assert second.as_dict()["written"] == "0005"
    assert second.as_dict()["failed"] == "late"
    assert tap.after(1, 3) == []


def test_nobody_watching_it_is_taken_off():
    driver, now = Driver(), [0.0]
    tap = WireTap(driver, lambda: now[0])
    assert "submit" in vars(driver)
    now[0] = 6.0
    for _ in range(2):
        driver.submit(Exchange(3, Function.READ_HOLDING, 7, 2))
        driver.answer(b"")
    assert not tap.listens
    assert "submit" not in vars(driver)
    assert len(tap.after(0, 3)) == 1
