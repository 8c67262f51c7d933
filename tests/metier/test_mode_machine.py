from enum import StrEnum
from importlib import import_module
from itertools import product

from pytest import mark

from ppc.metier import FUNCTIONS
from ppc.metier.mode_machine import ModeMachine, whatever_before


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


def test_a_table_that_asks_for_the_inputs_only_leads_from_every_mode_to_every_other():
    when = {Light.AMBER: lambda n: n == 1, Light.RED: lambda n: n > 1}
    table = [(str(source), str(dest)) for source, dest, _ in whatever_before(when)]
    assert table == [
        ("red", "amber"),
        ("green", "amber"),
        ("green", "red"),
        ("amber", "red"),
    ]


def whole_tables():
    for name in FUNCTIONS:
        module = import_module(f"ppc.metier.{name}.state_machine")
        if hasattr(module, "whatever_before"):
            yield name, module


def test_in_a_whole_table_exactly_one_guard_holds_whatever_is_seen():
    seen = 0
    for name, module in whole_tables():
        guards = dict.fromkeys(guard for _, _, guard in module.TRANSITIONS)
        assert len(guards) == len(module.Mode), name
        for flags in product((False, True), repeat=len(module.Inputs._fields)):
            holding = [g for g in guards if g(module.Inputs(*flags))]
            assert len(holding) == 1, (name, flags, holding)
            seen += 1
    assert seen > 0
