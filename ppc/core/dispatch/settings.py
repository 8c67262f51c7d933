"""Which policy shares the plant's set-points, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ActivePolicy = Literal["energy", "availability", "equal", "merit", "efficiency"]
ReactivePolicy = Literal["headroom", "equal", "merit"]
SplitPolicy = Literal["pv_first", "bess_only_frequency", "curtail_first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSettings:
    """See docs/dispatch.md, and `DispatchSection` of the configuration."""

    p: ActivePolicy = "energy"
    q: ReactivePolicy = "headroom"
    split: SplitPolicy = "pv_first"
    gamma: float = 1.0
    soc_hysteresis_pu: float = 0.02
    minimum_running_units: int = 1
    one_unit_pu: float = 0.0
    efficient_pu: float = 0.5
    hysteresis_pu: float = 0.1
    rest_after_s: float = 30.0
    order: Mapping[str, int] = field(default_factory=dict)
    """Place of each unit in the merit order; who is not named comes last."""
