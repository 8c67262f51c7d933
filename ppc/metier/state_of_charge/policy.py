"""Which power a state of charge leaves, and what the owner of the plant may set."""

from dataclasses import dataclass

from ppc.metier.setting import check, setting
from ppc.metier.state_of_charge import law


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOfChargeSettings:
    """Settings, from `config/plant.yaml`. Per unit of usable energy."""

    soc_min_pu: float = setting(
        default=0.05, low=0.0, high=1.0, meaning="no discharge at or below it"
    )
    soc_max_pu: float = setting(
        default=0.95, low=0.0, high=1.0, meaning="no charge at or above it"
    )
    soft_pu: float = setting(
        default=0.05,
        above=0.0,
        high=0.5,
        meaning="width of the band in which the power goes linearly to 0",
    )
    release_pu: float = setting(
        default=0.01,
        low=0.0,
        high=0.5,
        meaning="how far from a limit that was reached power is given again;"
        " less than `soft_pu`",
    )
    hold_s: float = setting(
        default=60.0,
        low=0.0,
        meaning="how long a state of charge that is not renewed still counts",
    )

    def __post_init__(self) -> None:
        check(self)
        if self.soc_min_pu >= self.soc_max_pu:
            raise ValueError(
                f"soc_min_pu {self.soc_min_pu} is not below "
                f"soc_max_pu {self.soc_max_pu}"
            )
        if self.release_pu >= self.soft_pu:
            raise ValueError(
                f"release_pu {self.release_pu} is not below soft_pu {self.soft_pu}"
            )


class Limit:
    """One hard limit of all batteries, and which of them have reached it.

    A battery that reached it gets power again only `release_pu` away from it, and by
    a line that meets the usual one at the end of the soft band: no jump, no chatter.
    """

    def __init__(self, settings: StateOfChargeSettings) -> None:
        self._soft_pu = settings.soft_pu
        self._release_pu = settings.release_pu
        self._reached: set[str] = set()

    def part(self, name: str, distance_pu: float) -> float:
        """Part of the rated power towards the limit, `distance_pu` away from it."""
        if distance_pu >= self._soft_pu:
            self._reached.discard(name)
            return 1.0
        if distance_pu <= 0.0:
            self._reached.add(name)
        return law.derating_law(
            distance_pu,
            from_pu=self._release_pu if name in self._reached else 0.0,
            to_pu=self._soft_pu,
        )
