from pytest import mark, raises

from ppc.commissioning.maker_table import NoTable, parse, plain

GERMAN = """Energiezähler XY;;;
;;;
Registeradresse;Bezeichnung;Datentyp;Einheit;Faktor;Zugriff;Länge
40001;Spannung L1-N;UINT32;V;0,1;R;2
Kapitel 2;;;;;;
40003;Strom L1;UINT32;A;0,001;R;2
"""
ENGLISH = """No.,Signal Name,R/W,Type,Unit,Gain,Address,Quantity
1,"Power, active",RO,I32,kW,1000,32080,2
"""


def test_columns_are_found_by_their_german_names():
    table = parse(GERMAN)
    assert dict(table.heads) == {
        "address": "Registeradresse", "name": "Bezeichnung", "type": "Datentyp",
        "unit": "Einheit", "scale": "Faktor", "access": "Zugriff", "length": "Länge",
    }  # fmt: skip
    assert [row["name"] for row in table.rows] == ["Spannung L1-N", "Strom L1"]
    assert [row.line for row in table.rows] == [4, 6]
    assert table.rows[0]["scale"] == "0,1"
    assert table.rows[0]["function"] == ""


def test_columns_are_found_by_their_english_names():
    table = parse(ENGLISH)
    assert table.heads["divisor"] == "Gain"
    assert table.heads["length"] == "Quantity"
    assert table.heads["address"] == "Address"
    assert table.rows[0]["name"] == "Power, active"


@mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separators(sign):
    text = sign.join(("Register", "Name", "Type")) + "\n" + sign.join(("7", "P", "u16"))
    assert parse(text).rows[0]["address"] == "7"


def test_columns_may_be_told():
    text = "Wo,Was,Wie\n7,P,u16\n"
    table = parse(text, {"address": "Wo", "name": "Was", "type": "wie"})
    assert table.rows[0].cells == {"address": "7", "name": "P", "type": "u16"}
    with raises(NoTable, match="no column is called wann"):
        parse(text, {"address": "Wo", "name": "Wann"})


@mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "no column of address nor name is found; --columns"),
        ("Address,Name\n,\n", "no row has an address"),
        ("", "no column"),
    ],
)
def test_what_is_no_table_is_said(text, why):
    with raises(NoTable, match=why):
        parse(text)


def test_names_are_compared_without_their_looks():
    assert plain("  Maßeinheit (Größe)/R_W") == "masseinheit grosse r w"
