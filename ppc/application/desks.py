"""Those who are asked to change something while the plant runs."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from ppc.application.adopting import Adopting
from ppc.application.aggregation import Aggregation
from ppc.application.parameter_desk import Apply, ParameterDesk
from ppc.application.realtime import raise_priority
from ppc.application.reception import by_question
from ppc.application.wire_desk import WireDesk
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import Parameters

PRIORITY = 9


class Desks:
    """One for parameters and one for wires; people and SCADA come to the same.

    `changed` and `by_hand` hear what was done there.
    """

    def __init__(
        self,
        configuration: Configuration,
        parameters: Parameters,
        db_dir: Path,
        *,
        apply: Apply,
        changed: Callable[[str], None],
        by_hand: Callable[[str], None],
        field: Callable[
            [], tuple[Aggregation | None, asyncio.AbstractEventLoop | None]
        ],
    ) -> None:
        self._realtime = configuration.plant.control.realtime
        desk = ParameterDesk(
            *(configuration, parameters),
            apply=apply,
            event=changed,
        )
        wires = WireDesk(
            *(configuration, db_dir, field),
            event=by_hand,
        )
        replies = dict.fromkeys(("exchange", "trace"), wires.reply)
        self.reply = by_question(replies, otherwise=desk.reply)
        """To people of this machine."""
        self.adopting = Adopting(desk, begin=self.begin)
        """For SCADA."""

    def begin(self) -> None:
        """Checking a change takes the interpreter for long: not while it waits for a
        processor that others have.
        """
        if self._realtime:
            raise_priority(PRIORITY)
