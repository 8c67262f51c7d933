from collections.abc import Callable
from dataclasses import dataclass
from math import isnan, nan
from struct import pack, unpack

from pytest import approx, fixture, mark, raises

from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.simulation.console import (
    CONSOLE,
    PLUGS_ADDRESS,
    ConsoleRegister,
    ConsoleStation,
    console_registers,
)
from ppc.simulation.physics.plant import Plant


@dataclass
class Cable:
    plugged: bool = True


class Desk:
    """A console with a plant and two cables."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.cables = {"meter": Cable(), "bess": Cable()}
        self.station = ConsoleStation(plant, list(self.cables.items()))

    def read(self, address: int) -> float:
        return unpack(">f", self.station.read(Table.HOLDING, address, 2))[0]

    def write(self, address: int, *values: float) -> None:
        self.station.write(address, pack(f">{len(values)}f", *values))

    def refusal(self, address: int, payload: bytes) -> int:
        with raises(Refused) as refusal:
            self.station.write(address, payload)
        return refusal.value.code


@fixture
def desk(make_plant: Callable[..., Plant]) -> Desk:
    return Desk(make_plant())


@mark.parametrize("register", [r for r in CONSOLE if r.writable], ids=lambda r: r.name)
def test_what_is_written_is_read_back(desk: Desk, register: ConsoleRegister):
    value = {"f_hz": 49.5, "scr": 5.0}.get(register.name, 0.75)
    desk.write(register.address, value)
    assert desk.read(register.address) == value


def test_the_grid_moves(desk: Desk):
    desk.write(0, 0.98, 49.8, 5.0, 3.0)
    desk.plant.step(0.02)
    assert (desk.plant.grid.e_v, desk.plant.grid.f_hz) == approx((19.6e3, 49.8))
    assert abs(desk.plant.grid.z_ohm) == approx(8.0)
    assert desk.plant.grid.z_ohm.imag / desk.plant.grid.z_ohm.real == approx(3.0)


def test_load_sky_and_time_move(desk: Desk):
    desk.write(8, 5e5, 1e5, 0.3, 6.5)
    assert (desk.plant.load.p_w, desk.plant.load.q_var) == (5e5, 1e5)
    assert desk.plant.sky.override_pu == approx(0.3)
    assert desk.plant.sky.time_h == 6.5


def test_the_sky_is_automatic_until_told_otherwise(desk: Desk):
    assert isnan(desk.read(12))
    desk.write(12, 0.5)
    desk.write(12, nan)
    assert isnan(desk.plant.sky.override_pu)


def test_the_truth_can_be_read_and_not_written(desk: Desk):
    desk.plant.command("bess", {"p_set_w": 2e6})
    for _ in range(100):
        desk.plant.step(0.02)
    shown = unpack(">4f", desk.station.read(Table.HOLDING, 100, 8))
    assert shown == approx(desk.plant.truth, rel=1e-6)
    assert desk.refusal(104, bytes(4)) == ExceptionCode.ILLEGAL_ADDRESS


def test_a_cable_is_pulled_and_put_back(desk: Desk):
    address = PLUGS_ADDRESS + 1
    for plugged in (0, 1):
        desk.station.write(address, pack(">H", plugged))
        assert desk.cables["bess"].plugged is bool(plugged)
        assert desk.station.read(Table.HOLDING, address, 1) == pack(">H", plugged)
    assert desk.cables["meter"].plugged is True


@mark.parametrize(
    ("address", "values"),
    [(0, [2.5]), (0, [nan]), (0, [0.9, 90.0]), (4, [0.0]), (14, [25.0])],
)
def test_a_value_out_of_range_changes_nothing(
    desk: Desk, address: int, values: list[float]
):
    before = desk.station.read(Table.HOLDING, 0, 16)
    payload = pack(f">{len(values)}f", *values)
    assert desk.refusal(address, payload) == ExceptionCode.ILLEGAL_VALUE
    assert desk.station.read(Table.HOLDING, 0, 16) == before


def test_half_a_value_and_gaps_are_refused(desk: Desk):
    assert desk.refusal(0, bytes(2)) == ExceptionCode.ILLEGAL_VALUE
    assert desk.refusal(16, bytes(4)) == ExceptionCode.ILLEGAL_ADDRESS
    assert desk.refusal(PLUGS_ADDRESS + 2, bytes(2)) == ExceptionCode.ILLEGAL_ADDRESS


def test_there_is_nothing_beyond_the_last_cable(desk: Desk):
    with raises(Refused):
        desk.station.read(Table.HOLDING, PLUGS_ADDRESS + 1, 2)
    with raises(Refused):
        desk.station.read(Table.INPUT, 0, 2)


def test_the_table_names_every_register_once():
    registers = console_registers(["poi", "bess1"])
    assert [r.name for r in registers[-2:]] == ["plugged_poi", "plugged_bess1"]
    assert len({r.name for r in registers}) == len(registers)
    assert all(r.meaning and r.unit for r in registers)
