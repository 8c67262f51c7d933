from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError
from pytest import approx, mark, raises

from ppc.bench.laws import AnyLaw, LawError, build

CAT_B = {"points": [[0.92, 0.44], [0.98, 0.0], [1.02, 0.0], [1.08, -0.44]]}
LFSM = {"over_hz": 50.2, "under_hz": 49.8, "droop_pu": 0.05}
VOLT_WATT = {"points": [[1.06, 1.0], [1.1, 0.2]]}


def test_an_ieee_1547_volt_var_curve_at_its_points_between_them_and_beyond():
    law = build("curve", CAT_B)
    assert law([0.5, 0.95, 1.0, 1.05, 1.08, 1.2]) == approx(
        [0.44, 0.22, 0, -0.22, -0.44, -0.44]
    )


def test_a_droop_has_gain_dead_band_offset_and_limits():
    law = build("droop", {"reference": 1.0, "gain": 8.25, "low": -0.33, "high": 0.33})
    assert law(0.98) == approx(0.165)
    assert law([0.9, 1.0, 1.1]) == approx([0.33, 0, -0.33])
    banded = build(
        "droop", {"reference": 1.0, "gain": 10, "dead_band": 0.01, "offset": 0.1}
    )
    assert banded([0.97, 0.995, 1.0, 1.01, 1.02]) == approx([0.3, 0.1, 0.1, 0.1, 0.0])


def test_a_gain_may_be_given_as_slope_and_full_value():
    by_slope = build("droop", {"reference": 1.0, "slope": 0.04, "full": 0.33})
    assert by_slope(0.98) == approx(0.165)


def test_a_parameter_may_be_a_column_of_the_trace_and_is_followed():
    law = build("droop", {"reference": "order.v_set_pu", "gain": 10, "high": "q_max"})
    assert law.columns() == {"order.v_set_pu", "q_max"}
    v_set_pu, q_max = [1.0, 1.02, 1.05], [np.nan, 0.1, 0.1]
    y = law([0.98, 1.0, 1.1], {"order.v_set_pu": v_set_pu, "q_max": q_max})
    assert y == approx([0.2, 0.1, -0.5])
    with raises(KeyError, match=r"no column 'q_max'; there are: order\.v_set_pu"):
        law(1.0, {"order.v_set_pu": 1.0})


def test_the_sign_of_q_comes_from_the_excitation_not_from_p():
    p = np.array([-0.8, 0.0, 0.8])
    over = build("power_factor", {"factor": 0.95, "excitation": "over"})
    under = build("power_factor", {"factor": 0.95, "excitation": "under"})
    assert over(p) == approx([0.2629, 0, 0.2629], abs=1e-4)
    assert under(p) == approx(-over(p))


def test_cos_phi_of_p_goes_straight_through_one():
    points = [[0.2, 0.9, "over"], [0.4, 1.0, "over"], [0.8, 0.9, "under"]]
    law = build("power_factor_curve", {"points": points})
    tan_09, tan_095 = 0.48432, 0.32868
    assert law([0.2, 0.3, 0.4, 0.6, 0.8]) == approx(
        [0.2 * tan_09, 0.3 * tan_095, 0, -0.6 * tan_095, -0.8 * tan_09], abs=1e-5
    )


def test_a_danish_lfsm_at_51_5_hz_from_seven_tenths_is_at_18_percent():
    law = build("lfsm", LFSM | {"p_ref_pu": 1.0, "baseline_pu": 0.7, "low": 0.0})
    assert law([50.0, 50.2, 51.5, 52.5]) == approx([0.7, 0.7, 0.18, 0.0])
    assert law(48.5) == approx(0.7 + 0.52)


