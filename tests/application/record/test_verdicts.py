"""What each control function left, in rows that are worth writing."""

from dataclasses import replace
from itertools import groupby

from pytest import approx, fixture

from ppc.application.record.verdicts import Verdicts
from ppc.datamodel.rating import ConnectionPoint
from tests.application.record.recorded import recorded


@fixture(scope="module")
def plant(tmp_path_factory):
    """3 MW from 0 s on, limited to 2 MW from 5 s on."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        plant.stand.set("order.p_set_w", 3e6)
        plant.stand.run(5.0)
        plant.stand.set("order.p_limit_max_w", 2e6)
        plant.stand.run(66.0)
    return plant


def test_who_limits_and_who_chooses_is_told(plant):
    limit = plant.rows("verdicts", "function = 'power_limit'")
    assert [limits for limits, _ in groupby(row["p_limits"] for row in limit)] == [0, 1]
    assert limit[-1]["p_high_w"] == approx(2e6)
    assert limit[-1]["p_choice_w"] is None
    chosen = plant.rows("verdicts", "function = 'set_point_tracking'")[-1]
    assert chosen["p_choice_w"] > 2e6
    assert chosen["p_low_w"] == chosen["p_high_w"] == approx(2e6)
    assert chosen["mode"] == "tracking"


def test_every_function_has_a_row_once_a_minute(plant):
    functions = [step.function for step in plant.views[0].decision.trace]
    rows = plant.rows("verdicts")
    at_once = [list(at) for _, at in groupby(rows, lambda row: row["ts"])]
    whole_s = [at[0]["ts"] for at in at_once if len(at) == len(functions)]
    assert whole_s[0] == plant.rows("poi")[0]["ts"]
    assert any(ts - whole_s[0] == approx(60.0) for ts in whole_s)


def test_rows_follow_every_change_of_sense_and_every_hundredth(plant):
    """What is written last is never far from what holds."""
    rows = plant.rows("verdicts", "function = 'power_limit'")
    zero_s = plant.time.wall_s() - plant.time.now_s()
    for view in plant.views:
        step = next(s for s in view.decision.trace if s.function == "power_limit")
        now_s = view.obs.time_s + zero_s + 1e-6
        last = [row for row in rows if row["ts"] <= now_s][-1]
        assert last["mode"] == step.mode
        assert last["p_limits"] == (view.decision.p_limited_by == "power_limit")
        assert abs(last["p_high_w"] - step.envelope.p_w.high) <= 0.16e6
        assert abs(last["q_low_var"] - step.envelope.q_var.low) <= 0.066e6 + 1.0


def test_what_stays_is_not_written_again(plant):
    plain = Verdicts(PLANT)
    decision = plant.views[-1].decision
    assert len(plain.rows(decision, 0.0)) == len(decision.trace)
    assert plain.rows(decision, 0.1) == []


def test_each_change_of_sense_is_a_row_and_a_small_one_of_a_choice_is_none(plant):
    before = plant.views[-1].decision
    chosen = next(s for s in before.trace if s.envelope.p_wish_w is not None)
    i = before.trace.index(chosen)

    def after(**changes):
        verdicts = Verdicts(PLANT)
        verdicts.rows(before, 0.0)
        found = verdicts.rows(replace(before, **changes), 0.1)
        return [row["function"] for row in found]

    def wished(more_w):
        wish_w = chosen.envelope.p_wish_w + more_w
        step = chosen._replace(envelope=chosen.envelope._replace(p_wish_w=wish_w))
        return (*before.trace[:i], step, *before.trace[i + 1 :])

    assert after(q_limited_by="power_limit") == ["power_limit"]
    assert after(p_limited_by="") == ["power_limit"]
    other = (before.trace[0]._replace(mode="lost"), *before.trace[1:])
    assert after(trace=other) == [before.trace[0].function]
    assert after(trace=wished(0.1e6)) == []
    assert after(trace=wished(0.2e6)) == [chosen.function]


PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
