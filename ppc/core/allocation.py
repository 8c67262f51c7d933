"""Sharing the plant's set-points among its units."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import sqrt
from typing import NamedTuple

from ppc.core.capability import Capability, Ready
from ppc.core.dispatch.charge import SteadyCharge, energy_weight
from ppc.core.dispatch.running import Candidate, RunningUnits
from ppc.core.dispatch.settings import DispatchSettings
from ppc.core.dispatch.sharing import in_order, proportional, share
from ppc.core.dispatch.split import Asked, made_up, reach, split
from ppc.datamodel.envelope import Interval
from ppc.datamodel.rating import EquipmentType


class Shares(NamedTuple):
    """Set-points in the order of the units, and what could not be shared out."""

    p_w: list[float]
    q_var: list[float]
    p_shortfall_w: float
    q_shortfall_var: float
    p_late_w: float = 0.0
    """Asked of PV, but not delivered yet: batteries give it on top."""


class Dispatch:
    """Set-points of all units in service, each within its range and its circle.

    It remembers which units run and the states of charge it shares by: nothing else.
    What is served first, P or Q, takes its full range; the other gets what the circle
    leaves. Batteries never work against each other.
    """

    def __init__(
        self, settings: DispatchSettings | None = None, *, q_first: bool = False
    ) -> None:
        self._settings = settings = settings or DispatchSettings()
        self._q_first = q_first
        self._charge = SteadyCharge(settings.soc_hysteresis_pu)
        self._discharging, self._charging = (
            RunningUnits(
                minimum=settings.minimum_running_units,
                hysteresis_pu=settings.hysteresis_pu,
                rest_after_s=settings.rest_after_s,
            )
            for _ in range(2)
        )

    def allocate(self, asked: Asked, able: Capability, *, time_s: float) -> Shares:
        """Share what is asked among those who are able."""
        units = able.units
        if self._q_first:
            q_shares = self._reactive(asked.q_var, units, [u.q_max_var for u in units])
            left_w = [
                sqrt(max(u.s_max_va * u.s_max_va - q * q, 0.0))
                for u, q in zip(units, q_shares, strict=True)
            ]
            p_shares, late_w = self._active(asked, units, left_w, time_s)
        else:
            p_shares, late_w = self._active(
                asked, units, [u.s_max_va for u in units], time_s
            )
            limits = [u.q_limit_var(p) for u, p in zip(units, p_shares, strict=True)]
            q_shares = self._reactive(asked.q_var, units, limits)
        return Shares(
            p_shares,
            q_shares,
            asked.p_w - (sum(p_shares) - late_w),
            asked.q_var - sum(q_shares),
            late_w,
        )

    def reach(self, able: Capability, *, bias_w: float) -> Interval:
        """What all units together could be asked for under the policy."""
        if self._settings.split != "bess_only_frequency":
            return able.p_w
        pv, bess = (
            Interval(sum(u.p_low_w for u in group), sum(u.p_high_w for u in group))
            for group in _groups(able.units)
        )
        return reach(self._settings.split, bias_w, pv, bess)

    def _active(
        self,
        asked: Asked,
        units: Sequence[Ready],
        most_w: Sequence[float],
        time_s: float,
    ) -> tuple[list[float], float]:
        """The shares, and what batteries give of them for PV that is late."""
        circles = list(zip(units, most_w, strict=True))
        lows = [min(max(u.p_low_w, -most), most) for u, most in circles]
        highs = [min(max(u.p_high_w, -most), most) for u, most in circles]
        bess = [i for i, u in enumerate(units) if u.type is EquipmentType.BESS]
        pv = [i for i, u in enumerate(units) if u.type is not EquipmentType.BESS]
        policy = self._settings.split
        all_pv, all_bess = (
            Interval(sum(lows[i] for i in group), sum(highs[i] for i in group))
            for group in (pv, bess)
        )
        pv_w, bess_w = split(policy, asked, all_pv, all_bess)
        late_w = min(
            made_up(policy, asked.p_late_w, pv_w, all_pv),
            max(all_bess.high - bess_w, 0.0),
        )
        shares = [0.0] * len(units)
        pv_shares = self._of_pv(
            pv_w, [units[i] for i in pv], [lows[i] for i in pv], [highs[i] for i in pv]
        )
        _put(shares, pv, pv_shares)
        bess_shares = self._of_bess(
            bess_w + late_w,
            [units[i] for i in bess],
            [lows[i] for i in bess],
            [highs[i] for i in bess],
            time_s,
        )
        _put(shares, bess, bess_shares)
        return shares, late_w

    def _of_pv(
        self, p_w: float, pv: list[Ready], lows: list[float], highs: list[float]
    ) -> list[float]:
        """PV knows no energy, and nothing is saved by letting a single one rest."""
        if self._settings.p == "merit":
            return in_order(p_w, self._merit(pv), lows, highs)
        weights = [u.s_max_va for u in pv] if self._settings.p == "equal" else highs
        return share(p_w, weights, lows, highs)

    def _of_bess(
        self,
        p_w: float,
        bess: list[Ready],
        lows: list[float],
        highs: list[float],
        time_s: float,
    ) -> list[float]:
        """All in one direction: none is charged by another."""
        charging = p_w < 0.0
        if charging:
            lows, highs = [min(w, 0.0) for w in lows], [min(w, 0.0) for w in highs]
        else:
            lows, highs = [max(w, 0.0) for w in lows], [max(w, 0.0) for w in highs]
        most_w = [-w for w in lows] if charging else highs
        weights = self._weights(abs(p_w), bess, most_w, time_s, charging=charging)
        return share(p_w, weights, lows, highs)

    def _weights(
        self,
        asked_w: float,
        bess: list[Ready],
        most_w: list[float],
        time_s: float,
        *,
        charging: bool,
    ) -> list[float]:
        """Who has none rests until the others are at their limits."""
        settings = self._settings
        if settings.p == "availability":
            return most_w
        if settings.p == "equal":
            return [u.s_max_va for u in bess]
        if settings.p == "energy":
            used = self._charge.step(bess)
            return [
                energy_weight(u, used[u.name], charging=charging, gamma=settings.gamma)
                for u in bess
            ]
        run = self._running(asked_w, bess, most_w, time_s, charging=charging)
        return [
            most if u.name in run else 0.0 for u, most in zip(bess, most_w, strict=True)
        ]

    def _running(
        self,
        asked_w: float,
        bess: list[Ready],
        most_w: list[float],
        time_s: float,
        *,
        charging: bool,
    ) -> AbstractSet[str]:
        """Who carries the power, by merit or for efficiency."""
        settings = self._settings
        running = self._charging if charging else self._discharging
        if settings.p == "merit":
            order, efficient_pu = self._merit(bess), 0.0
        else:
            order = self._by_charge(bess, running.names, charging=charging)
            efficient_pu = settings.efficient_pu
        candidates = [
            Candidate(
                bess[i].name,
                most_w[i],
                min(efficient_pu * bess[i].s_max_va, most_w[i]),
                settings.one_unit_pu * bess[i].s_max_va,
            )
            for i in order
            if most_w[i] > 0.0
        ]
        return running.step(asked_w, candidates, time_s=time_s)

    def _by_charge(
        self,
        bess: list[Ready],
        running: AbstractSet[str],
        *,
        charging: bool,
    ) -> list[int]:
        """The fullest first, or the emptiest. Who runs is left only for one that is
        better by more than the hysteresis.
        """
        used, sign = self._charge.step(bess), 1.0 if charging else -1.0
        bonus_pu = self._settings.soc_hysteresis_pu
        keys = [
            sign * used[u.name] - (bonus_pu if u.name in running else 0.0) for u in bess
        ]
        return sorted(range(len(bess)), key=keys.__getitem__)

    def _reactive(
        self, q_var: float, units: Sequence[Ready], limits: list[float]
    ) -> list[float]:
        """Within symmetrical limits."""
        if self._settings.q == "headroom":
            return proportional(q_var, limits)
        lows = [-limit for limit in limits]
        if self._settings.q == "merit":
            return in_order(q_var, self._merit(units), lows, limits)
        return share(q_var, [u.q_max_var for u in units], lows, limits)

    def _merit(self, units: Sequence[Ready]) -> list[int]:
        """Their places, the first to be called on first."""
        places = self._settings.order
        last = len(places)
        keys = [places.get(u.name, last) for u in units]
        return sorted(range(len(units)), key=keys.__getitem__)


def _groups(units: Sequence[Ready]) -> tuple[list[Ready], list[Ready]]:
    """PV, and batteries."""
    bess = [u for u in units if u.type is EquipmentType.BESS]
    return [u for u in units if u.type is not EquipmentType.BESS], bess


def _put(shares: list[float], where: Sequence[int], what: Sequence[float]) -> None:
    for i, value in zip(where, what, strict=True):
        shares[i] = value
