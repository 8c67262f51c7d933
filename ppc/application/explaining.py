"""Why the plant does what it does: a decision in sentences, for the operator."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from math import isinf

from ppc.application.figures import vars_, watts
from ppc.application.measured import measured
from ppc.core.attribution import CAPABILITY
from ppc.datamodel.command import Decision
from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import SystemObs
from ppc.datamodel.rating import ConnectionPoint, UnitRating
from ppc.keys import QMode

NOTHING = "nothing"
_SHORT_PU = 0.001
"""A shortfall below this part of the plant's rating is rounding."""
_SAME = 1e-6
_NAMED = 5
"""So many units are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one control function made of what was left to it."""

    function: str
    mode: str
    says: tuple[str, ...]
    """Empty when it let everything pass."""

    def __str__(self) -> str:
        return f"{self.function}: {self.mode}, {'; '.join(self.says) or NOTHING}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One decision, from what was seen to what was aimed at. Sentences."""

    measured: tuple[str, ...]
    ordered: tuple[str, ...]
    """Empty: no order is in force."""
    verdicts: tuple[Verdict, ...]
    """Of each control function, in their order."""
    aim: tuple[str, ...]
    limits: tuple[str, ...]
    """What keeps P and Q from what was wished, who wished it, and what is missing."""


def explain(obs: SystemObs, decision: Decision, plant: ConnectionPoint) -> Explanation:
    """Say in words how the decision came about."""
    return Explanation(
        measured=tuple(measured(obs, decision.measurement, plant)),
        ordered=tuple(_ordered(obs)),
        verdicts=verdicts(obs, decision),
        aim=tuple(_aim(decision)),
        limits=tuple(_limits(obs, decision, plant)),
    )


def verdicts(obs: SystemObs, decision: Decision) -> tuple[Verdict, ...]:
    """Each function's word: how its envelope differs from the one before."""
    ratings = {name: unit.rating for name, unit in obs.units.items()}
    found = []
    before = decision.offered
    for function, mode, after in decision.trace:
        says = () if after is before else tuple(_changes(before, after, ratings))
        found.append(Verdict(function, mode, says))
        before = after
    return tuple(found)


def _bound(word: str) -> Callable[[float], str]:
    return lambda w: f"P not limited, {word}" if isinf(w) else f"P {word} {watts(w)}"


_ORDERS: Mapping[str, Callable[[float], str]] = {
    "p_set_w": lambda w: f"P = {watts(w)}",
    "q_set_var": lambda q: f"Q = {vars_(q)}",
    "v_set_pu": lambda v: f"U = {v:.4f} pu",
    "p_limit_max_w": _bound("at most"),
    "p_limit_min_w": _bound("at least"),
    "enable_code": lambda on: "released" if on else "blocked: P and Q to 0",
    "q_mode_code": lambda code: f"Q by {QMode(int(code)).name.lower()}",
    "pf_set_pu": lambda pf: f"power factor {pf:.3f}",
    "excitation_code": lambda code: "under-excited" if code else "over-excited",
    "p_reserve_w": lambda w: f"{watts(w)} kept in reserve",
}


def _ordered(obs: SystemObs) -> Iterator[str]:
    for name, value in asdict(obs.orders).items():
        if value is not None:
            words = _ORDERS.get(name, lambda v, n=name: f"{n} = {v:g}")
            who = obs.asked_by.get(name)
            yield words(value) + (f", by {who}" if who else "")


def _changes(
    before: Envelope, after: Envelope, ratings: Mapping[str, UnitRating]
) -> Iterator[str]:
    """What a function did, the most telling first."""
    if gone := after.out - before.out:
        yield f"takes {_names(sorted(gone))} out of service"
    yield from _unit_changes(before.unit_p_w, after.unit_p_w, ratings)
    if after.p_bias_w != before.p_bias_w:
        yield f"adds {watts(after.p_bias_w - before.p_bias_w)} to P"
    if before.p_wish_w is None and after.p_wish_w is not None:
        own_w = after.p_wish_w - after.p_bias_w
        yield from _choice("P", after.p_w, after.p_wish_w, watts)
        if after.p_bias_w:
            yield f"{watts(own_w)} of its own, {watts(after.p_bias_w)} added"
    else:
        yield from _narrowing("P", before.p_w, after.p_w, watts)
    if before.q_wish_var is None and after.q_wish_var is not None:
        yield from _choice("Q", after.q_var, after.q_wish_var, vars_)
    else:
        yield from _narrowing("Q", before.q_var, after.q_var, vars_)


def _choice(
    name: str, left: Interval, wish: float, show: Callable[[float], str]
) -> Iterator[str]:
    got, wished = show(left.low), show(wish)
    yield f"chose {name} = {got}" + ("" if got == wished else f", wished {wished}")


