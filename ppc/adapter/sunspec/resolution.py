"""Where a request of a profile goes on the wire, on the device found at the other end.

Found anew at each connecting: a firmware may have moved its models in the meantime.
"""

from collections.abc import Iterable
from typing import Protocol

from ppc.adapter.sunspec.chain import FoundModel


class Target(Protocol):
    """A block, a step of an action, a heartbeat."""

    @property
    def models(self) -> tuple[int, ...]: ...
    @property
    def instance(self) -> int: ...
    @property
    def address(self) -> int: ...


def wire_address(
    found: Iterable[FoundModel], target: Target, count: int = 1
) -> int | None:
    """Address of the first of `count` registers; that of the profile if it is fixed.

    None when the device has none of the models so often, or only a shorter one.
    """
    if not target.models:
        return target.address
    model = _first(tuple(found), target)
    if model is None or target.address + count > model.length:
        return None
    return model.address + target.address


def why_not(found: Iterable[FoundModel], target: Target, count: int = 1) -> str:
    """Why `wire_address` is None, as the end of "PV1 (10.0.0.7:502): "."""
    wanted = " or ".join(str(number) for number in target.models)
    model = _first(tuple(found), target)
    if model is not None:
        needed = target.address + count
        return f"its SunSpec {model} is too short: {needed} are needed"
    if target.instance:
        return f"it has no SunSpec model {wanted} number {target.instance + 1}"
    return f"it has no SunSpec model {wanted}"


def _first(found: tuple[FoundModel, ...], target: Target) -> FoundModel | None:
    """Of the models of `target`, in its order, the first there is."""
    for number in target.models:
        for model in found:
            if (model.number, model.instance) == (number, target.instance):
                return model
    return None
