"""What is held, for how long, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.metier.disturbance_freeze import law
from ppc.metier.setting import check, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class DisturbanceFreezeSettings:
    """Settings, from `config/plant.yaml`."""

    v_low_pu: float = setting(
        default=0.85, low=0.0, high=1.0, meaning="voltage below which a fault begins"
    )
    v_return_pu: float = setting(
        default=0.9, low=0.0, high=1.0, meaning="voltage above which it is over"
    )
    v_high_pu: float = setting(
        default=1.15,
        low=1.0,
        high=2.0,
        meaning="voltage above which a fault begins too",
    )
    release_s: float = setting(
        default=0.1, low=0.0, high=10.0, meaning="how long P and Q are held after it"
    )
    hold_most_s: float = setting(
        default=30.0,
        above=0.0,
        meaning="a voltage that stays away is no fault any more",
    )

    def __post_init__(self) -> None:
        check(self)
        if self.v_return_pu < self.v_low_pu:
            raise ValueError(
                f"v_return_pu {self.v_return_pu} is below v_low_pu {self.v_low_pu}"
            )


def disturbed(
    v_v: float | None,
    settings: DisturbanceFreezeSettings,
    *,
    v_nominal_v: float,
    was: bool,
) -> bool:
    """Whether there is a fault. A voltage that is not measured changes nothing."""
    if v_v is None:
        return was
    return law.disturbed_law(
        v_v / v_nominal_v,
        disturbed=was,
        low_pu=settings.v_low_pu,
        return_pu=settings.v_return_pu,
        high_pu=settings.v_high_pu,
    )
