"""Power electronics and batteries that fail."""

from abc import abstractmethod
from typing import ClassVar

from ppc.configuration.simulation import NotNegative, Positive, Share
from ppc.simulation.faults.base import Fault, Layer, Target, Undo
from ppc.simulation.physics.battery import Battery
from ppc.simulation.physics.inverter import Inverter


class _Unit(Fault):
    layer: ClassVar[Layer] = "unit"
    reaction: ClassVar[str] = "others take its share within a cycle of its telling"


def _inverter(target: Target) -> Inverter:
    return target.plant.units[target.device].inverter


def _battery(target: Target) -> Battery:
    """ValueError: it is none."""
    unit = target.plant.units[target.device]
    if not isinstance(unit, Battery):
        raise ValueError(f"{target.device} is no battery")  # noqa: TRY004
    return unit


def _held_off(target: Target, how: str) -> Undo:
    """Keep it off; it starts when nothing keeps it off any more."""
    machine = _inverter(target).machine

    def apply(how: str) -> None:
        match how:
            case "trip":
                machine.trip()
            case "open":
                machine.open()
            case _:
                machine.close()
                machine.reset()

    return target.held.hold(machine, "off", how, "", apply)


class _Disorder(_Unit):
    """Changes one thing of the unit's answer."""

    reaction: ClassVar[str] = "the loop at the POI makes up for it"

    @abstractmethod
    def changed(self) -> dict[str, object]: ...

    def begin(self, target: Target) -> Undo:
        disorder = _inverter(target).disorder
        undone = [
            target.held.set(disorder, name, value)
            for name, value in self.changed().items()
        ]

        def undo() -> None:
            for let_go in undone:
                let_go()

        return undo


class Trip(_Unit):
    """It trips; when the fault is cleared it waits, and comes back with its ramp."""

    def begin(self, target: Target) -> Undo:
        return _held_off(target, "trip")


class ContactorOpen(_Unit):
    """Its contactor is open: off."""

    def begin(self, target: Target) -> Undo:
        return _held_off(target, "open")


class Derated(_Unit):
    """It has only a share of its power left."""

    share: Share = 0.5

    def begin(self, target: Target) -> Undo:
        return target.held.set(_inverter(target), "derate_pu", self.share)


class BmsLimit(_Unit):
    """The battery's management allows only a share of its power; 0: none."""

    share: Share = 0.0

    def begin(self, target: Target) -> Undo:
        return target.held.set(_battery(target), "bms_pu", self.share)


class CoolingLost(_Unit):
    """The container's air conditioning has failed."""

    reaction: ClassVar[str] = "less power as it warms, told by its limits"

    def begin(self, target: Target) -> Undo:
        return target.held.set(_battery(target).container, "cooling", value=False)


class SocJump(_Unit):
    """The state of charge it tells jumps for good: a recalibration."""

    reaction: ClassVar[str] = "the window is kept on the charge that is shown"
    by_pu: float = 0.05

    def begin(self, target: Target) -> Undo:
        battery = _battery(target)
        battery.soc_error_pu += self.by_pu

        def undo() -> None:
            battery.soc_error_pu -= self.by_pu

        return undo


class FrozenOutput(_Disorder):
    """It goes on giving what it gives, whatever it is told."""

    def changed(self) -> dict[str, object]:
        return {"frozen": True}


class OwnDroop(_Disorder):
    """A voltage control of its own works against the plant's."""

    droop_pu: Positive = 0.04

    def changed(self) -> dict[str, object]:
        return {"droop_pu": self.droop_pu}


class Oscillating(_Disorder):
    """Its active power swings."""

    reaction: ClassVar[str] = "the loop does not join in"
    amplitude_pu: NotNegative = 0.1
    period_s: Positive = 2.0

    def changed(self) -> dict[str, object]:
        return {"swing_pu": self.amplitude_pu, "swing_s": self.period_s}


class QSaturated(_Disorder):
    """It has only a share of its reactive power left."""

    share: Share = 0.0

    def changed(self) -> dict[str, object]:
        return {"q_share": self.share}


UNIT = (
    Trip,
    ContactorOpen,
    Derated,
    BmsLimit,
    CoolingLost,
    SocJump,
    FrozenOutput,
    OwnDroop,
    Oscillating,
    QSaturated,
)
