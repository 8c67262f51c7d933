"""What the running controller says of itself, for people: views, logs, health."""

from dataclasses import asdict, dataclass
from typing import Any

from ppc.application.explaining import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStatus:
    """One unit as it stands. None: not known, or not to be trusted."""

    name: str
    type: str
    connected: bool
    in_service: bool
    age_s: float | None
    p_w: float | None
    q_var: float | None
    p_set_w: float | None
    q_set_var: float | None
    p_available_w: float | None
    p_available_min_w: float | None
    soc_pu: float | None
    s_max_va: float
    state: str
    held: str = ""
    """Why it is sent no set-points; "": it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerStatus:
    """One way in for SCADA, counted since the start.

    A connection of a serial line is the opening of its port.
    """

    listener: str
    """Host and port, or the device of a serial line."""
    clients_count: int
    """Connections open now."""
    connections_count: int
    refused_count: int
    """Connections not taken: too many, too fast, no descriptor left, or TLS said no."""
    malformed_count: int
    timed_out_count: int
    held_back_count: int
    """Times a connection was not read for a while, because it asked too fast."""
    requests_count: int
    exceptions: tuple[tuple[int, int], ...]
    """Exception code, and how often it was answered; never is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleStatus:
    """The control cycle over the last second or so."""

    period_s: float
    late_p50_s: float
    late_max_s: float
    acknowledged_p50_s: float | None
    """Tick to the last unit's acknowledgement."""
    acknowledged_max_s: float | None
    meter_in_time_pu: float
    """Part of the cycles that had a meter value of their own."""
    cycles_count: int
    missed_count: int
    incomplete_count: int
    """Cycles in which not every unit acknowledged, since the start."""
    realtime: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantStatus:
    """The plant at one moment: measured, ordered, aimed at, and what limits it."""

    plant: str
    wall_s: float
    """Unix time."""
    decided_age_s: float
    """How long ago the last decision was made: a cycle at most, when all is well."""
    state: str
    p_w: float | None
    q_var: float | None
    v_v: float | None
    f_hz: float | None
    poi_age_s: float | None
    v_nominal_v: float
    p_max_w: float
    p_min_w: float
    q_max_var: float
    p_order_w: float | None
    q_order_var: float | None
    v_order_pu: float | None
    p_active_w: float
    q_active_var: float
    p_limited_by: str
    q_limited_by: str
    p_shortfall_w: float
    q_shortfall_var: float
    functions: tuple[tuple[str, str], ...]
    """Name and mode of the measurement, then of each control function, in order."""
    explanation: Explanation
    """Why the plant does what it does."""
    units: tuple[UnitStatus, ...]
    cycle: CycleStatus
    scada_clients_count: int
    listeners: tuple[ListenerStatus, ...]
    scada_orders_left_s: float | None
    record_dropped_count: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON: numbers, texts, lists and None only."""
        return asdict(self)

    def line(self) -> str:
        """The plant in one line of a log."""
        poi = " ".join(
            "{} {}".format(
                name, "?" if value is None else f"{value / scale:.3f} {unit}"
            )
            for name, value, scale, unit in (
                ("P", self.p_w, 1e6, "MW"),
                ("Q", self.q_var, 1e6, "Mvar"),
                ("U", self.v_v, 1e3, "kV"),
                ("f", self.f_hz, 1.0, "Hz"),
            )
        )
        modes = ", ".join(f"{name} {mode}" for name, mode in self.functions)
        limits = f"limits P {self.p_limited_by or '-'} Q {self.q_limited_by or '-'}"
        return (
            f"{self.state}: {poi}; aim {self.p_active_w / 1e6:.3f} MW "
            f"{self.q_active_var / 1e6:.3f} Mvar; {limits}; {modes}; "
            f"late {1e3 * self.cycle.late_max_s:.2f} ms"
        )
