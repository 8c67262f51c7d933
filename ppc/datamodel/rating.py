"""What the plant is by construction: nominal values and ratings."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class EquipmentType(StrEnum):
    """The part a device plays in the plant."""

    POI = "poi"
    BESS = "bess"
    PV = "pv"
    BMS = "bms"
    """What tells the state of charge of a battery whose converter does not."""

    @property
    def is_unit(self) -> bool:
        """Whether it takes set-points."""
        return self in (EquipmentType.BESS, EquipmentType.PV)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPoint:
    """The plant at its point of interconnection, as agreed with the grid operator.

    The base of per-unit values: voltages on `v_nominal_v`, powers on `p_max_w`.
    """

    v_nominal_v: float
    f_nominal_hz: float
    p_max_w: float
    """Most active power that may be exported."""
    p_min_w: float
    """Least active power: negative, what may be imported."""
    q_max_var: float
    """Reactive power that must be available in both directions."""


class UnitRating(NamedTuple):
    """What a unit is by construction. `e_max_wh` is 0 for a unit without storage.

    `untold`: the fields of `Unit` its map has no register for.
    """

    name: str
    type: EquipmentType
    s_max_va: float
    p_max_w: float
    p_min_w: float
    q_max_var: float
    e_max_wh: float = 0.0
    untold: frozenset[str] = frozenset()
