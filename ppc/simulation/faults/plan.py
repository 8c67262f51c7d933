"""When which fault happens: a timeline, and chance from a seed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ppc.adapter.strict import Strict
from ppc.configuration.checking import check
from ppc.configuration.document import Document
from ppc.configuration.findings import ConfigurationError
from ppc.configuration.simulation import NotNegative, Positive
from ppc.simulation.faults.base import Fault
from ppc.simulation.faults.catalogue import build


class Planned(Strict):
    """One fault: kind, device and parameters, from `at_s` on, for `lasts_s`.

    In a file the parameters stand beside the others. Without `lasts_s` it stays.
    """

    kind: str
    at_s: NotNegative = 0.0
    lasts_s: Positive | None = None
    device: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:  # noqa: ANN401
        if not isinstance(data, Mapping) or "parameters" in data:
            return data
        own = {"kind", "at_s", "lasts_s", "device"}
        given = {k: v for k, v in data.items() if k not in own}
        return {k: v for k, v in data.items() if k in own} | {"parameters": given}

    @model_validator(mode="after")
    def _possible(self) -> Self:
        fault = self.fault()
        if self.device is None and not fault.plant_wide:
            raise ValueError(f"{self.kind} needs a device")
        return self

    def fault(self) -> Fault:
        """A new one, with no memory. Raises FaultError."""
        return build(self.kind, self.parameters)


class Chance(Strict):
    """A fault of chance every `every_s`, on a device of chance."""

    every_s: Positive = 20.0
    lasts_s: tuple[Positive, Positive] = (2.0, 10.0)
    """Least and most."""
    devices: Annotated[tuple[str, ...], Field(min_length=1)]
    kinds: Annotated[tuple[Planned, ...], Field(min_length=1)]
    """Each with its parameters; times and device are drawn."""


class FaultPlan(Strict):
    """A whole plan. Equal seeds and plants give equal faults at equal times."""

    seed: int = 1
    faults: tuple[Planned, ...] = ()
    random: Chance | None = None

    @classmethod
    def load(cls, path: Path, devices: Sequence[str]) -> Self:
        """Read a plan for a plant with these devices.

        Raises ConfigurationError with every finding.
        """
        document = Document(path)
        if not document.readable:
            raise ConfigurationError(document.findings)
        plan, wrong = check(cls, _named(document.data))
        document.report(wrong)
        if plan is not None:
            document.report(
                (("faults",), f"there is no device {name}; there is {known}")
                for name in plan.devices()
                if name not in devices
                for known in [", ".join(devices)]
            )
        if document.findings or plan is None:
            raise ConfigurationError(document.findings)
        return plan

    def devices(self) -> list[str]:
        """Every device it names."""
        named = [p.device for p in self.faults if p.device]
        return sorted({*named, *(self.random.devices if self.random else ())})

    def draw(self, turn: int) -> Planned | None:
        """The fault of chance number `turn`; None: there are none."""
        chance = self.random
        if chance is None:
            return None
        rng = Random(f"{self.seed} {turn}")  # noqa: S311 (no secret)
        chosen = rng.choice(chance.kinds)
        return chosen.model_copy(
            update={
                "at_s": (turn + 1) * chance.every_s,
                "lasts_s": rng.uniform(*chance.lasts_s),
                "device": rng.choice(chance.devices),
            }
        )


def _named(data: Any) -> Any:  # noqa: ANN401
    """Kinds of chance may be given by name alone."""
    chance = data.get("random") if isinstance(data, dict) else None
    if not isinstance(chance, dict) or not isinstance(chance.get("kinds"), list):
        return data
    devices = chance.get("devices")
    some = devices[0] if isinstance(devices, list) and devices else None
    kinds = [
        {"device": some} | ({"kind": k} if isinstance(k, str) else k)
        for k in chance["kinds"]
        if isinstance(k, str | dict)
    ]
    return {**data, "random": {**chance, "kinds": kinds}}
