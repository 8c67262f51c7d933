"""What PV gives and what batteries give, before each shares it among its units."""

from typing import NamedTuple

from ppc.core.dispatch.settings import SplitPolicy
from ppc.datamodel.envelope import Interval


class Asked(NamedTuple):
    """What is asked of all units together, at their terminals."""

    p_w: float
    q_var: float
    p_wish_w: float
    """What it would be were there no limits."""
    p_bias_w: float = 0.0
    """The part of the wish that answers frequency, riding on a set-point."""
    p_late_w: float = 0.0
    """What PV that follows the sun will not deliver yet of all it could give."""


class Split(NamedTuple):
    """Active power of all PV, and of all batteries."""

    pv_w: float
    bess_w: float


def split(policy: SplitPolicy, asked: Asked, pv: Interval, bess: Interval) -> Split:
    """By the policy; `pv` and `bess` are what each could give."""
    if policy == "bess_only_frequency":
        return bess_only_frequency(asked, pv, bess)
    if policy == "curtail_first" and asked.p_bias_w < 0.0:
        return curtail_first(asked, pv, bess)
    return pv_first(asked.p_w, pv, bess)


def pv_first(p_w: float, pv: Interval, bess: Interval) -> Split:
    """PV gives what there is, batteries the rest: a surplus is stored, then curtailed.

    pv = clamp(p - bess.low), bess = p - pv. Args: `p_w`, asked of all.
    Source: this project.
    """
    pv_w = pv.clamp(p_w - bess.low)
    return Split(pv_w, p_w - pv_w)


def curtail_first(asked: Asked, pv: Interval, bess: Interval) -> Split:
    """Too high a frequency is answered by PV: batteries charge no more than they would
    without it, unless PV has nothing left to take back.

    PV first without the answer, p - bias, says what batteries may charge.
    Args: `asked`, with a bias below 0. Source: this project.
    """
    before = pv_first(asked.p_w - asked.p_bias_w, pv, bess)
    least_w = bess.clamp(min(before.bess_w, 0.0))
    pv_w = pv.clamp(asked.p_w - least_w)
    return Split(pv_w, asked.p_w - pv_w)


def bess_only_frequency(asked: Asked, pv: Interval, bess: Interval) -> Split:
    """PV meets the set-point, batteries give the answer to frequency and nothing else.

    What PV can give of the set-point, plus the bias, is the aim, as far as limits leave
    it: batteries take the bias of that, PV the rest. So the answer comes in full on
    top of what the sun gives, and what the sun does not give of a set-point is missing.
    Args: `asked`. Source: this project.
    """
    p_w, wish_w, bias_w = asked.p_w, asked.p_wish_w, asked.p_bias_w
    alone_w = pv.clamp(wish_w - bias_w)
    aim_w = alone_w + bias_w
    if p_w < aim_w or p_w > wish_w:
        aim_w = p_w
    bess_w = min(max(aim_w - alone_w, min(bias_w, 0.0)), max(bias_w, 0.0))
    bess_w = bess.clamp(bess_w)
    return Split(pv.clamp(aim_w - bess_w), bess_w)


def made_up(policy: SplitPolicy, late_w: float, pv_w: float, pv: Interval) -> float:
    """What batteries give on top for PV that is late [W]: of what PV is asked for, the
    part that it will not deliver yet.

    late - (pv.high - pv_w), from 0 to pv_w: PV that is held back further than it is
    late will deliver what it is asked for. Args: `late_w`, what PV will not deliver of
    `pv.high`; `pv_w`, asked of it. Source: balance of power at the terminals.
    """
    if policy == "bess_only_frequency":
        return 0.0
    return max(min(late_w - (pv.high - pv_w), pv_w), 0.0)


def reach(policy: SplitPolicy, bias_w: float, pv: Interval, bess: Interval) -> Interval:
    """What the units could be asked for together under the policy."""
    if policy != "bess_only_frequency":
        return Interval(pv.low + bess.low, pv.high + bess.high)
    answer_w = bess.clamp(bias_w)
    return Interval(pv.low + min(answer_w, 0.0), pv.high + answer_w)
