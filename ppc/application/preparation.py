"""What must be known and done at each connecting, before anything else is asked."""

from collections.abc import Callable

from ppc.adapter.profile import DeviceProfile, OrderFrom
from ppc.adapter.register_type import WordOrder
from ppc.adapter.sunspec.chain import BrokenChain, FoundModel, NoSunSpec, discover
from ppc.adapter.sunspec.resolution import Target
from ppc.application.effort import Effort
from ppc.application.errand import Unmet
from ppc.application.steps import Party
from ppc.application.telling import Telling
from ppc.communication.driver.base import Priority, Table

_MAP, _ON_CONNECT = "not understood", "on_connect"


class Preparation:
    """First what the registers cannot be understood without, then `on_connect`.

    Reading waits until the first is known, and until the second was tried: it may be a
    login. Set-points wait until both are done. `learnt` is called when the registers
    can be understood, before anything is asked of them.
    """

    def __init__(
        self,
        profile: DeviceProfile,
        party: Party,
        telling: Telling,
        learnt: Callable[[], None],
    ) -> None:
        self.held = False
        """Whether set-points were withheld the last time they were to be sent."""
        self._party = party
        self._profile = profile
        self._learnt = learnt
        self._by_model = bool(models_of(profile))
        self._connects = -1
        self._map = Effort(party, telling, _MAP, self._learn)
        self._greeting = Effort(party, telling, _ON_CONNECT, self._greet)

    def open_to_reads(self, now_s: float) -> bool:
        """Whether blocks may be read. Without a connection they are, in vain."""
        if not self._party.driver.connected:
            return True
        self._see_connection()
        if not self._map.push(now_s):
            return False
        return self._greeting.push(now_s) or self._greeting.failed

    def open_to_writes(self, now_s: float) -> bool:
        """Whether set-points may be written; never without a connection."""
        self._see_connection()
        self.held = not (self._map.push(now_s) and self._greeting.push(now_s))
        return not self.held

    @property
    def matter(self) -> str:
        return _ON_CONNECT if self._map.done else _MAP

    def lost(self) -> None:
        """All must be done again."""
        self._map.reset()
        self._greeting.reset()

    def _see_connection(self) -> None:
        connects = self._party.driver.counters.connects
        if connects != self._connects:
            self._connects = connects
            self.lost()

    async def _learn(self) -> None:
        party = self._party
        if self._by_model:
            party.models = await self._discover()
        if rule := self._profile.word_order_from:
            raw = await party.raw(rule, rule.address)
            party.word_order = _order(rule, raw)
        self._learnt()

    async def _discover(self) -> tuple[FoundModel, ...]:
        """The SunSpec models; where their chain breaks off, those before the break."""

        async def read(address: int, count: int) -> bytes:
            return await self._party.read(
                Table.HOLDING, address, count, Priority.COMMAND
            )

        try:
            return await discover(read)
        except NoSunSpec as reason:
            raise Unmet(str(reason)) from reason
        except BrokenChain as reason:
            if not reason.found:
                raise Unmet(str(reason)) from reason
            return reason.found

    async def _greet(self) -> None:
        await self._party.carry_out(self._profile.actions.on_connect)


def _order(rule: OrderFrom, raw: object) -> WordOrder:
    for value, order in rule.among.items():
        if value == raw:
            return order
    raise Unmet(f"{rule.table} register {rule.address} is {raw}: no word order")


def needs_preparation(profile: DeviceProfile) -> bool:
    """Whether a device of this model is more than read and written."""
    greets = profile.word_order_from or profile.actions.on_connect
    return bool(greets or models_of(profile))


def models_of(profile: DeviceProfile) -> set[int]:
    """The SunSpec models that anything in the profile stands in."""
    actions = profile.actions
    steps = [*actions.on_connect, *actions.enable, *actions.release]
    for block in profile.commands:
        steps += [*block.before, *block.after]
    targets: list[Target | None] = [*profile.reads, *profile.commands, *actions.ready]
    targets += [target for step in steps for target in (step.write, step.expect)]
    targets.append(profile.heartbeat)
    return {number for target in targets if target for number in target.models}
