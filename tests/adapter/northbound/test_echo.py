"""Who is in charge and what limits, as numbers. The rest: `test_bank`."""

from dataclasses import replace
from math import inf, isnan

from pytest import mark

from ppc.adapter.northbound.echo import in_force
from ppc.adapter.northbound.limiting import limiting_code
from ppc.datamodel.observation import Orders
from ppc.keys import Key
from tests.adapter.northbound.test_map_segment import view

RANKS = {"operator": 1, "trader": 2}


def shown(asked_by=(), limited_by="", **orders):
    seen = view(p_limited_by=limited_by)
    obs = replace(seen.obs, orders=Orders(**orders), asked_by=dict(asked_by))
    return in_force(seen._replace(obs=obs), RANKS)


def test_what_counts_of_all_is_shown_with_whose_it_is():
    told = shown(
        {"p_set_w": "trader", "p_limit_max_w": "operator"},
        p_set_w=4e6,
        p_limit_max_w=3e6,
    )
    assert (told[Key.P_IN_FORCE_W], told[Key.P_LIMIT_MAX_IN_FORCE_W]) == (4e6, 3e6)
    assert (told[Key.P_SOURCE_CODE], told[Key.P_LIMIT_MAX_SOURCE_CODE]) == (2, 1)
    assert told[Key.Q_SOURCE_CODE] == told[Key.P_LIMIT_MIN_SOURCE_CODE] == 0
    assert isnan(told[Key.Q_IN_FORCE_VAR])


@mark.parametrize(
    "order", ["q_set_var", "v_set_pu", "q_mode_code", "pf_set_pu", "excitation_code"]
)
def test_whoever_orders_anything_of_reactive_power_is_in_charge_of_it(order):
    assert shown({order: "trader"}, **{order: 1.0})[Key.Q_SOURCE_CODE] == 2


def test_the_order_not_to_be_limited_is_no_number():
    assert isnan(shown(p_limit_max_w=inf)[Key.P_LIMIT_MAX_IN_FORCE_W])


def test_what_limits_is_told_by_its_own_number():
    told = shown(limited_by="power_limit")
    assert told[Key.P_LIMITED_BY_CODE] == limiting_code("power_limit")
    assert told[Key.Q_LIMITED_BY_CODE] == 0
