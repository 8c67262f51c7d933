"""Model 704 as a source writes it: set-points with enable and reversion.

Symbols: SunSpec model 704. A value counts while its `Ena` is 1; `RvrtTms` other than 0
ends that by itself, by the reversion value where `EnaRvrt` is 1.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import inf, isfinite, nan
from typing import NamedTuple

from ppc.adapter.northbound.order_code import OrderCode, OrderRefused
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key, QMode

Staged = Mapping[str, float]
Order = Callable[[Mapping[Key, float], float], None]
"""Orders at a time, as if written on the map. Raises Refused."""

SCALES = {
    "PF_SF": -3, "WMaxLimPct_SF": -2, "WSetPct_SF": -2, "VarSetPct_SF": -2,
}  # fmt: skip
_BY_MAX, _BY_Q_MAX, _PLAIN_P, _PLAIN_Q = 0, 1, 1, 4


class Control(NamedTuple):
    """One of the things model 704 controls."""

    name: str
    """What its points begin with."""
    values: tuple[str, ...]
    """What the source writes, besides enable and reversion."""
    rvrt_values: tuple[str, ...]
    key: Key
    """The order by which one sees whether it is still in force."""
    withdraw_code: int

    @property
    def ena(self) -> str:
        return f"{self.name}Ena"

    @property
    def rvrt_ena(self) -> str:
        return f"{self.name}EnaRvrt"

    @property
    def tms(self) -> str:
        return f"{self.name}RvrtTms"

    @property
    def rem(self) -> str:
        return f"{self.name}RvrtRem"

    @property
    def points(self) -> tuple[str, ...]:
        """All that can be written."""
        return (self.ena, self.rvrt_ena, self.tms, *self.values, *self.rvrt_values)


CONTROLS = (
    Control(
        "PFWInj",
        ("PFWInj.PF", "PFWInj.Ext"),
        ("PFWInjRvrt.PF", "PFWInjRvrt.Ext"),
        Key.PF_SET_PU,
        16,
    ),
    Control("WMaxLimPct", ("WMaxLimPct",), ("WMaxLimPctRvrt",), Key.P_LIMIT_MAX_W, 8),
    Control(
        "WSet",
        ("WSetMod", "WSet", "WSetPct"),
        ("WSetRvrt", "WSetPctRvrt"),
        Key.P_SET_W,
        1,
    ),
    Control(
        "VarSet",
        ("VarSetMod", "VarSet", "VarSetPct"),
        ("VarSetRvrt", "VarSetPctRvrt"),
        Key.Q_SET_VAR,
        2,
    ),
)


class Controls:
    """What one source has written there, and the orders that come of it."""

    def __init__(
        self,
        plant: ConnectionPoint,
        order: Order,
        received: Callable[[float], Mapping[Key, float]],
    ) -> None:
        """`received`: the source's orders in force at a time."""
        self._plant, self._order, self._received = plant, order, received
        self._staged: dict[str, float] = {"WSetMod": _PLAIN_P, "VarSetMod": _PLAIN_Q}
        self._until_s: dict[str, float] = {}

    @property
    def busy(self) -> bool:
        """Whether something reverts by itself, after a while."""
        return bool(self._until_s)

    def shown(self, now_s: float) -> dict[str, float]:
        """All points that have a value."""
        shown = dict(self._staged)
        for control in CONTROLS:
            shown[control.ena] = self._enabled(control, now_s)
            left_s = self._until_s.get(control.ena, now_s) - now_s
            shown[control.rem] = max(round(left_s), 0)
        return shown

    def write(self, told: Staged, now_s: float) -> None:
        """Stage what is told and order what is enabled. Raises Refused, and has then
        staged nothing.
        """
        staged = {**self._staged, **told}
        for control in CONTROLS:
            touched = told.keys() & set(control.points)
            if not touched:
                continue
            was = self._enabled(control, now_s)
            if bool(told.get(control.ena, was)):
                life_s = staged.get(control.tms, 0.0)
                if life_s and staged.get(control.rvrt_ena):
                    self._orders(control, staged, revert=True)  # is it all there?
                self._order(self._orders(control, staged, revert=False), now_s)
                self._until_s[control.ena] = now_s + life_s if life_s else inf
            elif was:
                self._take_back(control, now_s)
                self._until_s.pop(control.ena, None)
            if self._until_s.get(control.ena) == inf:
                del self._until_s[control.ena]
        self._staged = staged

    def look(self, now_s: float) -> None:
        """Let revert what has come to its end."""
        for control in CONTROLS:
            if now_s < self._until_s.get(control.ena, inf):
                continue
            if self._reverted(control, now_s):
                del self._until_s[control.ena]

    def _reverted(self, control: Control, now_s: float) -> bool:
        """Put the reversion values in the place of the others; without any, or where
        they are refused, take back what was ordered. False: it is too soon for that.
        """
        reverts = bool(self._staged.get(control.rvrt_ena))
        try:
            if reverts:
                reverted = self._orders(control, self._staged, revert=True)
                self._order(reverted, now_s)
        except Refused as refusal:
            reverts = False
            if isinstance(refusal, OrderRefused) and refusal.why is OrderCode.TOO_FAST:
                return False
        if not reverts:
            with suppress(Refused):  # no longer the source's to give
                self._take_back(control, now_s)
        self._staged[control.ena] = float(reverts)
        for back in control.rvrt_values if reverts else ():
            if back in self._staged:
                self._staged[back.replace("Rvrt", "")] = self._staged[back]
        return True

    def _take_back(self, control: Control, now_s: float) -> None:
        """End its order. The lower limit, which has the same bit, goes on."""
        low_w = self._received(now_s).get(Key.P_LIMIT_MIN_W, nan)
        self._order({Key.WITHDRAW_CODE: control.withdraw_code}, now_s)
        if control.key is Key.P_LIMIT_MAX_W and isfinite(low_w):
            self._order({Key.P_LIMIT_MIN_W: low_w}, now_s)

    def _enabled(self, control: Control, now_s: float) -> bool:
        asked = bool(self._staged.get(control.ena))
        return asked and isfinite(self._received(now_s).get(control.key, nan))

    def _orders(
        self, control: Control, staged: Staged, *, revert: bool
    ) -> dict[Key, float]:
        """The orders of its values. Raises Refused: one is missing, or not offered."""
        back = "Rvrt" if revert else ""
        plant = self._plant
        try:
            match control.name:
                case "PFWInj":
                    return {
                        Key.Q_MODE_CODE: QMode.POWER_FACTOR,
                        Key.PF_SET_PU: staged[f"PFWInj{back}.PF"],
                        Key.EXCITATION_CODE: staged[f"PFWInj{back}.Ext"],
                    }
                case "WMaxLimPct":
                    part = staged[f"WMaxLimPct{back}"] / 100
                    return {Key.P_LIMIT_MAX_W: part * plant.p_max_w}
                case "WSet":
                    bases = {_BY_MAX: plant.p_max_w}
                    value = _set_point("WSet", back, staged, bases, _PLAIN_P)
                    return {Key.P_SET_W: value}
                case _:
                    bases = {_BY_MAX: plant.p_max_w, _BY_Q_MAX: plant.q_max_var}
                    value = _set_point("VarSet", back, staged, bases, _PLAIN_Q)
                    return {Key.Q_SET_VAR: value}
        except KeyError:
            raise Refused(ExceptionCode.ILLEGAL_VALUE) from None


def _set_point(
    name: str, back: str, staged: Staged, bases: Mapping[int, float], plain: int
) -> float:
    """In its unit, or a part of what its mode says. KeyError: there is none such."""
    mode = int(staged[f"{name}Mod"])
    if mode == plain:
        return staged[f"{name}{back}"]
    return staged[f"{name}Pct{back}"] / 100 * bases[mode]
