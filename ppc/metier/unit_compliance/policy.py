"""Which unit disobeys, for how long it rests, and what the owner may set."""

from dataclasses import dataclass

from ppc.datamodel.observation import Setpoint, Unit
from ppc.datamodel.rating import EquipmentType
from ppc.metier.setting import check, setting
from ppc.metier.since import Since
from ppc.metier.unit_compliance import law


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitComplianceSettings:
    """Settings, from `config/plant.yaml`."""

    tolerance_pu: float = setting(
        default=0.05, above=0.0, high=1.0,
        meaning="deviation from the set-point that is none, of the unit's rating",
    )  # fmt: skip
    after_s: float = setting(
        default=5.0, above=0.0, meaning="how long a unit may deviate"
    )
    rest_s: float = setting(
        default=60.0, above=0.0,
        meaning="how long it is left out the first time, then twice as long",
    )  # fmt: skip
    rest_most_s: float = setting(default=3600.0, above=0.0, meaning="no rest is longer")

    def __post_init__(self) -> None:
        check(self)


def obeys(unit: Unit, asked: Setpoint, settings: UnitComplianceSettings) -> bool:
    """Whether a unit that serves follows its set-points, P and Q.

    A unit whose power is not known is others' affair. PV may stay below: what it could
    give is an estimate. Q is judged by its direction: how much of it a unit can give
    depends on its voltage.
    """
    if unit.p_w is None or unit.q_var is None:
        return True
    rating = unit.rating
    high_w = rating.p_max_w if unit.p_available_w is None else unit.p_available_w
    low_w = rating.p_min_w
    if unit.p_available_min_w is not None:
        low_w = unit.p_available_min_w
    if rating.type is EquipmentType.PV:
        low_w = high_w = min(0.0, high_w)
    tolerance_w = settings.tolerance_pu * rating.s_max_va
    p_good = law.follows(
        unit.p_w, asked.p_w, tolerance=tolerance_w, most=high_w, least=low_w
    )
    q_far = abs(unit.q_var - asked.q_var) > tolerance_w
    q_wrong = q_far and unit.q_var * asked.q_var < -tolerance_w * tolerance_w
    return p_good and not q_wrong


class Record:
    """What is known of one unit's obedience."""

    def __init__(self, settings: UnitComplianceSettings) -> None:
        self._settings = settings
        self._bad, self._good = Since(), Since()
        self._rest_s = 0.0
        self._out_until_s = 0.0

    def resting(self, time_s: float) -> bool:
        """Whether it is left out now."""
        return time_s < self._out_until_s

    def judge(self, time_s: float, *, good: bool) -> bool:
        """Take in one cycle in which it served; whether it has to be left out."""
        good_s = self._good.for_s(time_s, holds=good)
        if good_s is not None and good_s > self._settings.rest_most_s:
            self._rest_s = 0.0
        bad_s = self._bad.for_s(time_s, holds=not good)
        return bad_s is not None and bad_s >= self._settings.after_s

    def leave_out(self, time_s: float) -> None:
        """Begin a rest."""
        settings = self._settings
        self._rest_s = law.next_rest_s(
            self._rest_s, first_s=settings.rest_s, most_s=settings.rest_most_s
        )
        self._out_until_s = time_s + self._rest_s
        self._bad = Since()
