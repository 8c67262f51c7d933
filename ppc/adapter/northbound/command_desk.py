"""Commands of one source: armed, operated, and followed until they are achieved."""

from collections import deque
from collections.abc import Callable, Collection
from math import inf

from ppc.adapter.northbound.command_life import Life, achieved, overruled, seen, steps
from ppc.adapter.northbound.command_map import CommandMap
from ppc.adapter.northbound.command_words import (
    KEYS,
    ONE_IN_CHARGE,
    Command,
    Reason,
    Result,
    Run,
    possible,
    q_modes,
    standing,
)
from ppc.adapter.northbound.order_lives import OrderStep
from ppc.adapter.northbound.orders import OperatorOrders
from ppc.adapter.northbound.pace import Pace
from ppc.adapter.plant_view import PlantView
from ppc.keys import Key, QMode

ONE_SHOT = 0xA500
"""Added to a command that is to be done without arming."""
_LEVELS = 255
_AT_ONCE, _EVERY_S = 100, 0.5
"""Steps that are told, at once and in the long run; what is refused has a pace of its
own, so that it hides nothing that is done."""


class CommandDesk:
    """Takes commands of one source, one at a time, and turns them into its orders.

    A later one replaces one under way. `told` hears of every step. Event loop only.
    """

    def __init__(
        self,
        source: str,
        orders: OperatorOrders,
        settings: CommandMap,
        *,
        allowed: Collection[Key],
        functions: Collection[str],
        in_charge: Callable[[], bool] = lambda: True,
        told: Callable[[OrderStep], None] = lambda _: None,
        view: Callable[[], PlantView | None] = lambda: None,
    ) -> None:
        """`functions`: those listed in plant.yaml; `view`: the newest cycle."""
        self._source, self._orders, self._settings = source, orders, settings
        self._allowed, self._functions = frozenset(allowed), frozenset(functions)
        self._in_charge, self._told, self._view = in_charge, told, view
        self.result, self.reason = Result.IDLE, Reason.NONE
        self.last = self.count = 0
        """The last command, and how many there were."""
        self._armed: tuple[int, int] | None = None
        self._armed_until_s = -inf
        self._life: Life | None = None
        self._executed = False
        self._pace = Pace(_AT_ONCE, _EVERY_S)
        self._refused_pace = Pace(_AT_ONCE, _EVERY_S)

    @property
    def permitted(self) -> list[Command]:
        """What this source may command, and the plant can do."""
        return [
            c
            for c in Command
            if KEYS[c] in self._allowed and possible(c, self._functions)
        ]

    @property
    def q_modes(self) -> list[QMode]:
        return q_modes(self._functions)

    @property
    def busy(self) -> bool:
        """Whether a command is under way, or one is armed."""
        return self._life is not None or self._armed is not None

    def armed(self, now_s: float) -> tuple[int, int, float]:
        """Command and argument that are armed, and for how long still; or zeros."""
        left_s = self._armed_until_s - now_s
        return (*self._armed, left_s) if self._armed and left_s > 0 else (0, 0, 0.0)

    def select(self, code: int, argument: int, now_s: float) -> Reason:
        """Arm a command; 0 arms none. Why it cannot be, else NONE."""
        self._armed = None
        if code == 0:
            self.result, self.reason = Result.IDLE, Reason.NONE
            return Reason.NONE
        reason = self._fault(code, argument)
        self.result = Result.REFUSED if reason else Result.ARMED
        self.reason = reason
        if not reason:
            self._armed, self._armed_until_s = (
                (code, argument),
                now_s + self._settings.arm_s,
            )
        return reason

    def operate(self, code: int, argument: int, now_s: float) -> Reason:
        """Do what is armed; an emergency stop needs no arming."""
        armed, self._armed = self._armed, None
        if code == Command.EMERGENCY_STOP:
            return self._begin(code, 0, now_s)
        if armed is None:
            return self._refuse(code, argument, Reason.NOT_ARMED, now_s)
        if armed[0] != code:
            return self._refuse(code, argument, Reason.ANOTHER_ARMED, now_s)
        if now_s > self._armed_until_s:
            return self._refuse(*armed, Reason.ARMED_TOO_LONG_AGO, now_s)
        return self._begin(*armed, now_s)

    def one_shot(self, code: int, argument: int, now_s: float) -> Reason:
        """Do a command with `ONE_SHOT` added at once."""
        self._armed = None
        if not self._settings.one_shot or code & 0xFF00 != ONE_SHOT:
            return self._refuse(code, argument, Reason.UNKNOWN_COMMAND, now_s)
        return self._begin(code & 0xFF, argument, now_s)

    def look(self, now_s: float) -> None:
        """See what has become of it. To be called again and again while `busy`."""
        view = self._view()
        if self._armed and now_s > self._armed_until_s:
            self._armed = None
            self.result, self.reason = Result.EXPIRED, Reason.ARMED_TOO_LONG_AGO
        life = self._life
        if life is None:
            return
        if view is not None and view.obs.time_s > life.taken_s:
            self._follow(life, view, now_s)
        if (life := self._life) is None:
            return
        late_s = now_s - life.taken_s
        if not self._executed and late_s > self._settings.seen_s:
            others = view is not None and overruled(view, life, self._source)
            reason = Reason.OVERRULED if others else Reason.NOT_TAKEN_UP
            self._end("expired", reason, now_s)
        elif late_s > self._settings.achieved_s:
            self._end("expired", Reason.NOT_ACHIEVED, now_s)

    def _follow(self, life: Life, view: PlantView, now_s: float) -> None:
        if not self._executed:
            if not seen(view, life):
                return
            if life.left:
                self._order(life, now_s)
                return
            self.result, self._executed = Result.EXECUTED, True
            self._tell(life, "confirmed", Reason.NONE, now_s)
        if achieved(life, standing(view)):
            self.result = Result.ACHIEVED
            self._end("achieved", Reason.NONE, now_s)

    def _fault(self, code: int, argument: int) -> Reason:
        """Why a command cannot be given at all, or NONE."""
        try:
            command = Command(code)
        except ValueError:
            return Reason.UNKNOWN_COMMAND
        if KEYS[command] not in self._allowed:
            return Reason.NOT_ALLOWED
        if not possible(command, self._functions):
            return Reason.NO_FUNCTION
        if command in ONE_IN_CHARGE and not self._in_charge():
            return Reason.ANOTHER_IN_CHARGE
        return self._argument_fault(command, argument)

    def _argument_fault(self, command: Command, argument: int) -> Reason:
        if command is Command.RUN_BACK and not 0 <= argument <= _LEVELS:
            return Reason.ARGUMENT_OUT_OF_RANGE
        if command is not Command.Q_MODE or argument in (0, *self.q_modes):
            return Reason.NONE
        known = argument in tuple(QMode)
        return Reason.NO_FUNCTION if known else Reason.ARGUMENT_OUT_OF_RANGE

    def _begin(self, code: int, argument: int, now_s: float) -> Reason:
        reason = self._fault(code, argument)
        if reason:
            return self._refuse(code, argument, reason, now_s)
        if self._life is not None:
            self._end("superseded", Reason.NONE, now_s)
        self.count += 1
        command = Command(code)
        view = self._view()
        run = standing(view).run if view else Run.STOPPED
        left = deque(steps(command, argument, run))
        life = Life(command, argument, self.count, now_s, left, {})
        self.last, self.result, self.reason = code, Result.ACCEPTED, Reason.NONE
        self._tell(life, "received", Reason.NONE, now_s)
        self._tell(life, "accepted", Reason.NONE, now_s)
        self._executed = False
        self._order(life, now_s)
        return Reason.NONE

    def _order(self, life: Life, now_s: float) -> None:
        ordered = life.left.popleft()
        self._orders.take(ordered, now_s)
        self._life = life._replace(ordered=ordered, taken_s=now_s)

    def _refuse(self, code: int, argument: int, reason: Reason, now_s: float) -> Reason:
        self.count += 1
        self.last, self.result, self.reason = code, Result.REFUSED, reason
        if not self._refused_pace.allows(now_s):
            return reason
        name = Command(code).name if code in tuple(Command) else f"command {code}"
        for state, why in (("received", ""), ("refused", _word(reason))):
            number, value = self.count, float(argument)
            step = OrderStep(self._source, name.lower(), number, value, state, why)
            self._told(step)
        return reason

    def _end(self, state: str, reason: Reason, now_s: float) -> None:
        assert self._life is not None
        if state != "achieved":
            self.result = Result[state.upper()]
        self.reason = reason
        self._tell(self._life, state, reason, now_s)
        self._life = None

    def _tell(self, life: Life, state: str, reason: Reason, now_s: float) -> None:
        if not self._pace.allows(now_s):
            return
        name = life.command.name.lower()
        said = _word(reason) if reason else ""
        value = float(life.argument)
        self._told(OrderStep(self._source, name, life.number, value, state, said))


def _word(reason: Reason) -> str:
    return reason.name.lower().replace("_", " ")
