"""Several who order: their stations, and what comes of it."""

import struct
from pathlib import Path
from types import SimpleNamespace

from pytest import approx, fixture, raises

from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.application.scada_segments import NOTHING, Behind
from ppc.application.sources import Sources
from ppc.communication.driver.base import Table
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

    def __init__(self, *sources, behind=NOTHING, **scada):
        self.now_s = 0.0
        self.sources = Sources(
            ScadaSection.model_validate({"sources": sources, **scada})
        )
        self.find = self.sources.directory(
            SimpleNamespace(
                northbound=MAP,
                connection_point=PLANT,
                plant=SimpleNamespace(devices={}, plant=SimpleNamespace(name="test")),
                functions=(),
            ),
            view=lambda: None,
            now_s=lambda: self.now_s,
            behind=behind,
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


FAR = Caller("192.0.2.7", 5502)


def refusal_of(ask):
    with raises(Refused) as refusal:
        ask()
    return refusal.value.code


def test_a_unit_id_alone_orders_from_this_machine_only(three):
    p_set = AT[Key.P_SET_W].address
    for unit in (1, 2, 3):
        far, near = three.at(unit, FAR), three.at(unit)
        assert far.read(Table.HOLDING, 0, 1) == near.read(Table.HOLDING, 0, 1)
        assert refusal_of(lambda s=far: s.write(p_set, struct.pack(">f", 1e6))) == 1
    assert three.now.orders.p_set_w is None
    three.now_s = 1.0
    count = three.at(1).read(Table.HOLDING, AT[Key.REJECTED_COUNT].address, 1)
    assert count == b"\0\1"


def test_who_calls_from_his_network_orders_and_nobody_else():
    desks = Desks(OPERATOR | {"from": ["192.0.2.0/24"]}, LOCAL)
    payload = struct.pack(">f", 1e6)
    desks.at(1, FAR).write(AT[Key.P_SET_W].address, payload)
    assert desks.now.orders.p_set_w == 1e6
    assert desks.at(1) is None
    assert desks.at(1, Caller("198.51.100.1", 5502)) is None


def test_who_may_not_read_is_told_so():
    desks = Desks(OPERATOR | {"read": False}, LOCAL)
    station = desks.at(1)
    assert refusal_of(lambda: station.read(Table.HOLDING, 0, 1)) == 1
    desks.write(1, p_set_w=1e6)
    assert desks.now.orders.p_set_w == 1e6


def test_readers_see_the_plant_and_no_orders():
    desks = Desks(OPERATOR, readers=["192.0.2.0/24"])
    desks.write(1, p_set_w=1e6)
    station = desks.at(77, FAR)
    register = AT[Key.P_ACCEPTED_W]
    assert station.read(Table.HOLDING, register.address, 2) == bytes.fromhex("7fc00000")
    payload = struct.pack(">f", 2e6)
    assert refusal_of(lambda: station.write(AT[Key.P_SET_W].address, payload)) == 1
    assert desks.at(77, Caller("198.51.100.1")) is None


def test_where_there_is_one_operator_his_network_may_be_told():
    desks = Desks(**{"from": ["192.0.2.0/24"]})
    desks.at(1, FAR).write(AT[Key.P_SET_W].address, struct.pack(">f", 1e6))
    assert desks.now.orders.p_set_w == 1e6
    assert desks.at(1) is None


def test_a_source_goes_by_its_own_rules_or_those_of_all():
    desks = Desks(
        OPERATOR | {"policy": "clamp"},
        MARKETER | {"take": "commit"},
        rate_pu_per_s={"p_set_w": 0.1},
    )
    rules = [source.rules for source in desks.sources.all]
    assert [(r.take, r.policy) for r in rules] == [
        ("write", "clamp"),
        ("commit", "reject"),
    ]
    assert all(r.rate_pu_per_s == {Key.P_SET_W: 0.1} for r in rules)
    desks.write(1, p_set_w=99e6)
    desks.write(2, q_set_var=1e6)
    assert (desks.now.orders.p_set_w, desks.now.orders.q_set_var) == (10e6, None)
    desks.write(2, sequence_code=9)
    assert desks.now.orders.q_set_var == 1e6


def test_lives_are_heard_from_beginning_to_end():
    due, heard = [], []
    behind = Behind(lived=heard.append, later=lambda _, action: due.append(action))
    desks = Desks(OPERATOR, behind=behind)
    desks.write(1, p_set_w=1e6)
    desks.now_s = 61.0
    due.pop()()
    assert len(due) == 1  # and again, after a while
    assert [step.state for step in heard] == ["received", "accepted", "expired"]
    assert {(step.source, step.key, step.number) for step in heard} == {
        ("operator", "p_set_w", 1)
    }
