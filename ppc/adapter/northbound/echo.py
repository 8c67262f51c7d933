"""What has become of the orders: of one source, and of all of them."""

from collections.abc import Mapping
from math import inf, nan

from ppc.adapter.northbound.bank import Bank
from ppc.adapter.northbound.limiting import limiting_code
from ppc.adapter.northbound.order_code import OrderCode
from ppc.adapter.northbound.orders import Standing
from ppc.adapter.northbound.register_map import ORDERS
from ppc.adapter.northbound.set_points import SET_POINTS, SetPoint
from ppc.adapter.plant_view import PlantView
from ppc.keys import Key

_NONE_IS_0 = (
    Key.Q_MODE_CODE,
    Key.EXCITATION_CODE,
    Key.RUN_BACK_CODE,
    Key.EMERGENCY_STOP_CODE,
    Key.RESET_CODE,
    Key.BYPASS_CODE,
    Key.F_TEST_HZ,
    Key.V_TEST_PU,
    Key.WITHDRAW_CODE,
)
_Q_ORDERS = (*("q_set_var", "v_set_pu", "q_mode_code", "pf_set_pu", "excitation_code"),)
_NEVER = Standing(0.0)


def echo(bank: Bank, now_s: float, *, in_charge: bool) -> dict[Key, float]:
    """The registers of a source as they read back, and what became of each.

    `in_charge`: whether set-points of such sources count, in the mode the plant is in.
    """
    orders = bank.orders
    counts = orders.received(now_s)
    shown: dict[Key, float] = {key: counts.get(key, nan) for key in ORDERS}
    shown |= {key: counts.get(key, 0.0) for key in _NONE_IS_0}
    shown[Key.ENABLE_CODE] = counts.get(Key.ENABLE_CODE, 1.0)
    shown[Key.ENABLE_ACCEPTED_CODE] = shown[Key.ENABLE_CODE]
    standings, reverts = orders.standings(now_s), orders.reverts(now_s)
    for each in SET_POINTS:
        key = each.value
        standing = standings.get(key, _NEVER)
        shown[each.enable] = bank.enabled[key]
        shown[each.validity_s] = bank.validity_s[key]
        shown[each.received] = bank.received.get(key, nan)
        shown[each.accepted] = counts.get(key, nan)
        shown[each.left_s] = 0.0 if standing.waits else standing.left_s
        shown[each.revert] = reverts.get(key, nan)
        shown[each.reject] = _code(bank, each, standing, in_charge=in_charge)
    shown |= bank.staged
    shown[Key.SEQUENCE_CODE] = shown[Key.ACCEPTED_SEQUENCE_CODE] = bank.sequence
    shown[Key.REJECT_CODE], shown[Key.REJECT_ADDRESS_CODE] = bank.last_refusal
    shown[Key.HEARTBEAT_IN] = orders.heartbeat()
    shown[Key.ORDERS_LEFT_S] = orders.left_s(now_s) or 0.0
    following = orders.following(now_s) or (nan, nan)
    shown[Key.P_NEXT_W], shown[Key.P_NEXT_AT_S] = following
    return shown


def in_force(view: PlantView, ranks: Mapping[str, int]) -> dict[Key, float]:
    """What counts of all sources, whose it is by rank, and what limits the plant."""
    orders, asked_by = view.obs.orders, view.obs.asked_by
    shown: dict[Key, float] = {}
    for each in SET_POINTS:
        value = getattr(orders, each.value)
        shown[each.in_force] = nan if value in (None, inf, -inf) else value
    asked = (asked_by[name] for name in _Q_ORDERS if name in asked_by)
    for key, who in (
        (Key.P_SOURCE_CODE, asked_by.get("p_set_w", "")),
        (Key.Q_SOURCE_CODE, next(asked, "")),
        (Key.P_LIMIT_MAX_SOURCE_CODE, asked_by.get("p_limit_max_w", "")),
        (Key.P_LIMIT_MIN_SOURCE_CODE, asked_by.get("p_limit_min_w", "")),
    ):
        shown[key] = ranks.get(who, 0)
    shown[Key.P_LIMITED_BY_CODE] = limiting_code(view.decision.p_limited_by)
    shown[Key.Q_LIMITED_BY_CODE] = limiting_code(view.decision.q_limited_by)
    return shown


def _code(
    bank: Bank, each: SetPoint, standing: Standing, *, in_charge: bool
) -> OrderCode:
    """What keeps the last value from counting, the first thing first."""
    key = each.value
    written = bank.codes.get(key, OrderCode.NONE)
    if written not in (OrderCode.NONE, OrderCode.CLAMPED):
        return written
    if key in bank.staged:
        return OrderCode.NOT_COMMITTED
    if key not in bank.accepted:
        return OrderCode.NONE
    for code, holds in (
        (OrderCode.DISABLED, not bank.enabled[key]),
        (OrderCode.EXPIRED, standing.left_s <= 0.0),
        (OrderCode.NOT_STEADY, standing.waits),
        (OrderCode.LOCAL_MODE, each.one_counts and not in_charge),
    ):
        if holds:
            return code
    return written
