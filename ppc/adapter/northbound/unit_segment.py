"""One device of the plant in its slot of the map."""

from collections.abc import Callable, Mapping
from math import isfinite, nan
from types import MappingProxyType
from typing import NamedTuple

from ppc.adapter.northbound.unit_map import NO_LINK, TYPES, UnitMap
from ppc.adapter.plant_view import PlantView, in_service
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.command import Command
from ppc.datamodel.observation import Quality
from ppc.datamodel.rating import EquipmentType, UnitRating


class Facts(NamedTuple):
    """What the wire tells of a device now."""

    link_code: float = NO_LINK
    quality: Quality = Quality.FAILURE
    age_s: float = nan
    values: Mapping[str, float] = MappingProxyType({})
    """Those that may be believed, by key."""


class Duty:
    """Who serves, and what each is asked for: worked out once per cycle."""

    def __init__(self) -> None:
        self._view: PlantView | None = None
        self.serving: set[str] = set()
        self.commands: dict[str, Command] = {}

    def see(self, view: PlantView) -> None:
        if view is not self._view:
            self._view, self.serving = view, in_service(view)
            self.commands = {c.device: c for c in view.decision.commands}


class UnitSegment:
    """Name, kind, state, powers, set-points and the wire of one device, to be read.

    What control uses stands there as control sees it; else what the wire told.
    """

    def __init__(
        self,
        units: UnitMap,
        slot: int,
        name: str,
        kind: EquipmentType,
        *,
        rating: UnitRating | None,
        facts: Callable[[float], Facts],
        duty: Duty,
        word_order: WordOrder = "big",
    ) -> None:
        """`facts` is called with the time; `duty` is one for all devices."""
        self.address, self.count = units.first(slot), units.size
        self._name, self._facts, self._duty = name, facts, duty
        self._layout = units.layout(word_order)
        self._fields = [r for r in units.registers if r.type is not RegisterType.TEXT]
        self._texts = [
            (
                slice(2 * r.at, 2 * (r.at + r.size)),
                name.encode("ascii", "replace")[: 2 * r.size].ljust(2 * r.size, b"\0"),
            )
            for r in units.registers
            if r.type is RegisterType.TEXT
        ]
        self._fixed = {"slot_count": slot, "type_code": TYPES.index(kind) + 1}
        if rating is not None:
            names = ("s_max_va", "p_max_w", "p_min_w", "e_max_wh")
            self._fixed |= {n: getattr(rating, n) for n in names}

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """The slot as it stands; what is not known says so."""
        shown = self._values(view, self._facts(now_s))
        raw = []
        for field in self._fields:
            value = shown.get(field.name)
            low, high = field.type.range
            if value is None or not isfinite(value):
                raw.append(nan if field.type.is_float else low or high)
            elif field.type.is_float:
                raw.append(value / field.scale)
            else:
                raw.append(min(max(round(value / field.scale), low), high))
        payload = bytearray(self._layout.pack(raw))
        for part, text in self._texts:
            payload[part] = text
        return bytes(payload)

    def write(self, address: int, payload: bytes, now_s: float) -> None:  # noqa: ARG002
        """Nothing of a device can be written. Raises Refused."""
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)

    def _values(self, view: PlantView | None, facts: Facts) -> dict[str, float | None]:
        shown: dict[str, float | None] = {**facts.values, **self._fixed}
        shown["link_code"] = facts.link_code
        shown["quality_code"] = list(Quality).index(facts.quality)
        shown["age_s"] = facts.age_s
        unit = view.obs.units.get(self._name) if view else None
        if view is None or unit is None:
            return shown
        shown |= unit._asdict() | {"rating": None}
        self._duty.see(view)
        shown["in_service_code"] = self._name in self._duty.serving
        command = self._duty.commands.get(self._name)
        if command is not None:
            shown["p_sent_w"], shown["q_sent_var"] = command.p_set_w, command.q_set_var
        return shown
