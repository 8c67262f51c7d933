from math import nan

from pytest import approx, mark

from ppc.commissioning.plausibility import Fit, fit_of
from ppc.commissioning.reading import Reading


def reading(name, value, unit, quality="good", registers="0001", *, keyed=True):
    return Reading(
        name, value, unit, quality, registers, "holding 0", 0.0, 0.0, keyed=keyed
    )


@mark.parametrize(
    ("one", "kind"),
    [
        (reading("f_hz", 50.0, "Hz"), "plausible"),
        (reading("f_hz", 5000.0, "Hz"), "wrong"),
        (reading("f_hz", 0.0, "Hz"), "wrong"),
        (reading("p_w", 0.0, "W"), "zero"),
        (reading("p_w", -5e5, "W"), "plausible"),
        (reading("p_w", 5e10, "W"), "wrong"),
        (reading("soc_pu", 55.0, "pu"), "wrong"),
        (reading("p_w", nan, "W", "absent"), "absent"),
        (reading("p_w", nan, "W", "failure"), "wrong"),
        (reading("p_w", 7.0, "W", "outOfRange"), "wrong"),
        (reading("p_w", nan, "W", "refused 02h", ""), "refused"),
        (reading("p_w", nan, "W", "noReply", ""), "refused"),
    ],
)
def test_each_point_is_counted_once(one, kind):
    fit = fit_of([one], None)
    assert getattr(fit, kind) == fit.total == 1


def test_only_points_with_keys_count():
    assert fit_of([reading("serial", "X", "", keyed=False)], None).total == 0
    assert fit_of([], None).score == 0.0


def test_voltages_that_contradict_each_other_speak_against_it():
    phases = [reading(f"v_l{i}_v", v, "V") for i, v in ((1, 230), (2, 231), (3, 2300))]
    fit = fit_of(phases, None)
    assert (fit.plausible, fit.wrong) == (0, 3)
    phases[2] = reading("v_l3_v", 229.0, "V")
    assert fit_of(phases, None).plausible == 3
    assert fit_of([*phases, reading("v_v", 398.0, "V")], None).plausible == 4
    assert fit_of([*phases, reading("v_v", 230.0, "V")], None).wrong == 3


def test_identity_outweighs_points_and_zeros_say_little():
    full = Fit(plausible=10)
    known = Fit(plausible=5, refused=5, identity=True)
    assert known.score > full.score > Fit(zero=10).score > 0
    assert Fit(plausible=10, identity=False).score == 0
    assert Fit(plausible=5, wrong=5).score == 0
    assert full.score == approx(0.5)
