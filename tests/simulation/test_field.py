"""The whole field over sockets, read by pyModbusTCP: neither ours nor pymodbus."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from struct import pack, unpack
from typing import Any

from pyModbusTCP.client import ModbusClient
from pytest import LogCaptureFixture, approx, fixture, raises

from ppc.adapter.codec import BlockCodec
from ppc.adapter.profile import DeviceProfile
from ppc.communication.driver.base import Table
from ppc.configuration.plant import PlantConfig
from ppc.keys import Key
from ppc.simulation.console import PLUGS_ADDRESS
from ppc.simulation.field import Field, serve

FOLDER = Path(__file__).parents[2] / "config" / "profiles"
PROFILES = {path.stem: DeviceProfile.load(path) for path in FOLDER.glob("*.yaml")}
HERE = {"host": "127.0.0.1", "port": 0}
CALM: dict[str, Any] = {
    "grid": {"v_noise_pu": 0, "f_noise_hz": 0},
    "sky": {"clouds": False},
    "meter": {"accuracy_pu": 0, "v_accuracy_pu": 0, "noise_pu": 0},
    "console": HERE,
}


def plant_config(**devices: dict[str, Any]) -> PlantConfig:
    return PlantConfig.model_validate(
        {
            "plant": {"v_nominal_v": 20e3, "p_max_w": 10e6, "q_max_var": 3e6},
            "devices": {
                "poi": {"profile": "demo_poi_meter", "connection": HERE},
                "bess1": {
                    "profile": "demo_pcs",
                    "connection": HERE,
                    "s_max_va": 2.2e6,
                    "p_max_w": 2e6,
                    "e_max_wh": 4e6,
                },
                "pv1": {
                    "profile": "demo_pv_inverter",
                    "connection": HERE,
                    "s_max_va": 1.65e6,
                    "p_max_w": 1.5e6,
                },
                **devices,
            },
            "functions": [{"power_limit": {}}],
            "simulation": CALM,
        }
    )


class Client:
    """One pyModbusTCP client, its blocking calls off the loop."""

    def __init__(self, port: int) -> None:
        self._client = ModbusClient("127.0.0.1", port, 1, timeout=3.0)

    async def read(self, table: Table, address: int, count: int) -> bytes | None:
        client = self._client
        read = {
            Table.HOLDING: client.read_holding_registers,
            Table.INPUT: client.read_input_registers,
        }[table]
        words = await asyncio.to_thread(read, address, count)
        return None if words is None else pack(f">{count}H", *words)

    async def write(self, address: int, payload: bytes) -> bool:
        words = list(unpack(f">{len(payload) // 2}H", payload))
        write = self._client.write_multiple_registers
        return bool(await asyncio.to_thread(write, address, words))

    async def number(self, address: int) -> float:
        payload = await self.read(Table.HOLDING, address, 2)
        assert payload is not None
        return float(unpack(">f", payload)[0])

    def close(self) -> None:
        self._client.close()


class Rig:
    """A field that is served, with the clients of a test."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._clients: list[Client] = []

    def client(self, device: str = "") -> Client:
        """Of a device; without a name, of the console."""
        port = self.field.port(device) if device else self.field.console_port
        self._clients.append(Client(port))
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close()


@fixture
async def still() -> AsyncIterator[Rig]:
    """Served, but time stands still."""
    rig = Rig(Field(plant_config(), PROFILES))
    await rig.field.start()
    yield rig
    rig.close()
    await rig.field.close()


@fixture
async def live(still: Rig) -> AsyncIterator[Rig]:
    stop = asyncio.Event()
    task = asyncio.create_task(still.field.run(stop))
    yield still
    stop.set()
    await task


async def test_an_independent_client_reads_what_the_plant_is(still: Rig):
    plant = still.field.plant
    plant.command("bess1", {Key.P_SET_W: -1.2e6, Key.Q_SET_VAR: 3e5})
    for _ in range(200):
        plant.step(0.02)
    for device, name in (
        ("poi", "demo_poi_meter"),
        ("bess1", "demo_pcs"),
        ("pv1", "demo_pv_inverter"),
    ):
        client, profile = still.client(device), PROFILES[name]
        for block in profile.reads:
            payload = await client.read(block.table, block.address, block.count)
            assert payload is not None
            codec = BlockCodec(block, profile.word_order, 0.1)
            row = codec.decode(payload, 0.0)
            shown = dict(zip(codec.keys, row.values, strict=True))
            signals = plant.slow_signals(device)
            assert not row.bad
            for point in block.points:
                rounding = max(0.6, abs(point.scale))
                assert shown[point.key] == approx(signals[point.key], abs=rounding)


