"""What clients may take, as plant.yaml says it, and what it may not say."""

from dataclasses import asdict, fields

from pytest import mark

from ppc.communication.server.limits import USUAL, Limits
from ppc.configuration.loading import load
from ppc.configuration.scada_limits import LimitsSection
from tests.configuration.test_loading import findings, spoil

OTHER = {
    "connections": 8,
    "connections_per_host": 4,
    "connects_per_s": 2.5,
    "idle_s": 300.0,
    "partial_s": 5.0,
    "requests_per_s": 50.0,
    "burst": 20,
    "unsent_bytes": 4096,
}


def limited(plant, **limits):
    said = ", ".join(f"{name}: {value}" for name, value in limits.items())
    spoil(plant, "scada:\n", f"scada:\n  limits: {{{said}}}\n")
    return plant


def test_what_is_left_out_is_as_usual(plant):
    assert load(plant).plant.scada.limits.limits == USUAL
    limited(plant, idle_s=300)
    assert load(plant).plant.scada.limits.limits == Limits(idle_s=300.0)


def test_every_limit_can_be_set(plant):
    assert set(OTHER) == {field.name for field in fields(Limits)}
    limited(plant, **OTHER)
    assert asdict(load(plant).plant.scada.limits.limits) == OTHER


@mark.parametrize("name", OTHER)
@mark.parametrize("value", [0, -1, 1e9, ".nan", ".inf", "many"])
def test_what_no_server_can_keep_is_named_with_its_place(plant, name, value):
    found = findings(limited(plant, **{name: value}))
    assert [f.path for f in found] == [f"scada.limits.{name}"], found


def test_one_address_has_no_more_than_all_have(plant):
    assert LimitsSection(connections=8).limits.connections == 8
    found = findings(limited(plant, connections=8, connections_per_host=9))
    assert [(f.path, f.reason) for f in found] == [
        ("scada.limits", "connections_per_host is more than connections")
    ]


def test_a_limit_there_is_not_is_named(plant):
    (found,) = findings(limited(plant, connections_pre_host=4))
    assert found.path == "scada.limits.connections_pre_host"
