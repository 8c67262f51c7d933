"""Whether a unit takes set-points: switched on before the first, looked after since."""

from collections.abc import Callable

from ppc.adapter.action import Actions
from ppc.application.effort import Effort
from ppc.application.errand import Errand, Trouble, Unmet
from ppc.application.steps import Party
from ppc.application.telling import Telling
from ppc.communication.errors import CommunicationError


class Enabling:
    """The actions `enable`, `ready` and `release` of a unit."""

    matter = "takes no set-points"

    def __init__(
        self,
        actions: Actions,
        party: Party,
        telling: Telling,
        switched_on: Callable[[], None],
    ) -> None:
        """`switched_on` is called before the first set-point after each enabling."""
        self.held = False
        """Whether set-points were withheld the last time they were to be sent."""
        self._actions = actions
        self._party = party
        self._telling = telling
        self._effort = Effort(party, telling, self.matter, self._enable)
        self._switched_on = switched_on
        self._connects = -1
        self._look_s = 0.0
        self._look: Errand[None] | None = None
        self._ever = False

    def allows(self, now_s: float) -> bool:
        """Whether set-points may be sent now. If not, it is seen to."""
        connects = self._party.driver.counters.connects
        if connects != self._connects:
            self._connects = connects
            self.lost()
        allowed = self._effort.push(now_s)
        self.held = not allowed
        if allowed:
            self._ever = True
            if self._actions.ready and now_s >= self._look_s and self._look is None:
                self._begin_look()
        return allowed

    @property
    def ever(self) -> bool:
        """Whether it has ever taken set-points from us."""
        return self._ever

    def lost(self) -> None:
        """It may have forgotten that it was switched on."""
        self._stop_looking()
        self._effort.reset()

    def begin_release(self, ended: Callable[[], None]) -> bool:
        """Have it go its own way again; False when there is nothing to be done."""
        self._stop_looking()
        self._effort.reset()
        if not (self._ever and self._actions.release):
            return False

        def done(result: Trouble | None) -> None:
            if isinstance(result, CommunicationError | Unmet):
                self._telling.trouble("release", str(result))
            ended()

        script = self._party.carry_out(self._actions.release)
        Errand(self._party.driver, self._party.later, script, done).start()
        return True

    async def _enable(self) -> None:
        await self._party.carry_out(self._actions.enable)
        await self._party.expect_all(self._actions.ready)
        self._look_s = self._party.now_s() + self._actions.ready_every_s
        self._switched_on()

    def _begin_look(self) -> None:
        party = self._party
        script = party.expect_all(self._actions.ready)
        self._look = Errand(party.driver, party.later, script, self._looked)
        self._look.start()

    def _looked(self, result: Trouble | None) -> None:
        """A unit that does not answer is noticed elsewhere."""
        self._look = None
        self._look_s = self._party.now_s() + self._actions.ready_every_s
        if isinstance(result, Unmet):
            self._telling.trouble(self.matter, str(result))
            self._effort.reset()
        elif isinstance(result, CommunicationError):
            self._look_s = self._party.now_s() + min(1.0, self._actions.ready_every_s)

    def _stop_looking(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None
