from pytest import mark

from ppc.commissioning.signs import Step, conclusions, meter_turned, verdict


def step(unit_moved, meter_moved, unit="b1", quantity="P"):
    return Step(unit, quantity, 100.0, unit_moved, meter_moved)


@mark.parametrize(
    ("unit", "meter", "said"),
    [
        (98, 97, "right"),
        (None, 97, "right"),
        (-98, 97, "its measured P is turned"),
        (-98, -97, "its set-point of P is turned"),
        (98, -97, "set-point and measurement, is turned, or the meter is"),
        (0, 0, "does not follow"),
        (98, 3, "the meter does not show its P"),
        (98, 900, "or others moved, too"),
        (3, 97, "does not show what the meter shows"),
        (-98, 3, "moves the wrong way"),
        (None, -97, "its set-point of P is turned, or the meter is"),
    ],
)
def test_who_is_turned_follows_from_who_moves(unit, meter, said):
    assert said in verdict(step(unit, meter))


def test_a_step_downwards_is_judged_the_same():
    assert Step("b1", "Q", -100.0, -98.0, -97.0).right
    assert not Step("b1", "Q", -100.0, -98.0, 97.0).right


def test_a_meter_that_every_unit_contradicts_is_turned():
    steps = [step(98, -97, unit) for unit in ("b1", "b2")]
    assert meter_turned(steps, "P")
    assert conclusions(steps) == ["the meter's P is turned: every unit says so"]
    assert not meter_turned(steps[:1], "P")
    mixed = [*steps, step(98, 97, "b3")]
    assert len(conclusions(mixed)) == 2
    assert conclusions([step(98, 97)]) == []
