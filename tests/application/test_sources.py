"""Several who order: their stations, and what comes of it."""

import struct
from pathlib import Path
from types import SimpleNamespace

from pytest import approx, fixture, raises

from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.application.sources import Sources
from ppc.communication.errors import Refused
from ppc.communication.server.base import Caller
from ppc.configuration.scada import ScadaSection
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

MAP = NorthboundMap.load(
    Path(__file__).parents[2] / "config" / "northbound" / "scada.yaml"
)
AT = {r.key: r for r in MAP.registers}
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
HERE = Caller("127.0.0.1", 5502)
OPERATOR = {"name": "operator", "unit": 1}
MARKETER = {"name": "marketer", "unit": 2, "keys": ["p_set_w", "q_set_var"]}
LOCAL = {"name": "local", "unit": 3}


class Desks:
    """All stations, with the time in the test's hands."""

    def __init__(self, *sources):
        self.now_s = 0.0
        self.sources = Sources(ScadaSection.model_validate({"sources": sources}))
        self.find = self.sources.directory(
            SimpleNamespace(
                northbound=MAP,
                connection_point=PLANT,
                plant=SimpleNamespace(devices={}, plant=SimpleNamespace(name="test")),
                functions=(),
            ),
            view=lambda: None,
            now_s=lambda: self.now_s,
        )

    def at(self, unit, caller=HERE):
        return self.find(caller, unit)

    def write(self, unit, **values):
        for name, value in values.items():
            register = AT[Key(name)]
            packed = struct.pack(f">{register.type.code}", value)
            self.at(unit).write(register.address, packed)

    @property
    def now(self):
        return self.sources.at(self.now_s)


@fixture
def three():
    return Desks(OPERATOR, MARKETER, LOCAL)


def test_a_lone_operator_answers_at_every_unit():
    desks = Desks()
    stations = {unit: desks.at(unit) for unit in range(256)}
    assert [unit for unit, station in stations.items() if station] == [0, 1, 255]
    assert stations[0] is stations[1] is stations[255]
    desks.write(255, p_set_w=1e6)
    assert desks.now.orders.p_set_w == 1e6
    assert desks.now.asked_by == {"p_set_w": "operator"}
    with raises(Refused):
        desks.write(1, local_code=1)


def test_each_source_has_its_unit(three):
    assert [unit for unit in range(256) if three.at(unit)] == [1, 2, 3]
    three.write(2, p_set_w=5e6)
    three.write(1, p_limit_max_w=3e6)
    orders, asked_by = three.now
    assert (orders.p_set_w, orders.p_limit_max_w) == (5e6, 3e6)
    assert asked_by == {"p_set_w": "marketer", "p_limit_max_w": "operator"}
    with raises(Refused):
        three.write(2, p_limit_max_w=9e6)


def test_in_local_mode_only_the_plant_s_own_desk_sets_points(three):
    three.write(2, p_set_w=5e6)
    three.write(1, p_limit_max_w=3e6, q_set_var=1e6)
    three.write(3, p_set_w=1e6)
    assert three.now.asked_by["p_set_w"] == "marketer"
    with raises(Refused):
        three.write(2, local_code=1)
    three.write(3, local_code=1)
    orders, asked_by = three.now
    assert (orders.p_set_w, orders.q_set_var, orders.p_limit_max_w) == (1e6, None, 3e6)
    assert asked_by["p_set_w"] == "local"
    three.now_s = 1000.0  # silence gives nothing back
    assert three.sources.local_mode()
    three.write(3, local_code=0)
    three.write(2, p_set_w=4e6)
    assert three.now.orders.p_set_w == 4e6


def test_each_is_lost_on_its_own():
    desks = Desks(OPERATOR | {"heartbeat_timeout_s": 5}, MARKETER, LOCAL)
    desks.write(1, heartbeat_in=1, p_set_w=1e6, p_limit_max_w=3e6, enable_code=0)
    desks.write(2, heartbeat_in=1, p_set_w=2e6)
    assert desks.now.orders.p_set_w == 1e6
    assert desks.sources.left_s(0.0) == approx(5.0)
    desks.now_s = 5.1
    orders, asked_by = desks.now
    assert orders.p_set_w == 2e6
    assert (orders.p_limit_max_w, orders.enable_code) == (3e6, 0.0)  # no release
    assert asked_by["p_limit_max_w"] == "operator"
    desks.now_s = 10.1
    assert desks.now.orders.p_set_w is None


def test_fallback_none_leaves_all_to_the_functions():
    desks = Desks(OPERATOR | {"fallback": "none"}, MARKETER)
    desks.write(1, p_limit_max_w=3e6)
    desks.now_s = 61.0
    assert desks.now.orders.p_limit_max_w is None
