from enum import StrEnum

from pytest import mark

from ppc.metier.mode_machine import ModeMachine


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    AMBER = "amber"


TABLE = (
    (Light.RED, Light.GREEN, lambda n: n > 0),
    (Light.RED, Light.AMBER, lambda n: n > 1),
    (Light.GREEN, Light.RED, lambda n: n < 0),
    (Light.GREEN, Light.AMBER, lambda n: n > 4),
    (Light.AMBER, Light.RED, lambda n: n < 0),
)


def machine() -> ModeMachine[Light, int]:
    return ModeMachine(Light.RED, TABLE)


@mark.parametrize(
    ("sequence", "mode"),
    [
        ([0], Light.RED),
        ([1], Light.GREEN),
        ([2], Light.GREEN),  # both guards hold: the first line wins
        ([5], Light.GREEN),  # and the next one has to wait
        ([5, 5], Light.AMBER),
        ([1, 1], Light.GREEN),
        ([1, -1], Light.RED),
    ],
)
def test_one_transition_at_most_in_each_scan(sequence: list[int], mode: Light):
    lights = machine()
    for time_s, n in enumerate(sequence):
        lights.scan(n, time_s)
    assert lights.state is mode


def test_it_knows_how_long_it_has_been_in_its_mode():
    lights = machine()
    lights.scan(0, 100.0)
    assert lights.in_mode_s(103.0) == 3.0
    lights.scan(1, 105.0)
    assert lights.in_mode_s(105.0) == 0.0
    lights.scan(1, 107.0)
    assert lights.in_mode_s(107.0) == 2.0


def test_no_mode_can_be_reached_but_by_the_table():
    assert not [name for name in dir(machine()) if name.startswith("to_")]
