"""Which law in which mode, and what the owner of the plant may set."""

from dataclasses import dataclass
from typing import NamedTuple

from ppc.datamodel.observation import Orders
from ppc.datamodel.rating import ConnectionPoint
from ppc.metier.limited_frequency_sensitive_mode import law
from ppc.metier.limited_frequency_sensitive_mode.state_machine import Mode
from ppc.metier.setting import check, setting
from ppc.metier.shaping import approach, first_order, open_loop_tau_s

_OVER_PU, _UNDER_PU = 50.2 / 50.0, 49.8 / 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedFrequencySensitiveModeSettings:
    """Settings, from `config/plant.yaml`."""

    enabled: bool = setting(
        default=True, meaning="whether frequency is answered at all"
    )
    over_hz: float | None = setting(
        default=None, above=0.0, meaning="upper edge of the band",
        unset="50.2 Hz, at 60 Hz 60.24 Hz",
    )  # fmt: skip
    under_hz: float | None = setting(
        default=None, above=0.0, meaning="lower edge of the band",
        unset="49.8 Hz, at 60 Hz 59.76 Hz",
    )  # fmt: skip
    under_enabled: bool = setting(
        default=True, meaning="whether a frequency below the band is answered too"
    )
    droop_pu: float = setting(
        default=0.05, low=0.02, high=0.12,
        meaning="change of frequency over nominal for all of the reference power",
    )  # fmt: skip
    droop_under_pu: float | None = setting(
        default=None, low=0.02, high=0.12, meaning="the same below the band",
        unset="`droop_pu`",
    )  # fmt: skip
    reference: str = setting(
        default="p_max", choices=("p_max", "latched"),
        meaning="reference power: the plant's `p_max_w`, or the power fed when the "
        "frequency left its band",
    )  # fmt: skip
    delay_s: float = setting(
        default=0.0, low=0.0, high=30.0, meaning="wait before the answer begins"
    )
    response_s: float = setting(
        default=0.0, low=0.0, high=60.0, meaning="time for 90 % of the answer"
    )
    stop_over_hz: float | None = setting(
        default=None, above=0.0, meaning="where an answer to high frequency ends",
        unset="`over_hz`",
    )  # fmt: skip
    stop_under_hz: float | None = setting(
        default=None, above=0.0, meaning="where an answer to low frequency ends",
        unset="`under_hz`",
    )  # fmt: skip
    release_w_per_s: float | None = setting(
        default=None, above=0.0, meaning="how fast what is left of an answer goes",
        unset="the plant's `p_max_w` in 1 s",
    )  # fmt: skip
    base_hold_hz: float | None = setting(
        default=None, above=0.0,
        meaning="deviation from nominal beyond which what others choose stays "
        "where it is; a ramp under way goes on afterwards", unset="it is never held",
    )  # fmt: skip
    base_release_hz: float = setting(
        default=0.02, low=0.0, meaning="deviation within which it is free again"
    )
    hold_s: float = setting(
        default=5.0, low=0.0, meaning="how long the answer is held without a frequency"
    )

    def __post_init__(self) -> None:
        check(self)


class Figures(NamedTuple):
    """What the settings come to at this plant."""

    over_hz: float
    under_hz: float
    stop_over_hz: float
    stop_under_hz: float
    droop_over_pu: float
    droop_under_pu: float
    f_nominal_hz: float
    p_max_w: float
    most_w: float
    """From one end of the connection to the other: no answer is larger."""
    tau_s: float
    release_w_per_s: float


def figures(
    settings: LimitedFrequencySensitiveModeSettings, plant: ConnectionPoint
) -> Figures:
    """Fill in from the plant what the settings leave out."""
    over_hz = settings.over_hz or _OVER_PU * plant.f_nominal_hz
    under_hz = settings.under_hz or _UNDER_PU * plant.f_nominal_hz
    return Figures(
        over_hz=over_hz,
        under_hz=under_hz if settings.under_enabled else 0.0,
        stop_over_hz=settings.stop_over_hz or over_hz,
        stop_under_hz=settings.stop_under_hz or under_hz,
        droop_over_pu=settings.droop_pu,
        droop_under_pu=settings.droop_under_pu or settings.droop_pu,
        f_nominal_hz=plant.f_nominal_hz,
        p_max_w=plant.p_max_w,
        most_w=plant.p_max_w - plant.p_min_w,
        tau_s=open_loop_tau_s(settings.response_s),
        release_w_per_s=settings.release_w_per_s or plant.p_max_w,
    )


def enabled(orders: Orders, settings: LimitedFrequencySensitiveModeSettings) -> bool:
    """Whether frequency is ours to answer."""
    return settings.enabled and orders.enable_code != 0


def holds_base(
    f_hz: float | None,
    settings: LimitedFrequencySensitiveModeSettings,
    plant: Figures,
    *,
    held: bool,
) -> bool:
    """Whether what others choose has to stay where it is, by the frequency alone."""
    if settings.base_hold_hz is None:
        return False
    if f_hz is None:
        return held
    off_hz = abs(f_hz - plant.f_nominal_hz)
    return off_hz > settings.base_hold_hz or (
        held and off_hz > settings.base_release_hz
    )


class Now(NamedTuple):
    """The moment a law is asked."""

    mode: Mode
    in_mode_s: float
    dt_s: float
    f_hz: float | None
    reference_w: float


def next_delta_w(
    last_w: float,
    now: Now,
    settings: LimitedFrequencySensitiveModeSettings,
    plant: Figures,
) -> float:
    """How far P has to be from where it was when the answer began [W]."""
    if now.mode in {Mode.OVER, Mode.UNDER}:
        assert now.f_hz is not None, "these modes imply a trusted frequency"
        asked_w = now.reference_w * law.response_law(
            now.f_hz,
            over_hz=plant.over_hz,
            under_hz=plant.under_hz,
            droop_over_pu=plant.droop_over_pu,
            droop_under_pu=plant.droop_under_pu,
            f_nominal_hz=plant.f_nominal_hz,
        )
        asked_w = min(max(asked_w, -plant.most_w), plant.most_w)
        return first_order(last_w, asked_w, tau_s=plant.tau_s, dt_s=now.dt_s)
    if now.mode is Mode.BLIND and now.in_mode_s <= settings.hold_s:
        return last_w
    if plant.tau_s:
        eased_w = first_order(last_w, 0.0, tau_s=plant.tau_s, dt_s=now.dt_s)
        if abs(eased_w - last_w) < plant.release_w_per_s * now.dt_s:
            return eased_w if abs(eased_w) > 1e-3 * plant.p_max_w else 0.0
    return approach(last_w, 0.0, rate_per_s=plant.release_w_per_s, dt_s=now.dt_s)