def test_a_french_lfsm_takes_the_power_of_its_onset_as_reference_and_baseline():
    """Power 0.7 when the threshold is left: 0.7 (1 - 0.52) = 0.336 at 51.5 Hz."""
    law = build("lfsm", LFSM | {"p_ref_pu": "latched", "baseline_pu": "latched"})
    f_hz = np.array([50.0, 50.1, 51.5, 51.5, 50.0, 51.5])
    p_pu = np.array([0.9, 0.7, 0.5, 0.336, 0.4, 0.3])
    assert law.columns() == {"p_pu"}
    y = law(f_hz, {"p_pu": p_pu})
    assert y == approx([0.9, 0.7, 0.336, 0.336, 0.4, 0.4 * 0.48])
    assert law(51.5, {"p_pu": 0.7}) == approx(0.336)


def test_where_a_trace_begins_beyond_the_threshold_its_first_power_is_latched():
    law = build("lfsm", LFSM | {"p_ref_pu": "latched"})
    assert law([51.5, 51.5], {"p_pu": [0.5, 0.1]}) == approx([-0.26, -0.26])


def test_lfsm_directions_are_apart():
    only_over = build("lfsm", {"over_hz": 50.2, "droop_pu": 0.05, "p_ref_pu": 0.7})
    assert only_over([47.5, 51.5]) == approx([0, -0.364])
    german = {"p_ref_pu": 0.7, "p_ref_under_pu": 1.0, "droop_under_pu": 0.1}
    both = build("lfsm", LFSM | german)
    assert both([48.5, 51.5]) == approx([0.26, -0.364])


def test_fsm_of_the_energinet_cases():
    law = build("fsm", {"droop_pu": 0.06, "most_pu": 0.1, "baseline_pu": 0.7})
    assert law([50.199, 49.85, 52.0, 48.0]) == approx(
        [0.6337, 0.75, 0.6, 0.8], abs=1e-4
    )


def test_fsm_with_a_dead_band_begins_at_its_edge_without_a_step():
    law = build("fsm", {"droop_pu": 0.05, "dead_band_hz": 0.036, "f_nominal_hz": 60.0})
    assert law([60.036, 59.964, 60.33, 59.36]) == approx(
        [0, 0, -0.098, 0.20133], abs=1e-5
    )


def test_fsm_and_lfsm_together_are_continuous_at_the_threshold():
    """-0.0667 at 50.2 Hz; at 50.5 Hz -0.0667 - 0.12 (control functions 22-25)."""
    fsm = {"fsm": {"droop_pu": 0.06, "range_hz": 0.2}}
    lfsm = {"lfsm": LFSM | {"p_ref_pu": 1.0}}
    law = build("sum", {"laws": [fsm, lfsm]})
    assert law([50.2, 50.2001, 50.5]) == approx(
        [-0.06667, -0.06671, -0.18667], abs=2e-5
    )


def test_fcr_is_full_at_200_mhz():
    law = build("fcr", {"reserve_pu": 0.5, "baseline_pu": -0.1})
    assert law([49.5, 49.8, 49.9, 50.0, 50.3]) == approx([0.4, 0.4, 0.15, -0.1, -0.6])


@mark.parametrize(
    ("product", "shares"),
    [
        ("dc", {0.015: 0, 0.1075: 0.025, 0.2: 0.05, 0.35: 0.525, 0.5: 1, 0.9: 1}),
        ("dm", {0.015: 0, 0.0575: 0.025, 0.1: 0.05, 0.15: 0.525, 0.2: 1, 0.9: 1}),
        ("dr", {0.015: 0, 0.1075: 0.5, 0.2: 1, 0.9: 1}),
    ],
)
def test_the_british_curves_have_their_knees(product: str, shares: dict[float, float]):
    law = build("gb", {"product": product, "reserve_pu": 0.4})
    for deviation_hz, share in shares.items():
        assert law(50 - deviation_hz) == approx(0.4 * share, abs=1e-9)
        assert law(50 + deviation_hz) == approx(-0.4 * share, abs=1e-9)


def test_a_british_service_latches_its_baseline_beyond_15_mhz():
    law = build("gb", {"product": "dc", "reserve_pu": 1, "baseline_pu": "latched"})
    context = {"p_pu": [0.1, 0.2, 0.3]}
    assert law([50.014, 50.016, 50.016], context) == approx([0.1, 0.1, 0.1], abs=1e-3)
    assert law([50.014, 50.014, 50.014], context) == approx([0.1, 0.2, 0.3])
    assert law([49.986, 49.984, 49.984], context) == approx([0.1, 0.1, 0.1], abs=1e-3)