def _narrowing(
    name: str, before: Interval, after: Interval, show: Callable[[float], str]
) -> Iterator[str]:
    """Bounds that moved by what can be seen."""
    now = _bounds(after, before, show)
    if len(now) > 1 and show(after.low) == show(after.high):
        was = f"{show(before.low)} to {show(before.high)}"
        yield f"{name} exactly {show(after.low)} (was {was})"
        return
    for word, bound, old in now:
        was = "not limited" if isinf(old) else show(old)
        yield f"{name} {word} {show(bound)} (was {was})"


def _bounds(
    after: Interval, before: Interval, show: Callable[[float], str]
) -> list[tuple[str, float, float]]:
    """Of each side that moved by what can be seen: word, bound, bound before."""
    sides = (
        ("at most", after.high, before.high),
        ("at least", after.low, before.low),
    )
    return [
        side
        for side in sides
        if side[1] != side[2] and (isinf(side[2]) or show(side[1]) != show(side[2]))
    ]


def _unit_changes(
    before: Mapping[str, Interval],
    after: Mapping[str, Interval],
    ratings: Mapping[str, UnitRating],
) -> Iterator[str]:
    """Bounds tighter than a unit's own; units that may do the same named together."""
    if after is before:
        return
    alike: dict[str, list[str]] = defaultdict(list)
    for name, left in after.items():
        own = Interval(ratings[name].p_min_w, ratings[name].p_max_w)
        allowed, was = own.narrow(left), own.narrow(before.get(name, own))
        moved = _bounds(allowed, was, watts)
        if len(moved) > 1 and watts(allowed.low) == watts(allowed.high):
            alike[f"exactly {watts(allowed.low)}"].append(name)
        elif moved:
            text = ", ".join(f"{word} {watts(bound)}" for word, bound, _ in moved)
            alike[text].append(name)
    for text, names in alike.items():
        yield f"{_names(names)} {text}"


def _names(names: list[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


def _aim(decision: Decision) -> Iterator[str]:
    p, q = watts(decision.p_w), vars_(decision.q_var)
    yield f"P = {p}, Q = {q} at the connection point"
    p, q = watts(decision.p_units_w), vars_(decision.q_units_var)
    yield f"P = {p}, Q = {q} asked of the units, with what is lost on the way"


def _limits(
    obs: SystemObs, decision: Decision, plant: ConnectionPoint
) -> Iterator[str]:
    last = decision.trace[-1].envelope if decision.trace else Envelope()
    orders, bias_w = obs.orders, last.p_bias_w
    p_w, by = decision.p_w - bias_w, ""
    for name in ("p_limit_max_w", "p_limit_min_w"):
        if _is_one(p_w, getattr(orders, name)):
            by = by or _who(obs, name)
    yield _kept("P", decision.p_limited_by, watts(decision.p_w), by)
    if last.p_wish_w is None:
        yield "P: nobody chose it: all PV there is, batteries idle"
    else:
        who = next(s for s in decision.trace if s.envelope.p_wish_w is not None)
        wish = _wish(last.p_wish_w - bias_w, obs, "p_set_w", watts)
        yield f"P: {who.function} wished {wish}"
    yield _kept("Q", decision.q_limited_by, vars_(decision.q_var))
    if last.q_wish_var is None:
        yield "Q: nobody chose it: none"
    else:
        who = next(s for s in decision.trace if s.envelope.q_wish_var is not None)
        wish = _wish(last.q_wish_var, obs, "q_set_var", vars_)
        yield f"Q: {who.function} wished {wish}"
    yield from _missing(decision, plant)


def _who(obs: SystemObs, name: str) -> str:
    """The source of an order."""
    return obs.asked_by.get(name, "SCADA")


def _wish(wish: float, obs: SystemObs, name: str, show: Callable[[float], str]) -> str:
    """What was wished, and the order of the same quantity."""
    order: float | None = getattr(obs.orders, name)
    if order is None:
        return show(wish)
    if _is_one(wish, order):
        return f"{show(wish)}, ordered by {_who(obs, name)}"
    return f"{show(wish)}; {_who(obs, name)} ordered {show(order)}"


def _missing(decision: Decision, plant: ConnectionPoint) -> Iterator[str]:
    p_short_w, q_short_var = decision.p_shortfall_w, decision.q_shortfall_var
    if abs(p_short_w) > _SHORT_PU * plant.p_max_w:
        yield f"P: the units miss what is asked of them by {watts(p_short_w)}"
    if abs(q_short_var) > _SHORT_PU * plant.q_max_var:
        yield f"Q: the units miss what is asked of them by {vars_(q_short_var)}"


def _kept(name: str, by: str, value: str, ordered_by: str = "") -> str:
    if not by:
        return f"{name}: {NOTHING} limits it"
    if by == CAPABILITY:
        return f"{name}: the units that serve can do no more than {value}"
    order = f", ordered by {ordered_by}" if ordered_by else ""
    return f"{name}: {by} keeps it at {value}{order}"


def _is_one(value: float, order: float | None) -> bool:
    """Whether the value is what is ordered."""
    return order is not None and abs(value - order) <= _SAME * max(1.0, abs(order))
