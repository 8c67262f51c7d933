"""A device in its slot: every register, byte by byte."""

import struct
from pathlib import Path

from pytest import fixture, mark, raises

from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.northbound.unit_map import ANSWERS, SILENT, unit_registers
from ppc.adapter.northbound.unit_segment import Duty, Facts, UnitSegment
from ppc.adapter.plant_view import PlantView
from ppc.communication.errors import Refused
from ppc.datamodel.command import Command, Decision, Step
from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Quality, SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key

UNITS = NorthboundMap.load(
    Path(__file__).parents[3] / "config" / "northbound" / "scada.yaml"
).units
RATING = UnitRating("bess1", EquipmentType.BESS, 2.2e6, 2e6, -2e6, 2.2e6, 4e6)
GOOD = Facts(ANSWERS, Quality.GOOD, 0.123, {Key.F_HZ: 50.0, Key.P_W: 7.0})


def view(**said):
    unit = Unit(RATING, 1e6, -2e5, 1.5e6, -2e6, 0.5, 2.0)._replace(**said)
    decision = Decision(
        time_s=10.0, expires_s=11.0, p_w=0.0, q_var=0.0, p_units_w=0.0, q_units_var=0.0,
        p_shortfall_w=0.0, q_shortfall_var=0.0, p_limited_by="", q_limited_by="",
        offered=Envelope(), capability=Envelope(),
        commands=(Command("bess1", 9e5, -1e5),), trace=(Step("x", "ok", Envelope()),),
    )  # fmt: skip
    obs = SystemObs(time_s=10.0, dt_s=0.1, bess={"bess1": unit})
    return PlantView(obs, decision, Quality.GOOD, 9.95, 0)


class Slot:
    def __init__(self, kind=EquipmentType.BESS, facts=GOOD, order="big"):
        self.name = "bess1" if kind is EquipmentType.BESS else "poi"
        self.segment = UnitSegment(
            *(UNITS, 3, self.name, kind),
            rating=RATING if kind is EquipmentType.BESS else None,
            facts=lambda _: facts,
            duty=Duty(),
            word_order=order,
        )
        shown = unit_registers(UNITS, self.name, 3, order)
        self.at = {r.name.partition(".")[2]: r for r in shown}

    def raw(self, name, seen=None):
        register = self.at[name]
        first = 2 * (register.address - self.segment.address)
        shown = self.segment.render(seen or view(), 10.0)
        assert len(shown) == 2 * self.segment.count
        return shown[first : first + 2 * register.size]


@fixture(name="slot")
def _slot():
    return Slot()


@mark.parametrize(
    ("name", "address", "payload"),
    [
        ("name", 1080, b"bess1" + bytes(11)),
        ("slot_count", 1088, b"\0\3"),
        ("type_code", 1089, b"\0\1"),
        ("state_code", 1090, b"\0\2"),
        ("in_service_code", 1091, b"\0\1"),
        ("link_code", 1092, b"\0\2"),
        ("quality_code", 1093, b"\0\0"),
        ("age_s", 1094, struct.pack(">I", 123)),
        ("p_w", 1096, struct.pack(">f", 1e6)),
        ("q_var", 1098, struct.pack(">f", -2e5)),
        ("p_sent_w", 1100, struct.pack(">f", 9e5)),
        ("q_sent_var", 1102, struct.pack(">f", -1e5)),
        ("p_available_w", 1104, struct.pack(">f", 1.5e6)),
        ("p_available_min_w", 1106, struct.pack(">f", -2e6)),
        ("soc_pu", 1108, struct.pack(">f", 0.5)),
        ("v_v", 1110, b"\x7f\xc0\0\0"),
        ("f_hz", 1112, struct.pack(">f", 50.0)),
        ("s_max_va", 1114, struct.pack(">f", 2.2e6)),
        ("e_max_wh", 1116, struct.pack(">f", 4e6)),
    ],
)
def test_every_register_of_a_slot(slot, name, address, payload):
    assert slot.at[name].address == address
    assert slot.raw(name) == payload


def test_all_registers_are_in_the_list_above(slot):
    assert len(slot.at) == 19


def test_what_is_not_known_says_so(slot):
    unknown = view(p_w=None, state_code=None)
    assert slot.raw("p_w", unknown) == b"\x7f\xc0\0\0"
    assert slot.raw("state_code", unknown) == b"\xff\xff"
    assert slot.raw("in_service_code", unknown) == b"\0\0"
    silent = Slot(facts=Facts(SILENT, Quality.OLD_DATA))
    assert silent.raw("age_s") == b"\xff" * 4
    assert silent.raw("link_code") + silent.raw("quality_code") == b"\0\1\0\1"


def test_a_meter_shows_what_the_wire_told():
    meter = Slot(EquipmentType.POI)
    assert meter.raw("type_code") == b"\0\3"
    assert meter.raw("p_w") == struct.pack(">f", 7.0)
    assert meter.raw("p_sent_w") == b"\x7f\xc0\0\0"
    assert meter.raw("s_max_va") == b"\x7f\xc0\0\0"


def test_before_the_first_cycle_the_wire_alone_tells(slot):
    shown = slot.segment.render(None, 0.0)
    assert shown[:6] == b"bess1\0"
    assert shown[32:36] == struct.pack(">f", 7.0)


def test_words_may_be_the_other_way_round():
    assert Slot(order="little").raw("p_w") == b"\x24\0\x49\x74"


def test_a_slot_cannot_be_written(slot):
    with raises(Refused):
        slot.segment.write(1096, b"\0\0\0\0", 0.0)
