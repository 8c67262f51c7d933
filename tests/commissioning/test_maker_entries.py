from ppc.commissioning.maker_entries import bases_of, entries, notation, table_of
from ppc.commissioning.maker_table import parse


def rows(text):
    remarks = []
    return list(entries(parse(text), remarks)), remarks


def test_a_row_is_understood_whole():
    (entry,), _ = rows(
        "Address,Name,Type,Unit,Gain,R/W\n0x10,Active power,I32,kW,10,RO\n"
    )
    assert (entry.place.first, entry.form.type, entry.unit) == (16, "s32", "W")
    assert entry.factor == 100.0
    assert entry.guess.key == "p_w"
    assert not entry.writable


def test_what_is_not_understood_is_said_with_its_line():
    found, remarks = rows("Address,Name,Type\n1,a,quux\n2,b,U16\n")
    assert [e.row["name"] for e in found] == ["b"]
    assert remarks == ["line 2: a: quux: a type nobody here knows"]


def test_a_unit_in_the_name_counts():
    (entry,), _ = rows("Address,Name,Type\n1,Active power [kW],S16\n")
    assert (entry.unit, entry.factor) == ("W", 1e3)


def test_lengths_in_bytes_and_bits():
    for head, size in (("Bytes length", 4), ("Length (bit)", 32), ("Words", 2)):
        (entry,), _ = rows(f"Address,Name,Type,{head}\n1,a,U32,{size}\n")
        assert entry.form.type == "u32"


def test_who_may_be_written():
    for word, writable in (("RW", True), ("R/W", True), ("RO", False), ("R", False)):
        (entry,), _ = rows(f"Address,Name,Type,Access\n1,a,U16,{word}\n")
        assert entry.writable is writable


def test_notations_of_addresses():
    found, _ = rows("Address,Name,Type\n40001,a,U16\n30005,b,U16\n")
    remarks = []
    assert bases_of(found, None, remarks) == {"input": 30001, "holding": 40001}
    assert "40001 is register 0" in remarks[0]
    assert [notation(e) for e in found] == ["holding", "input"]
    assert [table_of(e, notation_counts=True) for e in found] == ["holding", "input"]
    assert [table_of(e, notation_counts=False) for e in found] == ["holding"] * 2
    assert bases_of(found, 1, []) == {"input": 1, "holding": 1}
    found, _ = rows("Address,Name,Type\n40001,a,U16\n5,b,U16\n")
    assert bases_of(found, None, []) == {}


def test_function_codes_tell_the_table():
    found, _ = rows("Address,Name,Type,Function code\n1,a,U16,04\n2,b,U16,03\n")
    assert [table_of(e, notation_counts=True) for e in found] == ["input", "holding"]
