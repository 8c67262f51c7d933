"""What is allowed, but hardly meant: functions and devices that do not fit together."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from ppc.configuration.links import crowded
from ppc.configuration.loading import Configuration
from ppc.configuration.scada import ScadaSection
from ppc.configuration.slots import unsure
from ppc.datamodel.rating import ConnectionPoint

_OBEY = ("plant_sequence", "enter_service", "power_limit")
"""Functions that lead the plant to 0 when its release is withdrawn."""
_TRACK = "set_point_tracking"
_Q_LAWS = ("volt_var", "voltage_support", "power_factor", "watt_var")
_P_LAWS = ("capacity_firming", "pv_smoothing", "self_consumption")
"""Each of them chooses P whenever nobody before it did."""
_RANGE_PU = 0.2 / 50.0
_LIMITED_PU = 0.2 / 50.0
_FULL_HZ = 1e-9

_Functions = Mapping[str, Any]


def advice(configuration: Configuration) -> list[str]:
    """What a person who commissions the plant should look at, one sentence each."""
    functions = dict(configuration.functions)
    return [
        *_orders(functions),
        *_in_the_shade(functions),
        *_no_fall_back(functions),
        *_frequency(functions, configuration.connection_point),
        *_charging(functions),
        *_unsure(configuration.plant.scada),
        *crowded(configuration.plant, configuration.profiles),
        *unsure(configuration.plant.devices),
    ]


def _unsure(scada: ScadaSection) -> Iterator[str]:
    """Those who can be reached from elsewhere, and are known by a number or port."""
    ways = [w for w in scada.ways_in if w.serial is None and not _near(w.host)]
    if ways and not scada.sources and not scada.from_:
        yield "scada: orders are taken from this machine only, for there is no `from`"
    for source in scada.sources:
        if source.from_ or source.role:
            continue
        reached = [way for way in ways if source.port in (None, way.port)]
        if reached and not scada.own_port(source):
            yield (
                f"{source.name} orders from this machine only: it has neither `from` "
                "nor a role nor a port of its own"
            )
        elif any(way.tls is None for way in reached):
            yield (
                f"{source.name} is whoever reaches port {source.port}: it has neither "
                "`from` nor a role, and the port no `tls`"
            )


def _near(host: str) -> bool:
    """Whether only this machine finds it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _orders(functions: _Functions) -> Iterator[str]:
    if not functions.keys() & set(_OBEY):
        yield f"no function stops the plant at enable = 0; {', '.join(_OBEY)} do"
    if "plant_sequence" not in functions:
        yield "an emergency stop by SCADA is refused without plant_sequence"


def _in_the_shade(functions: _Functions) -> Iterator[str]:
    """Laws that never choose, because one before them always does."""
    laws = [n for n in functions if n in _Q_LAWS and functions[n].enabled]
    for name in laws[1:]:
        yield f"{name} chooses Q only in its ordered mode: {laws[0]} stands before it"
    laws = [n for n in functions if n in _P_LAWS and _chooses(n, functions[n])]
    for name in laws[1:]:
        yield f"{name} hardly ever chooses P: {laws[0]} stands before it"


def _no_fall_back(functions: _Functions) -> Iterator[str]:
    """A set-point of Q that expired is held against the laws that stand after it."""
    names = list(functions)
    before = names[: names.index(_TRACK)] if _TRACK in names else []
    for name in before:
        if name in _Q_LAWS and functions[name].enabled:
            yield (
                f"{name} chooses Q as soon as an order of Q expires: "
                f"{_TRACK}, which would hold it, stands after it"
            )


def _chooses(name: str, settings: Any) -> bool:  # noqa: ANN401
    return name != "capacity_firming" or settings.plan_w is not None


def _frequency(functions: _Functions, plant: ConnectionPoint) -> Iterator[str]:
    answer = functions.get("frequency_sensitive_mode")
    limited = functions.get("limited_frequency_sensitive_mode")
    store = functions.get("energy_management")
    if answer is None or not answer.enabled:
        return
    f_hz = plant.f_nominal_hz
    if limited is not None and limited.enabled and answer.points_hz_pu is None:
        ends_hz = answer.range_hz or _RANGE_PU * f_hz
        over_hz = (limited.over_hz or f_hz * (1.0 + _LIMITED_PU)) - f_hz
        under_hz = f_hz - (limited.under_hz or f_hz * (1.0 - _LIMITED_PU))
        begins = [
            *([over_hz] if answer.sides != "under" else []),
            *([under_hz] if answer.sides != "over" and limited.under_enabled else []),
        ]
        if begins and min(begins) < ends_hz - _FULL_HZ:
            yield (
                f"limited_frequency_sensitive_mode begins {min(begins):.3g} Hz away "
                f"from nominal, within range_hz {ends_hz:.3g} of "
                "frequency_sensitive_mode: both answer there"
            )
    if store is not None and store.enabled:
        sold_w = store.reserve_pu * plant.p_max_w
        given_w = answer.reserve_w or answer.reserve_pu * plant.p_max_w
        if abs(sold_w - given_w) > 1e-3 * plant.p_max_w:
            yield (
                f"energy_management reckons with a reserve of {sold_w:.4g} W, "
                f"frequency_sensitive_mode gives {given_w:.4g} W"
            )


def _charging(functions: _Functions) -> Iterator[str]:
    peak, track = functions.get("peak_shaving"), functions.get(_TRACK)
    if peak is None or track is None or peak.recharge_w is None:
        return
    lasts = track.fallback == "hold" or track.p_default_w is not None
    if lasts or track.hold_s > peak.order_hold_s:
        yield (
            f"peak_shaving charges {peak.order_hold_s:g} s after a P order is lost, "
            f"while {_TRACK} would still follow it"
        )
