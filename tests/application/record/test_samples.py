"""Samples of what is measured, and of what is decided."""

from pytest import approx, fixture

from ppc.datamodel.observation import Quality
from tests.application.record.recorded import recorded

FAILURE, OLD = (list(Quality).index(q) for q in (Quality.FAILURE, Quality.OLD_DATA))


@fixture(scope="module")
def plant(tmp_path_factory):
    """bess2 falls silent from 3 to 6 s, the meter is unplugged from 8 s on."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        stand = plant.stand
        stand.set("order.p_set_w", 3e6)
        stand.set("order.v_set_pu", 1.0)
        stand.run(3.0)
        stand.set("silent.bess2", 1)
        stand.run(6.0)
        stand.set("silent.bess2", 0)
        stand.run(8.0)
        stand.set("plug.poi", 0)
        stand.run(30.0)
    return plant


def test_the_connection_point_has_its_phases(plant):
    row = plant.rows("poi")[5]
    assert row["quality"] == 0
    assert 0.0 <= row["age_s"] < 0.1
    assert row["v_l1_v"] * 3**0.5 == approx(row["v_v"], rel=0.01)
    assert 3 * row["p_l2_w"] == approx(row["p_w"], rel=0.02)


def test_of_a_meter_that_is_gone_there_are_no_values_but_its_age(plant):
    row = plant.rows("poi")[-1]
    assert row["quality"] == OLD
    assert row["age_s"] > 1.0
    assert row["p_w"] is row["v_v"] is row["v_l1_v"] is row["p_l3_w"] is None


def test_a_silent_unit_has_no_values_an_age_and_old_data(plant):
    rows = plant.rows("bess", "device = 'bess2'")
    good, silent = rows[1], rows[5]
    assert good["quality"] == 0
    assert good["age_s"] < 0.1
    assert good["p_w"] == approx(good["p_set_w"], abs=2e5)
    assert silent["quality"] == OLD
    assert silent["age_s"] > 1.0
    assert silent["p_w"] is silent["q_var"] is silent["p_available_w"] is None
    assert rows[-1]["quality"] == 0


def test_a_unit_that_was_never_heard_is_a_failure(tmp_path):
    with recorded(tmp_path, settle_s=0.0) as plant:
        plant.stand.set("silent.pv1", 1)
        plant.stand.run(1.5)
    first = plant.rows("pv", "device = 'pv1'")[0]
    assert first["quality"] == FAILURE
    assert first["age_s"] is first["p_w"] is None
    assert plant.rows("pv", "device = 'pv2'")[-1]["quality"] == 0


def test_a_decision_tells_what_could_be_given_and_who_asked(plant):
    row = plant.rows("decisions")[-1]
    last = plant.views[-1].decision.capability
    assert row["p_available_w"] == approx(last.p_w.high, abs=0.1e6)
    assert row["p_available_min_w"] < 0.0 < row["q_available_var"]
    assert row["q_available_min_var"] < 0.0
    assert (row["p_order_w"], row["p_asked_by"]) == (3e6, "operator")
    assert (row["v_order_pu"], row["q_asked_by"]) == (1.0, "operator")
