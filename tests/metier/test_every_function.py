"""What holds for every control function, whatever it sees and whatever it is given."""

from math import inf, isnan
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from ppc.datamodel.envelope import ANY, Envelope, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import QMode
from ppc.metier import FUNCTIONS

PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
RIDING = {
    "energy_management",
    "fast_frequency_reserve",
    "frequency_sensitive_mode",
    "limited_frequency_sensitive_mode",
}
"""Functions whose answer rides on what others choose ..."""
RIDING_W = PLANT.p_max_w - PLANT.p_min_w
"""... and how much it may be."""
BESS = UnitRating("bess1", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)
PV = UnitRating("pv1", EquipmentType.PV, 2e6, 2e6, 0.0, 2e6)

POWERS = st.floats(-50e6, 50e6)
MAYBE = st.none() | POWERS
INTERVALS = st.just(ANY) | st.tuples(POWERS, POWERS).map(lambda p: Interval(*sorted(p)))
CODES = st.sampled_from((None, 0.0, 1.0))
SOCS = st.none() | st.floats(0.0, 1.0)
STATES = st.sampled_from((None, 0.0, 2.0, 4.0))
ENVELOPES = st.builds(
    Envelope,
    INTERVALS,
    INTERVALS,
    st.sampled_from((0.0, -1e6, 0.5e6)),
    unit_p_w=st.dictionaries(st.sampled_from(("bess1", "pv1")), INTERVALS),
    out=st.frozensets(st.sampled_from(("bess1", "pv1"))),
    p_wish_w=st.none(),
    q_wish_var=st.none(),
    p_choice_w=INTERVALS,
)
OBSERVED = st.fixed_dictionaries(
    {
        "dt_s": st.sampled_from((0.0, 0.02, 0.1, 1.0, 30.0)),
        "poi": st.builds(
            Poi,
            v_v=st.none() | st.floats(0.0, 30e3),
            f_hz=st.none() | st.floats(45.0, 55.0),
            p_w=MAYBE,
            q_var=MAYBE,
            fresh=st.booleans(),
        ),
        "bess": st.builds(
            Unit, st.just(BESS), MAYBE, MAYBE, MAYBE, MAYBE, SOCS, STATES
        ).map(lambda unit: {"bess1": unit}),
        "pv": st.builds(
            Unit, st.just(PV), MAYBE, MAYBE, MAYBE, MAYBE, st.none(), STATES
        ).map(lambda unit: {"pv1": unit}),
        "orders": st.builds(
            Orders,
            p_set_w=MAYBE,
            q_set_var=MAYBE,
            v_set_pu=st.none() | st.floats(0.0, 2.0),
            p_limit_max_w=MAYBE | st.just(inf),
            p_limit_min_w=MAYBE | st.just(-inf),
            enable_code=CODES,
            q_mode_code=st.sampled_from((None, *map(float, QMode))),
            pf_set_pu=st.none() | st.floats(0.0, 1.0),
            excitation_code=CODES,
            emergency_stop_code=CODES,
            reset_code=CODES,
        ),
    }
)
HISTORIES = st.lists(st.tuples(OBSERVED, ENVELOPES), min_size=1, max_size=12)
FALLBACKS = {
    "power_limit": ("hold", "default", "none"),
    "set_point_tracking": ("hold",),
}
OPTIONS = {
    "volt_var": {
        "average_s": 3.0,
        "p_lock_in_pu": 0.2,
        "v_reference_tau_s": 300.0,
    },
    "reactive_capability": {
        "q_max_by_p_pu": ((0.0, -0.1), (0.1, 0.1), (0.2, 0.33)),
        "q_min_by_p_pu": ((-1.0, 0.1), (0.1, -0.1), (0.2, -0.33)),
        "q_max_by_v_pu": ((1.0909, 0.41), (1.1545, -0.33)),
        "q_min_by_v_pu": ((0.8727, 0.41), (0.9364, -0.33)),
    },
}
"""Settings with which a function does more than as it comes."""
BUILDS = [
    (name, options)
    for name in FUNCTIONS
    for options in [
        {},
        *({"fallback": way} for way in FALLBACKS.get(name, ())),
        *([OPTIONS[name]] if name in OPTIONS else []),
    ]
]


def play(name: str, options: dict[str, Any], history):
    control = FUNCTIONS[name](FUNCTIONS[name].Settings(**options), PLANT)
    time_s = 0.0
    for observed, envelope in history:
        time_s += observed["dt_s"]
        granted = control.step(SystemObs(time_s=time_s, **observed), envelope)
        yield envelope, granted, str(control.mode)


def inside(inner: Interval, outer: Interval) -> bool:
    """Not so, too, when one of the numbers is none."""
    return outer.low <= inner.low <= inner.high <= outer.high


@mark.parametrize(("name", "options"), BUILDS)
@settings(max_examples=60, deadline=None)
@given(history=HISTORIES)
def test_what_it_grants_is_a_number_within_what_it_was_given(name, options, history):
    for given_envelope, granted, _ in play(name, options, history):
        assert inside(granted.p_w, given_envelope.p_w)
        assert inside(granted.q_var, given_envelope.q_var)
        assert not isnan(granted.p_wish_w or 0.0)
        assert not isnan(granted.q_wish_var or 0.0)
        added_w = granted.p_bias_w - given_envelope.p_bias_w
        assert abs(added_w) <= (RIDING_W if name in RIDING else 0.0)
        assert granted.out >= given_envelope.out
        assert granted.unit_p_w.keys() >= given_envelope.unit_p_w.keys()
        for unit, allowed in given_envelope.unit_p_w.items():
            assert inside(granted.unit_p_w[unit], allowed)


@mark.parametrize(("name", "options"), BUILDS)
@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_the_same_history_gives_the_same_answers(name, options, history):
    assert list(play(name, options, history)) == list(play(name, options, history))


@mark.parametrize("name", FUNCTIONS)
def test_it_is_registered_by_its_own_name(name: str):
    control = FUNCTIONS[name]
    assert control.name == name
    assert control.__module__ == f"ppc.metier.{name}.{name}"