def test_a_ramp_runs_up_and_down_and_stops():
    up = build("ramp", {"start": 0.2, "end": 0.7, "rate_per_s": 0.1, "start_s": 5})
    down = build("ramp", {"start": 0.7, "end": 0.2, "rate_per_s": 0.1})
    assert up([0, 5, 7, 10, 99]) == approx([0.2, 0.2, 0.4, 0.7, 0.7])
    assert down([0, 2, 99]) == approx([0.7, 0.5, 0.2])


def test_the_tightest_limit_of_two_inputs_wins():
    lfsm = {"lfsm": LFSM | {"p_ref_pu": 1.0, "baseline_pu": 1.0}}
    by_voltage = {"of": {"column": "v_pu", "law": {"curve": VOLT_WATT}}}
    least = build("min", {"laws": [lfsm, by_voltage]})
    most = build("max", {"laws": [lfsm, by_voltage]})
    f_hz, context = [50.0, 50.7, 50.7], {"v_pu": [1.0, 1.0, 1.08]}
    assert least.columns() == {"v_pu"}
    assert least(f_hz, context) == approx([1.0, 0.8, 0.6])
    assert most(f_hz, context) == approx([1.0, 1.0, 0.8])


def test_the_priority_table_of_ieee_1547_1_needs_the_latched_reference():
    """Steps 4 to 6 and 8 of table 38 (P2 = 0.2), see control functions 3.4."""
    limit = {"curve": VOLT_WATT | {"high": 0.5}}
    droop = {"droop_pu": 0.05, "dead_band_hz": 0.036, "f_nominal_hz": 60.0}
    before = {"baseline_pu": "latched"}
    law = build("fsm", droop | before)
    f_hz, p_pu = [60, 59.36, 59.36, 60, 59.36], [0.4, 0.4, 0.6, 0.5, 0.7]
    onset = law(f_hz, {"p_pu": p_pu})
    assert onset == approx([0.4, 0.6, 0.6, 0.5, 0.7], abs=0.002)
    assert build("curve", limit["curve"])([1.0, 1.09]) == approx([0.5, 0.4])


BENT: list[tuple[str, dict[str, Any], tuple[float, float]]] = [
    ("curve", CAT_B, (0.8, 1.2)),
    ("droop", {"reference": 1.0, "gain": 8, "dead_band": 0.02}, (0.9, 1.1)),
    ("power_factor", {"factor": 0.9, "excitation": "over"}, (-1, 1)),
    ("lfsm", LFSM | {"p_ref_pu": 1.0}, (49, 51)),
    ("fsm", {"droop_pu": 0.06, "dead_band_hz": 0.03, "range_hz": 0.2}, (49, 51)),
    ("fcr", {"reserve_pu": 1}, (49, 51)),
    ("gb", {"product": "dc", "reserve_pu": 1}, (49, 51)),
    ("gb", {"product": "dr", "reserve_pu": 1}, (49, 51)),
    ("ramp", {"start": 0.7, "end": 0.2, "rate_per_s": 0.1, "start_s": 2}, (-5, 15)),
    (
        "sum",
        {"laws": [{"fcr": {"reserve_pu": 1}}, {"lfsm": LFSM | {"p_ref_pu": 1}}]},
        (49, 51),
    ),
]


@mark.parametrize(("name", "params", "span"), BENT)
def test_a_law_is_straight_between_the_places_where_it_says_that_it_bends(
    name: str, params: dict[str, Any], span: tuple[float, float]
):
    law = build(name, params)
    places = sorted({*span, *(float(at) for at in law.breaks({}))})
    assert len(places) > 2
    assert (places[0], places[-1]) == span
    for left, right in pairwise(places):
        y = law(np.linspace(left, right, 21))
        assert np.diff(y, 2) == approx(np.zeros(19), abs=1e-9)


