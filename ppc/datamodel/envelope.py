"""What is still allowed: the one thing control functions hand to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range. Built from NaN or upside down, it raises ValueError."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"not an interval: [{self.low}, {self.high}]")

    def clamp(self, value: float) -> float:
        """Nearest point of the interval."""
        return min(max(value, self.low), self.high)

    def narrow(self, other: "Interval") -> "Interval":
        """Intersection, or the nearest point of self when there is none."""
        if other.low <= self.low and self.high <= other.high:
            return self
        if self.low <= other.low and other.high <= self.high:
            return other
        return Interval(self.clamp(other.low), self.clamp(other.high))


ANY = Interval(-inf, inf)
_NONE: Mapping[str, Interval] = MappingProxyType({})


class Envelope(NamedTuple):
    """Active and reactive power the plant may still be asked to give, at the POI.

    Control functions run from the most to the least binding. Each may shrink the
    envelope or pick a point of it; none can widen it. So the first word wins, and
    no function needs to know the others.

    `p_bias_w` rides on top of what the functions still to come will choose, within
    the limits set so far: that is how frequency response adds to a set-point it
    does not know, and is not slowed by that set-point's ramp. `p_choice_w` is what may
    still be chosen, apart from what rides on it: who moves by ramp goes on from there,
    also where the sum of both is cut off.

    `unit_p_w` holds the active power still allowed to single units, for those that
    some function narrowed; `out` names the units taken out of service.
    `p_wish_w` and `q_wish_var` are what the function that chose would have liked.
    `closed_loop` says whether the POI is held at what was chosen; else the units get
    it as it is.
    """

    p_w: Interval = ANY
    q_var: Interval = ANY
    p_bias_w: float = 0.0
    unit_p_w: Mapping[str, Interval] = _NONE
    out: frozenset[str] = frozenset()
    p_wish_w: float | None = None
    q_wish_var: float | None = None
    closed_loop: bool = True
    p_choice_w: Interval = ANY

    def limit_p(self, low: float = -inf, high: float = inf) -> "Envelope":
        """Keep what is chosen from here on within [low, high], as far as possible.

        The bias set before rides on top: a later limit does not undo it.
        """
        choice_w, bias_w = self.p_choice_w, self.p_bias_w
        low, high = min(low, choice_w.high), max(high, choice_w.low)
        return self._replace(
            p_w=self.p_w.narrow(Interval(low + bias_w, high + bias_w)),
            p_choice_w=choice_w.narrow(Interval(low, high)),
        )

    def hold_choice(self, p_w: float) -> "Envelope":
        """Have everybody choose `p_w`, if it is allowed; any bias still rides on it."""
        return self._replace(p_choice_w=self.p_choice_w.narrow(Interval(p_w, p_w)))

    @property
    def p_left_w(self) -> Interval:
        """What active power can still become, where what is chosen is held, too."""
        own_w, bias_w = self.p_choice_w, self.p_bias_w
        if own_w.low < own_w.high or self.p_wish_w is not None:
            return self.p_w
        return self.p_w.narrow(Interval(own_w.low + bias_w, own_w.high + bias_w))

    def limit_q(self, low: float = -inf, high: float = inf) -> "Envelope":
        """Keep reactive power within [low, high], as far as still possible."""
        return self._replace(q_var=self.q_var.narrow(Interval(low, high)))

    def chosen_w(self, p_w: float) -> float:
        """What is granted of `p_w` to who chooses it, or chose it, apart from the bias.

        Only what is cut off of both together, and not by the bias alone, is cut off.
        """
        own_w, bias_w = self.p_choice_w.clamp(p_w), self.p_bias_w
        if self.p_choice_w.low == self.p_choice_w.high:
            return own_w
        low_w, high_w = (
            self.p_w.low - max(bias_w, 0.0),
            self.p_w.high - min(bias_w, 0.0),
        )
        return min(max(own_w, low_w), high_w)

    def choose_p(self, p_w: float) -> "Envelope":
        """Settle active power on the allowed value nearest to `p_w` plus bias."""
        if self.p_wish_w is not None:
            return self
        own_w = self.chosen_w(p_w)
        return self.limit_p(own_w, own_w)._replace(p_wish_w=p_w + self.p_bias_w)

    def freeze_p(self, p_w: float, *, choice_w: float) -> "Envelope":
        """Settle active power on `p_w`, whatever rides on it. Who goes on afterwards
        does so from `choice_w`.
        """
        if self.p_wish_w is not None:
            return self
        held_w = self.p_choice_w.narrow(Interval(choice_w, choice_w))
        return self.choose_p(p_w)._replace(p_choice_w=held_w)

    def choose_q(self, q_var: float) -> "Envelope":
        """Settle reactive power on the allowed value nearest to `q_var`."""
        if self.q_wish_var is not None:
            return self
        return self.limit_q(q_var, q_var)._replace(q_wish_var=q_var)

    def add_p(self, delta_w: float) -> "Envelope":
        """Add `delta_w` to whatever active power is chosen later."""
        return self._replace(p_bias_w=self.p_bias_w + delta_w)

    def open_loop(self) -> "Envelope":
        """Have the units get what is chosen as it is."""
        return self._replace(closed_loop=False)

    def limit_unit_p(
        self, name: str, low: float = -inf, high: float = inf
    ) -> "Envelope":
        """Keep one unit's active power within [low, high], as far as possible."""
        allowed = self.unit_p_w.get(name, ANY).narrow(Interval(low, high))
        return self._replace(unit_p_w={**self.unit_p_w, name: allowed})

    def without(self, name: str) -> "Envelope":
        """Take one unit out of service: it gets no share."""
        return self._replace(out=self.out | {name})

    def within(self, asked: "Envelope") -> "Envelope":
        """What is left of this envelope when `asked` is granted as far as it goes.

        None can widen: limits only tighten, units only leave, the first choice stands.
        """
        if asked is self:
            return self
        units = self.unit_p_w
        if asked.unit_p_w is not units:
            tighter = {
                name: units.get(name, ANY).narrow(interval)
                for name, interval in asked.unit_p_w.items()
            }
            units = {**units, **tighter}
        return Envelope(
            self.p_w.narrow(asked.p_w),
            self.q_var.narrow(asked.q_var),
            asked.p_bias_w,
            units,
            self.out if asked.out is self.out else self.out | asked.out,
            asked.p_wish_w if self.p_wish_w is None else self.p_wish_w,
            asked.q_wish_var if self.q_wish_var is None else self.q_wish_var,
            self.closed_loop and asked.closed_loop,
            self.p_choice_w.narrow(asked.p_choice_w),
        )

    def tighten(self, other: "Envelope") -> "Envelope":
        """Keep P and Q, bias included, within the intervals of `other`."""
        return self._replace(
            p_w=self.p_w.narrow(other.p_w),
            q_var=self.q_var.narrow(other.q_var),
            p_choice_w=self.p_choice_w.narrow(other.p_w),
        )
