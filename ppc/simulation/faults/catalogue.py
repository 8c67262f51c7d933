"""All kinds of faults, by name; and what a plan says of one."""

import re
from typing import Any

from ppc.configuration.checking import check
from ppc.configuration.findings import instead
from ppc.simulation.faults.base import Fault
from ppc.simulation.faults.data import DATA
from ppc.simulation.faults.frame import FRAME
from ppc.simulation.faults.grid import GRID
from ppc.simulation.faults.host import HOST
from ppc.simulation.faults.link import LINK
from ppc.simulation.faults.pdu import PDU
from ppc.simulation.faults.set_point import SET_POINT
from ppc.simulation.faults.unit import UNIT


def kind_name(kind: type[Fault]) -> str:
    """The name of a kind in plans: `WrongCount` is `wrong_count`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


KINDS: dict[str, type[Fault]] = {
    kind_name(kind): kind
    for kind in (*LINK, *FRAME, *PDU, *DATA, *SET_POINT, *UNIT, *GRID, *HOST)
}
"""Every kind there is."""


class FaultError(ValueError):
    """There is no such fault, or not with these parameters; a reason a line."""


def build(kind: str, parameters: dict[str, Any]) -> Fault:
    """A fault of this kind. Raises FaultError."""
    if kind not in KINDS:
        raise FaultError(f"there is no fault {kind}{instead(kind, KINDS)}")
    fault, wrong = check(KINDS[kind], parameters)
    if fault is None:
        raise FaultError("\n".join(f"{'.'.join(at)}: {why}" for at, why in wrong))
    return fault
