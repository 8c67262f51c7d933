"""Scripts, carried on by replies and by time."""

from ppc.application.errand import Asking, Errand, Pause, Unmet
from ppc.communication.driver.base import Exchange, Function
from ppc.communication.errors import NoReply


class Driver:
    """Answers nothing by itself; `fails` at once."""

    def __init__(self, fails=None):
        self.asked, self.fails = [], fails

    def submit(self, exchange):
        if self.fails:
            raise self.fails
        self.asked.append(exchange)
        return True


class Rig:
    def __init__(self, script, **driver):
        self.driver, self.later, self.ended = Driver(**driver), [], []
        self.errand = Errand(
            self.driver,
            lambda delay_s, action: self.later.append((delay_s, action)),
            script,
            self.ended.append,
        )
        self.errand.start()


def exchange():
    return Exchange(1, Function.READ_HOLDING, 0, 1)


async def script():
    first = await Asking(exchange())
    await Pause(2.0)
    try:
        await Asking(exchange())
    except NoReply:
        return first, "silent"


def test_a_script_goes_from_reply_to_reply():
    rig = Rig(script())
    rig.driver.asked[0].done(b"ab")
    ((delay_s, action),) = rig.later
    assert delay_s == 2.0
    assert len(rig.driver.asked) == 1
    action()
    rig.driver.asked[1].done(NoReply("x"))
    assert rig.ended == [(b"ab", "silent")]


def test_a_reply_nobody_expects_ends_it():
    rig = Rig(script())
    rig.driver.asked[0].done(trouble := NoReply("x"))
    assert rig.ended == [trouble]


def test_one_that_is_cancelled_does_nothing_more():
    rig = Rig(script())
    rig.errand.cancel()
    rig.driver.asked[0].done(b"ab")
    assert rig.ended == rig.later == []


def test_a_request_that_cannot_be_made_is_no_end_of_the_link():
    rig = Rig(script(), fails=ValueError("address 70000"))
    (trouble,) = rig.ended
    assert isinstance(trouble, Unmet)
    assert str(trouble) == "address 70000"


def test_a_mistake_in_a_script_is_told():
    async def wrong():
        raise ValueError("value is out of range")

    rig = Rig(wrong())
    assert str(rig.ended[0]) == "value is out of range"
