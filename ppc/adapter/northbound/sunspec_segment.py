"""The plant as a SunSpec device, for clients off the shelf."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.command_desk import ONE_SHOT, CommandDesk
from ppc.adapter.northbound.command_words import Command
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.adapter.northbound.segment import Segment
from ppc.adapter.northbound.sunspec_controls import CONTROLS, SCALES, Controls, Order
from ppc.adapter.northbound.sunspec_layout import Chain, ModelLayout, Spot, Values
from ppc.adapter.northbound.sunspec_values import (
    COUNTS,
    MODELS,
    Scales,
    capacity,
    common,
    curves,
    droop,
    entering,
    measured,
    storage,
)
from ppc.adapter.plant_view import PlantView
from ppc.communication.errors import ExceptionCode, Refused
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

_CONTROLS, _STATUS = 704, 715
_WRITABLE = {
    _CONTROLS: frozenset(point for control in CONTROLS for point in control.points),
    _STATUS: frozenset(("ControllerHb", "AlarmReset", "OpCtl")),
}
_AT_ONCE = {Key.HEARTBEAT_IN, Key.WITHDRAW_CODE}
"""What is never committed."""
_OP_CTL = {0: Command.STOP, 1: Command.START}


def on_the_map(
    registers: Segment,
    northbound: NorthboundMap,
    sequence: Callable[[], int] | None = None,
) -> Order:
    """Orders by way of the map's registers, so that all its checks hold.

    `sequence`: the next number, where the source commits; None: it need not.
    """
    at = {register.name: register for register in northbound.published()}

    def order(values: Mapping[Key, float], now_s: float) -> None:
        if not at.keys() >= values.keys():
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        if sequence is not None and not values.keys() <= _AT_ONCE:
            values = {**values, Key.SEQUENCE_CODE: sequence()}
        runs: list[tuple[int, bytes]] = []
        for key in sorted(values, key=lambda key: at[key].address):
            register = at[key]
            raw = values[key] / register.scale
            layout = Layout([register], register.address, register.size)
            packed = layout.pack([raw if register.type.is_float else round(raw)])
            if runs and runs[-1][0] + len(runs[-1][1]) // 2 == register.address:
                runs[-1] = runs[-1][0], runs[-1][1] + packed
            else:
                runs.append((register.address, packed))
        for address, payload in runs:
            registers.write(address, payload, now_s)

    return order


class SunSpecSegment:
    """Models 1, 701 to 706 and 711 to 715; what is not known is not implemented.

    704 becomes orders of the source, the heartbeat of 715 its heartbeat, and `OpCtl`
    and `AlarmReset` its commands, where they may be given by one write.
    """

    def __init__(
        self,
        address: int,
        plant: ConnectionPoint,
        name: str,
        *,
        order: Order,
        received: Callable[[float], Mapping[Key, float]],
        heartbeat: Callable[[], float],
        commands: CommandDesk,
        functions: Callable[[], Mapping[str, Any]],
        in_local_mode: Callable[[], bool],
        follow: Callable[[], None] = lambda: None,
    ) -> None:
        """`received` and `heartbeat`: of the source. `functions`: the settings in force
        now. `follow` is called when something is to be looked at from time to time.
        """
        self._chain = Chain(address, MODELS, COUNTS)
        self.address, self.count = address, self._chain.count
        self._plant, self._scales = plant, Scales.of(plant)
        self._common = common(name, version("ppc"))
        self.controls = Controls(plant, order, received)
        self._order, self._received, self._heartbeat = order, received, heartbeat
        self._commands, self._functions = commands, functions
        self._in_local_mode, self._follow = in_local_mode, follow
        self._beat = 0.0

    def render(self, view: PlantView | None, now_s: float) -> bytes:
        """All models as they stand."""
        self.controls.look(now_s)
        functions, plant, scales = self._functions(), self._plant, self._scales
        return self._chain.pack(
            {
                1: self._common,
                701: measured(view, scales),
                702: capacity(plant, scales, functions),
                703: entering(view, plant, functions),
                _CONTROLS: self._controlled(now_s),
                **curves(functions),
                711: droop(plant, functions),
                713: storage(view),
                714: {"NPrt": 0},
                _STATUS: self._status(now_s),
            }
        )

    def write(self, address: int, payload: bytes, now_s: float) -> None:
        """Take whole points of 704 or 715."""
        end = address + len(payload) // 2
        told: dict[int, dict[str, float]] = {}
        at = address
        for layout, spot in self._chain.spots(address, end):
            if spot.path not in _WRITABLE.get(layout.number, ()) or spot.address > at:
                raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
            if spot.address < address or spot.end > end:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)  # half a value
            part = payload[2 * (spot.address - address) : 2 * (spot.end - address)]
            value = self._value(layout, spot, part)
            told.setdefault(layout.number, {})[spot.path] = value
            at = spot.end
        if at < end:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        if _CONTROLS in told:
            self.controls.write(told[_CONTROLS], now_s)
        if _STATUS in told:
            self._act(told[_STATUS], now_s)
        self._follow()

    def _value(self, layout: ModelLayout, spot: Spot, payload: bytes) -> float:
        scales = self._controlled(0.0) if layout.number == _CONTROLS else {}
        value = layout.value(spot, payload, scales)
        if value is None or (spot.fact.symbols and value not in spot.fact.symbols):
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
        return value

    def _controlled(self, now_s: float) -> Values:
        scales = self._scales
        return {
            **self.controls.shown(now_s),
            **SCALES,
            "WSet_SF": min(scales.w, 0),
            "VarSet_SF": min(scales.var, 0),
        }

    def _status(self, now_s: float) -> Values:
        heartbeat = self._heartbeat()
        same = self._beat % 65536 == heartbeat  # nobody has beaten elsewhere since
        return {
            "LocRemCtl": float(self._in_local_mode()),
            "DERHb": int(now_s),
            "ControllerHb": self._beat if same else heartbeat,
            "AlarmReset": 0,
            "OpCtl": float(self._received(now_s).get(Key.ENABLE_CODE, 1.0) != 0),
        }

    def _act(self, told: Mapping[str, float], now_s: float) -> None:
        if "ControllerHb" in told:
            beat = int(told["ControllerHb"]) % 65536
            self._order({Key.HEARTBEAT_IN: beat}, now_s)
            self._beat = told["ControllerHb"]
        if told.get("AlarmReset"):
            self._command(Command.RESET, now_s)
        if "OpCtl" in told:
            command = _OP_CTL.get(int(told["OpCtl"]))
            if command is None:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)
            self._command(command, now_s)

    def _command(self, command: Command, now_s: float) -> None:
        if self._commands.one_shot(ONE_SHOT + command, 0, now_s):
            raise Refused(ExceptionCode.ILLEGAL_VALUE)