def test_power_factor_curves_bend_at_their_points():
    points = [[0.2, 0.9, "over"], [0.4, 1.0, "over"]]
    law = build("power_factor_curve", {"points": points})
    assert [float(at) for at in law.breaks({})] == [0.2, 0.4]


def test_names_of_columns_may_be_short_but_not_empty():
    assert build("constant", {"value": "q"}).columns() == {"q"}
    with raises(LawError):
        build("constant", {"value": ""})
    with raises(LawError):
        build("of", {"column": "", "law": {"constant": {"value": 1}}})


def test_one_law_or_one_point_is_enough():
    alone = {"laws": [{"of": {"column": "v", "law": {"constant": {"value": 3}}}}]}
    assert build("sum", alone)(1.0, {"v": 2.0}) == 3
    assert build("curve", {"points": [[1, 2]], "scale": "s"})(9, {"s": 2}) == 4
    one = {"points": [[0.5, 0.9, "over"]]}
    assert build("power_factor_curve", one)(1.0) == approx(0.48432, abs=1e-5)


def test_a_constant_has_the_shape_of_x():
    assert build("constant", {"value": 2.0})([1.0, np.nan, 3.0]).tolist() == [2, 2, 2]


def test_the_low_limit_wins_where_limits_cross():
    law = build("constant", {"value": 0.5, "low": 0.4, "high": 0.3})
    assert law(1.0) == 0.4


def test_what_is_not_known_stays_not_known():
    assert np.isnan(build("curve", CAT_B)(np.nan))
    assert np.isnan(build("constant", {"value": "order"})(1.0, {"order": np.nan}))


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("dropp", {}, "dropp: give one law of: constant, curve, droop"),
    ("droop", {"reference": 1, "gian": 3, "gain": 3}, "droop.gian: Extra inputs"),
    ("droop", {"reference": 1}, "droop: Value error, give gain, or slope and full"),
    ("droop", {"reference": 1, "gain": 1, "slope": 1}, "droop: Value error"),
    ("droop", {"reference": 1, "gain": 1, "slope": 1, "full": 1}, "droop: Value error"),
    ("curve", {"points": [[1, 0], [1, 1]]}, "curve: Value error, x must rise"),
    ("curve", {"points": []}, "curve.points: List should have at least 1 item"),
    ("lfsm", {"over_hz": 50.2, "droop_pu": 0.05}, "lfsm.p_ref_pu"),
    ("fsm", {"droop_pu": 0}, "fsm.droop_pu: Input should be greater than 0"),
    ("power_factor", {"factor": -0.9, "excitation": "over"}, "power_factor.factor"),
    ("power_factor", {"factor": 0.9}, "power_factor.excitation: Field required"),
    ("min", {"laws": [{"fcr": {"reserve_pu": "x"}}]}, "min.laws.0.fcr.reserve_pu"),
    ("sum", {"laws": [{"fcr": {}, "fsm": {}}]}, "sum.laws.0: give one law of"),
]


@mark.parametrize(("name", "params", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, params: dict[str, Any], message: str
):
    with raises(LawError) as caught:
        build(name, params)
    assert str(caught.value).startswith(message)


def test_all_mistakes_are_named_at_once():
    with raises(LawError) as caught:
        build("fsm", {"droop_pu": -1, "dead_band_hz": -1})
    assert len(str(caught.value).splitlines()) == 2


def test_a_field_of_a_case_takes_a_law_by_name():
    class Expectation(BaseModel):
        law: AnyLaw

    assert Expectation.model_validate({"law": {"constant": {"value": 2}}}).law(9) == 2
    built = build("fcr", {"reserve_pu": 1})
    assert Expectation(law=built).law is built
    with raises(ValidationError) as caught:
        Expectation.model_validate({"law": {"curve": {"points": [["a", 1]]}}})
    assert caught.value.errors()[0]["loc"] == ("law", "curve", "points", 0, 0)
