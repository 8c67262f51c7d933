"""The console: the simulated grid itself as a Modbus device, to be read and moved."""

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple, Protocol

from ppc.adapter.layout import Layout
from ppc.adapter.register_type import RegisterType, WordOrder
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.simulation.physics.plant import Plant
from ppc.simulation.registers import patched, touched


class ConsoleRegister(NamedTuple):
    """One number of the console. Holding registers, most significant word first.

    Values outside [low, high] are refused; `automatic`: NaN leaves it to the plant.
    """

    name: str
    address: int
    unit: str
    meaning: str
    low: float = 0.0
    high: float = 0.0
    writable: bool = True
    automatic: bool = False
    type: RegisterType = RegisterType.F32
    word_order: WordOrder | None = None

    @property
    def places(self) -> range:
        """Its registers."""
        return range(self.address, self.address + self.type.size)


def _truth(name: str, address: int, unit: str, meaning: str) -> ConsoleRegister:
    return ConsoleRegister(name, address, unit, meaning, writable=False)


CONSOLE: tuple[ConsoleRegister, ...] = (
    ConsoleRegister("v_pu", 0, "pu", "voltage of the source", 0.0, 2.0),
    ConsoleRegister("f_hz", 2, "Hz", "frequency of the source", 40.0, 70.0),
    ConsoleRegister("scr", 4, "1", "short-circuit ratio on p_max_w", 1.0, 1e4),
    ConsoleRegister("x_r", 6, "1", "reactance over resistance", 0.0, 1e3),
    ConsoleRegister("load_p_w", 8, "W", "active power the site draws", -1e9, 1e9),
    ConsoleRegister("load_q_var", 10, "var", "reactive power it draws", -1e9, 1e9),
    ConsoleRegister(
        *("sky_pu", 12, "pu", "clear-sky index over all PV; NaN: automatic", 0.0, 2.0),
        automatic=True,
    ),
    ConsoleRegister("time_h", 14, "h", "solar time of day", 0.0, 24.0),
    _truth("true_v_v", 100, "V", "voltage at the connection point, as it is"),
    _truth("true_f_hz", 102, "Hz", "frequency, as it is"),
    _truth("true_p_w", 104, "W", "active power to the grid, as it is"),
    _truth("true_q_var", 106, "var", "reactive power to the grid, as it is"),
)
"""The registers every console has."""
PLUGS_ADDRESS = 200
"""From here on one register per device, in the order of plant.yaml."""


def console_registers(devices: Sequence[str]) -> tuple[ConsoleRegister, ...]:
    """All registers of the console of a plant with these devices."""
    return CONSOLE + tuple(
        ConsoleRegister(
            f"plugged_{name}",
            PLUGS_ADDRESS + i,
            "1",
            f"1: {name} is on the network; 0: its cable is pulled",
            high=1.0,
            type=RegisterType.U16,
        )
        for i, name in enumerate(devices)
    )


class Plug(Protocol):
    """The cable of a device."""

    plugged: bool
    """What was last asked for; the wire follows at once, but not in the call."""


class ConsoleStation:
    """Reads show the plant now, 0 in gaps. A write takes whole values or nothing."""

    def __init__(self, plant: Plant, plugs: Sequence[tuple[str, Plug]]) -> None:
        self._plant = plant
        self._plugs = [plug for _, plug in plugs]
        self._registers = console_registers([name for name, _ in plugs])
        count = max(r.address + r.type.size for r in self._registers)
        self._layout = Layout(self._registers, 0, count)

    def read(self, table: Table, address: int, count: int) -> bytes:
        shown = self._layout.pack(self._values())[2 * address : 2 * (address + count)]
        if table is not Table.HOLDING or len(shown) < 2 * count:
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return shown

    def write(self, address: int, payload: bytes) -> None:
        registers = patched(self._layout.pack(self._values()), 0, address, payload)
        values = dict(zip(self._registers, self._layout.unpack(registers), strict=True))
        taken = touched(self._registers, address, payload)
        if sum(r.type.size for r in taken) != len(payload) // 2 or not all(
            register.writable for register in taken
        ):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        for register in taken:
            value = values[register]
            automatic = register.automatic and isnan(value)
            if not automatic and not register.low <= value <= register.high:
                raise Refused(ExceptionCode.ILLEGAL_VALUE)
        for register in taken:
            self._move(register, values[register])

    def _values(self) -> list[float]:
        """In the order of the registers."""
        grid, load, sky = self._plant.grid, self._plant.load, self._plant.sky
        return [
            *(grid.v_pu, grid.f_set_hz, grid.scr, grid.x_r),
            *(load.p_w, load.q_var, sky.override_pu, sky.time_h),
            *self._plant.truth,
            *[int(plug.plugged) for plug in self._plugs],
        ]

    def _move(self, register: ConsoleRegister, value: float) -> None:
        grid, load, sky = self._plant.grid, self._plant.load, self._plant.sky
        match register.name:
            case "v_pu":
                grid.v_pu = value
            case "f_hz":
                grid.f_set_hz = value
            case "scr":
                grid.set_impedance(value, grid.x_r)
            case "x_r":
                grid.set_impedance(grid.scr, value)
            case "load_p_w":
                load.p_w = value
            case "load_q_var":
                load.q_var = value
            case "sky_pu":
                sky.override_pu = value
            case "time_h":
                sky.time_h = value
            case _:
                self._plugs[register.address - PLUGS_ADDRESS].plugged = bool(value)