async def test_registers_can_be_read_without_any_of_our_code(still: Rig):
    for _ in range(100):
        still.field.plant.step(0.02)
    payload = await still.client("poi").read(Table.HOLDING, 0, 8)
    assert payload is not None
    v_dv, f_mhz, p_import_w, q_import_var = unpack(">IIii", payload)
    assert v_dv / 10 == approx(still.field.plant.truth.v_v, abs=0.1)
    assert f_mhz == 50_000
    assert -p_import_w == approx(still.field.plant.truth.p_w, abs=1.0)
    assert -q_import_var == approx(still.field.plant.truth.q_var, abs=1.0)


async def test_a_set_point_written_over_the_wire_moves_the_plant(
    live: Rig, eventually: Any
):
    client = live.client("bess1")
    words = pack(">HHHH", 1_500_000 & 0xFFFF, 1_500_000 >> 16, 0, 0)

    async def followed() -> bool:
        return live.field.plant.signals("bess1")[Key.P_W] > 1.49e6

    assert await client.write(300, words)
    await eventually(followed)
    assert await client.read(Table.HOLDING, 300, 4) == words


async def test_the_bench_steps_the_voltage_over_the_wire(live: Rig, eventually: Any):
    console = live.client()
    before_v = await console.number(100)

    async def fallen() -> bool:
        return await console.number(100) == approx(before_v - 400, abs=20)

    assert await console.write(0, pack(">f", 0.98))
    assert await console.number(0) == approx(0.98)
    await eventually(fallen)


async def test_a_cable_is_pulled_and_put_back_over_the_wire(live: Rig, eventually: Any):
    console, pv = live.client(), live.client("pv1")
    cable = PLUGS_ADDRESS + list(plant_config().devices).index("pv1")

    async def heard() -> bool:
        return await pv.read(Table.HOLDING, 0, 7) is not None

    async def gone() -> bool:
        return not await heard()

    assert await heard()
    assert await console.write(cable, pack(">H", 0))
    await eventually(gone)
    assert await live.client("bess1").read(Table.INPUT, 200, 1) is not None
    assert await console.write(cable, pack(">H", 1))
    await eventually(heard)


async def test_the_plant_keeps_real_time(live: Rig):
    loop, sky = asyncio.get_running_loop(), live.field.plant.sky
    start_s, start_h = loop.time(), sky.time_h
    await asyncio.sleep(1.0)
    passed_s = loop.time() - start_s
    assert (sky.time_h - start_h) * 3600 == approx(passed_s, abs=0.15)


async def test_after_a_long_stall_it_goes_on_without_rushing(
    live: Rig, caplog: LogCaptureFixture
):
    sky = live.field.plant.sky
    await asyncio.sleep(0.1)
    start_h = sky.time_h
    time.sleep(1.2)  # noqa: ASYNC251 (that is the stall)
    await asyncio.sleep(0.1)
    assert (sky.time_h - start_h) * 3600 < 0.8
    assert "stood still" in caplog.text


async def test_devices_at_one_port_share_it(free_port: Any):
    shared = {"host": "127.0.0.1", "port": free_port()}
    config = plant_config(
        pv2={
            "profile": "demo_pv_inverter",
            "connection": shared,
            "station": 2,
            "s_max_va": 1e6,
        },
        pv3={
            "profile": "demo_pv_inverter",
            "connection": shared,
            "station": 3,
            "s_max_va": 2e6,
        },
    )
    rig = Rig(Field(config, PROFILES))
    await rig.field.start()
    assert rig.field.port("pv2") == rig.field.port("pv3") == shared["port"]
    rig.close()
    await rig.field.close()


def test_a_device_on_another_wire_cannot_be_simulated():
    serial = {"driver": "modbus_rtu", "device": "/dev/ttyUSB0"}
    config = plant_config(pv2={"profile": "demo_pv_inverter", "connection": serial})
    with raises(ValueError, match="pv2: only modbus_tcp can be simulated"):
        Field(config, PROFILES)


async def test_a_taken_port_leaves_nothing_open(free_port: Any):
    port = free_port()
    blocker = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", port)
    here = {"host": "127.0.0.1", "port": port}
    pv2 = {"profile": "demo_pv_inverter", "connection": here, "s_max_va": 1e6}
    field = Field(plant_config(pv2=pv2), PROFILES)
    with raises(OSError, match=str(port)):
        await field.start()
    with raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", field.port("poi"))
    blocker.close()
    await blocker.wait_closed()


async def test_serving_ends_when_told_and_says_when_it_began():
    stops, ready = [], asyncio.Event()
    task = asyncio.create_task(
        serve(plant_config(), PROFILES, stops.append, ready=ready.set)
    )
    async with asyncio.timeout(5.0):
        await ready.wait()
        stops[0].set()
        await task
