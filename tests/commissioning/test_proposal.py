from pytest import mark

from ppc.commissioning.proposal import proposed
from ppc.keys import Key


@mark.parametrize(
    ("name", "unit", "key"),
    [
        ("Active power", "W", Key.P_W),
        ("Total active power", "W", Key.P_W),
        ("Wirkleistung gesamt", "W", Key.P_W),
        ("P total", "W", Key.P_W),
        ("Active Power L2", "W", Key.P_L2_W),
        ("Wirkleistung Phase 3", "W", Key.P_L3_W),
        ("Reactive power", "var", Key.Q_VAR),
        ("Blindleistung gesamt", "var", Key.Q_VAR),
        ("Grid frequency", "Hz", Key.F_HZ),
        ("Netzfrequenz", "Hz", Key.F_HZ),
        ("Voltage L1-N", "V", Key.V_L1_V),
        ("Spannung L3-N", "V", Key.V_L3_V),
        ("Phase B voltage", "V", Key.V_L2_V),
        ("Line voltage between phases A and B", "V", Key.V_V),
        ("Spannung L1-L2", "V", Key.V_V),
        ("U12", "V", Key.V_V),
        ("SOC", "pu", Key.SOC_PU),
        ("State of charge", "pu", Key.SOC_PU),
        ("Ladezustand", "pu", Key.SOC_PU),
        ("Active energy export", "Wh", Key.E_EXPORT_WH),
        ("Wirkenergie Bezug", "Wh", Key.E_IMPORT_WH),
        ("Max discharge power", "W", Key.P_AVAILABLE_W),
        ("Max charge power", "W", Key.P_AVAILABLE_MIN_W),
    ],
)
def test_what_is_clear_is_proposed(name, unit, key):
    guess = proposed(name, unit, writable=False)
    assert guess is not None
    assert guess.key is key
    assert not guess.command
    assert guess.factor == (-1.0 if key is Key.P_AVAILABLE_MIN_W else 1.0)


@mark.parametrize(
    ("name", "unit"),
    [
        ("DC power", "W"), ("Rated power", "W"), ("PV1 input power", "W"),
        ("Apparent power", "VA"), ("Peak active power of the day", "W"),
        ("Active power", "pu"), ("Voltage", "V"), ("Voltage L2-L3", "V"),
        ("Current", "A"), ("Reactive power L1", "var"),
        ("State of health", "pu"), ("Total energy", "Wh"),
        ("Max frequency", "Hz"), ("Neutral voltage", "V"),
        ("Reactive energy export", "Wh"),
        ("Load power", "W"), ("Active power limit", "W"), ("Power factor", ""),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_left_to_people(name, unit):
    assert proposed(name, unit, writable=False) is None


def test_set_points_are_those_that_can_be_written():
    p = proposed("Active power setpoint", "W", writable=True)
    q = proposed("Sollwert Blindleistung", "var", writable=True)
    assert (p.key, p.command) == (Key.P_SET_W, True)
    assert (q.key, q.command) == (Key.Q_SET_VAR, True)
    assert proposed("Active power limit setpoint", "W", writable=True) is None
