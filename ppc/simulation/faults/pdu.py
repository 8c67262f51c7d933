"""A device that answers, but with a refusal, or with a promise it does not keep."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr

from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.configuration.simulation import Positive, Share
from ppc.simulation.faults.base import Layer, Read, StationFault, Target, Undo, Write

Code = Annotated[int, Field(ge=1, le=255)]


class _Pdu(StationFault):
    layer: ClassVar[Layer] = "pdu"


class ModbusException(_Pdu):
    """Requests are answered with an exception: all, or a share of them."""

    reaction: ClassVar[str] = "Refused, said once; values grow old and expire"
    code: Code = ExceptionCode.BUSY
    share: Share = 1.0
    of: Literal["all", "reads", "writes"] = "all"
    _left: float = PrivateAttr(default=0.0)

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        if self.of != "writes":
            self._maybe()
        return ask(table, address, count)

    def write(self, tell: Write, address: int, payload: bytes) -> None:
        if self.of != "reads":
            self._maybe()
        tell(address, payload)

    def _maybe(self) -> None:
        self._left += self.share
        if self._left >= 1.0:
            self._left -= 1.0
            raise Refused(self.code)


class ExceptionOnBlock(_Pdu):
    """Reads of more than `most` registers are refused, smaller ones answered."""

    reaction: ClassVar[str] = "Refused, said once; values grow old and expire"
    most: Annotated[int, Field(ge=0)] = 4

    def read(self, ask: Read, table: Table, address: int, count: int) -> bytes:
        if count > self.most:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return ask(table, address, count)


class SingleWritesOnly(_Pdu):
    """Only one register may be written at a time."""

    reaction: ClassVar[str] = "Refused, said once; the unit does not follow"

    def write(self, tell: Write, address: int, payload: bytes) -> None:
        if len(payload) > 2:  # noqa: PLR2004 (one register)
            raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
        tell(address, payload)


class AcknowledgedNotApplied(_Pdu):
    """Writes are acknowledged and forgotten."""

    reaction: ClassVar[str] = "the unit does not follow: others make up for it"

    def write(self, tell: Write, address: int, payload: bytes) -> None:
        """Say nothing and do nothing."""


class AppliedLate(_Pdu):
    """Writes are acknowledged at once and take effect `delay_s` later."""

    reaction: ClassVar[str] = "the loop at the POI stays stable, if slow"
    delay_s: Positive = 2.0
    _target: Target | None = PrivateAttr(default=None)

    def begin(self, target: Target) -> Undo:
        self._target = target
        return super().begin(target)

    def write(self, tell: Write, address: int, payload: bytes) -> None:
        assert self._target is not None, "writes come while it is in force"
        self._target.later(self.delay_s, lambda: _quietly(tell, address, payload))


def _quietly(tell: Write, address: int, payload: bytes) -> None:
    """What was acknowledged cannot be refused any more."""
    try:
        tell(address, payload)
    except Refused:
        return


PDU = (
    ModbusException,
    ExceptionOnBlock,
    SingleWritesOnly,
    AcknowledgedNotApplied,
    AppliedLate,
)
