import yaml
from pytest import approx

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.maker_table import parse
from ppc.commissioning.new_profile import draft, written

METER = """Registeradresse;Bezeichnung;Datentyp;Einheit;Faktor;Zugriff
40001;Spannung L1-N;UINT32;V;0,1;R
40003;Spannung L2-N;UINT32;V;0,1;R
40005;Spannung L3-N;UINT32;V;0,1;R
40013;Netzfrequenz;UINT16;Hz;0,01;R
40015;Wirkleistung gesamt;INT32;kW;0,001;R
40017;Blindleistung gesamt;INT32;kvar;0,001;R
40031;Seriennummer;STRING[16];;;R
40055;Wirkenergie Einspeisung;UINT64;Wh;1;R
40061;Betriebsart (0: aus, 1: ein);UINT16;;;R/W
40061;Betriebsart noch einmal;UINT16;;;R
"""
BATTERY = """Address,Name,Type,Unit,Gain,R/W
0x100,Active power,I32,kW,1000,RO
0x102,State of charge,U16,%,10,RO
0x103,State of charge,U16,%,10,RO
0x200,Active power setpoint,I32,kW,1000,RW
0x202,Reactive power setpoint,I32,kvar,1000,RW
"""


def test_a_meter_becomes_a_profile_that_is_sound():
    drafted = draft(parse(METER), source="test")
    profile = DeviceProfile.of(yaml.safe_load(written(drafted.profile, "head\nmore")))
    assert profile.type == "poi"
    points = {p.label: p for p in profile.points}
    assert points["f_hz"].address == 12
    assert points["f_hz"].valid == (40, 70)
    assert points["p_w"].scale == 1.0
    assert points["e_export_wh"].every_s == 10
    assert points["seriennummer"].length == 8
    assert points["betriebsart"].words == {0: "aus", 1: "ein"}
    assert points["betriebsart"].writable
    (line,) = profile.sums
    assert sum(230.0 * factor for factor in line.of.values()) == approx(398.4, abs=0.1)
    assert any("registers of another row" in remark for remark in drafted.remarks)


def test_a_battery_becomes_one_with_set_points():
    drafted = draft(parse(BATTERY), source="test", word_order="little")
    profile = DeviceProfile.of(yaml.safe_load(written(drafted.profile, "")))
    assert (profile.type, profile.word_order) == ("bess", "little")
    assert [g.keys for g in profile.commands] == [("p_set_w",), ("q_set_var",)]
    assert profile.commands[0].address == 0x200
    points = {p.label: p for p in profile.points}
    assert points["soc_pu"].scale == approx(0.001)
    assert "state_of_charge" in points  # the second is for people


def test_what_is_missing_is_said():
    drafted = draft(parse("Address,Name,Type\n1,a,U16\n"), source="x", kind="pv")
    said = " ".join(drafted.remarks)
    assert "nothing is found for p_w, which a pv must have" in said
    assert "nothing is found for p_set_w" in said


def test_written_addresses_may_be_told():
    drafted = draft(parse(METER), source="test", base=1)
    assert drafted.profile["points"][0]["address"] == 40000
    assert "table" not in drafted.profile["points"][0]
    odd = draft(parse("Address,Name,Type\n0,a,U16\n70000,b,U16\n"), source="x", base=1)
    assert odd.profile["points"] == []
