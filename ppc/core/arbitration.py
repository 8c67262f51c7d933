"""Orders of several sources made one: limits of all, set-points of who is in charge."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from ppc.datamodel.envelope import ANY, Interval
from ppc.datamodel.observation import Orders

_NAMES = tuple(field.name for field in fields(Orders))
_LOW, _HIGH = "p_limit_min_w", "p_limit_max_w"

_ALL_COUNT: Mapping[str, Callable[[float, float], float]] = {
    "enable_code": min,
    "emergency_stop_code": max,
    "run_back_code": lambda a, b: float(int(a) | int(b)),
    "p_reserve_w": max,
}
"""Who asks for the most caution is heard, whoever he is."""

_ONE_COUNTS = (
    ("p_set_w",),
    ("q_set_var", "v_set_pu", "q_mode_code", "pf_set_pu", "excitation_code"),
    ("reset_code",),
    ("bypass_code",),
    ("f_test_hz",),
    ("v_test_pu",),
)
"""Of each group one source is the master. Reactive power has one for all its keys: the
mode of one and the set-point of another would mean what neither of them wanted."""


class Told(NamedTuple):
    """What one source orders now."""

    source: str
    orders: Orders
    local: bool = False
    """Whether it stands at the plant; the others are remote."""


class Combined(NamedTuple):
    """One set of orders, and who asked for each that is not None."""

    orders: Orders = Orders()
    asked_by: Mapping[str, str] = MappingProxyType({})


def arbitrate(told: Sequence[Told], *, local_mode: bool = False) -> Combined:
    """Make one set of orders of those of several sources, the highest first.

    Args:
        told: The sources in the order of their priority.
        local_mode: Whether set-points are taken from sources at the plant, and from
            them only; else from remote ones, and from them only. Limits, blocks,
            stops, run-backs and reserves of all sources hold in both modes.

    Source:
        Limits are intersected in order of priority, and "in the event of conflicting
        specifications the smaller target value is used" (Beckhoff, plant controller,
        page 18749461771); intervals instead of a minimum because a battery has lower
        limits too. What cannot be met leaves the nearest point that is allowed. Local
        and remote as IEC 61850-7-4, LLN0.LocKey (quoted from memory). One master for
        reactive power: CEI 0-16, annex O, table 1 puts all of the grid operator's
        before the market's.

    The set-point is not clamped to the limits: `power_limit` does that, by ramp, and
    then says that it does.
    """
    found = dict(_limits(told))
    for name, combine in _ALL_COUNT.items():
        for source, orders, _ in told:
            value = getattr(orders, name)
            if value is None:
                continue
            before = found.get(name)
            if before is None or (both := combine(before[0], value)) != before[0]:
                found[name] = (value if before is None else both), source
    in_charge = [each for each in told if each.local == local_mode]
    for group in _ONE_COUNTS:
        found |= _first(in_charge, group)
    return Combined(
        Orders(**{name: value for name, (value, _) in found.items()}),
        {name: source for name, (_, source) in found.items()},
    )


def _limits(told: Sequence[Told]) -> Iterator[tuple[str, tuple[float, str]]]:
    """Both limits with who set each of them. No limit, by an order, is one too."""
    allowed = ANY
    by: dict[str, str] = {}
    for source, orders, _ in told:
        low, high = getattr(orders, _LOW), getattr(orders, _HIGH)
        wished = _uncrossed(-inf if low is None else low, inf if high is None else high)
        left = allowed.narrow(wished)
        if low is not None and (left.low != allowed.low or _LOW not in by):
            by[_LOW] = source
        if high is not None and (left.high != allowed.high or _HIGH not in by):
            by[_HIGH] = source
        allowed = left
    for name, value in ((_LOW, allowed.low), (_HIGH, allowed.high)):
        if name in by:
            yield name, (value, by[name])


def _uncrossed(low: float, high: float) -> Interval:
    """Limits of one source that contradict each other leave the point nearest to 0."""
    if low > high:
        low = high = min(max(0.0, high), low)
    return Interval(low, high)


def _first(
    in_charge: Sequence[Told], group: Sequence[str]
) -> Mapping[str, tuple[float, str]]:
    """The orders of the first who orders anything of the group."""
    for source, orders, _ in in_charge:
        given = {name: getattr(orders, name) for name in group}
        if any(value is not None for value in given.values()):
            return {n: (v, source) for n, v in given.items() if v is not None}
    return {}


class Arbiter:
    """`arbitrate`, but nobody resets by taking over from another.

    A reset is an edge: 1 counts only after the same source has said 0 (an order that
    surfaces because a higher source fell silent is no edge).
    """

    def __init__(self) -> None:
        self._ready: str | None = None

    def combine(self, told: Sequence[Told], *, local_mode: bool = False) -> Combined:
        """The orders of this cycle."""
        if len(told) == 1:
            return alone(told[0])
        combined = arbitrate(told, local_mode=local_mode)
        code, who = combined.orders.reset_code, combined.asked_by.get("reset_code")
        if code == 0:
            self._ready = who
        elif code is not None and who != self._ready:
            asked_by = {k: v for k, v in combined.asked_by.items() if k != "reset_code"}
            return Combined(replace(combined.orders, reset_code=None), asked_by)
        return combined


def alone(told: Told) -> Combined:
    """Orders of the only source: as they are, and all its own."""
    orders = told.orders
    return Combined(
        orders, {n: told.source for n in _NAMES if getattr(orders, n) is not None}
    )
