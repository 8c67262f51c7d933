"""The same registers, read by us and by the reference implementation, point by point.

Those of every model we know, filled at random; those of real devices, over loopback:
the images are in shared/data/devices, from nielsbasjes/modbus-schema (Apache-2.0).
"""

import asyncio
import json
import struct
from math import isclose
from random import Random

from pytest import importorskip, mark

from ppc.adapter.sunspec.chain import discover, holding
from ppc.adapter.sunspec.facts import FOLDER, locate, model
from ppc.adapter.sunspec.point_type import SunSpecType
from ppc.adapter.sunspec.reading import _Layout, decode, read_model
from ppc.communication.driver.modbus_tcp import ModbusTcp
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer

IMAGES = {
    "DeviceFimerPVSDated20240722": 541,
    "DeviceSMASunnyBoy36Dated20230810": 251,
    "EmulatedDER": 590,
}
"""And how many of their points have a value."""


class Image:
    """A station that shows these registers, from `base`."""

    def __init__(self, base, registers):
        self._base = base
        self._registers = registers

    def read(self, _table, address, count):
        first = address - self._base
        if not 0 <= first <= first + count <= len(self._registers):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return struct.pack(f">{count}H", *self._registers[first : first + count])

    def write(self, _address, _payload):
        raise Refused(ExceptionCode.ILLEGAL_ADDRESS)


def theirs(port):
    """Every model as pysunspec2 reads it: (number, address, points by path)."""
    client = importorskip(
        "sunspec2.modbus.client", reason="the group oracle is not installed"
    )
    device = client.SunSpecModbusClientDeviceTCP(1, "127.0.0.1", port, timeout=5)
    device.scan()
    found = [
        m for key in device.models if isinstance(key, int) for m in device.models[key]
    ]
    found.sort(key=lambda m: m.model_addr)
    out = [
        (m.model_id, m.model_addr + 2, flat(m.get_dict(computed=True))) for m in found
    ]
    device.close()
    return out


def flat(values, prefix=""):
    out = {}
    for name, value in values.items():
        if isinstance(value, list):
            for i, each in enumerate(value):
                out |= flat(each, f"{prefix}{name}.{i + 1}.")
        elif isinstance(value, dict):
            out |= flat(value, f"{prefix}{name}.")
        elif prefix or name not in ("ID", "L"):
            out[prefix + name] = value
    return out


async def ours(port):
    """Every model as we read it: (number, address, points by path, length)."""
    driver = ModbusTcp(ModbusTcp.Settings(host="127.0.0.1", port=port, timeout_s=2.0))
    driver.start()
    while not driver.connected:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    read = holding(driver, 1)
    out = []
    for each in await discover(read):
        known = model(each.number) is not None
        points = await read_model(read, each) if known else {}
        out.append((each.number, each.address, points, each.length))
    await driver.close()
    return out


@mark.parametrize(("name", "implemented"), IMAGES.items())
async def test_real_devices_give_what_pysunspec2_reads(name, implemented, shared_data):
    path = shared_data / "devices" / f"{name}.json"
    image = json.loads(path.read_text())
    server = ModbusServer(
        "127.0.0.1", 0, {1: Image(image["base"], image["registers"])}, limits=NO_LIMITS
    )
    await server.start()
    expected = await asyncio.to_thread(theirs, server.port)
    found = await ours(server.port)
    await server.close()
    assert [m[:2] for m in found] == [m[:2] for m in expected]
    assert [[m[0], m[3]] for m in found] == image["models"]
    points = values = 0
    for (number, _, mine, _), (_, _, other) in zip(found, expected, strict=True):
        assert mine == other, number
        points += len(mine)
        values += sum(value is not None for value in mine.values())
    print(f"{name}: {points} points, {values} implemented")  # noqa: T201
    assert values == implemented


def filled(number, seed):
    """Registers of a model, at random, with two of each group that comes again."""
    dice = Random(seed)  # noqa: S311
    payload = bytearray(dice.randbytes(2 * size_of(model(number))))
    for point in model(number).points:
        if point.type is SunSpecType.SUNSSF:
            put(payload, number, point.name, dice.randint(-4, 4) & 0xFFFF)
    for group in groups_of(model(number)):
        if isinstance(group.count, str):
            put(payload, number, group.count, 2)
    for span in _Layout(number, bytes(payload)).spans():
        if span.fact.type is SunSpecType.STRING:
            text = dice.choice((b"", b"A", b"Two words"))[: 2 * span.fact.size]
            payload[2 * span.start : 2 * span.end] = text.ljust(
                2 * span.fact.size, b"\0"
            )
        elif span.fact.type.absent is not None and dice.random() < 0.2:
            absent = span.fact.type.absent & (1 << 16 * span.fact.size) - 1
            if span.fact.type is not SunSpecType.SUNSSF and span.path not in counts(
                number
            ):
                payload[2 * span.start : 2 * span.end] = absent.to_bytes(
                    2 * span.fact.size
                )
    return bytes(payload)


def differences(mine, other):
    """Points that only one has, or that have another value."""
    return {
        path: (mine.get(path, "none"), other.get(path, "none"))
        for path in mine.keys() | other.keys()
        if not (path in mine and path in other and alike(mine[path], other[path]))
    }


def alike(a, b):
    numbers = isinstance(a, int | float) and isinstance(b, int | float)
    return isclose(a, b, rel_tol=1e-12) if numbers else a == b


def put(payload, number, name, word):
    at = 2 * locate(number, name)[0].offset
    payload[at : at + 2] = word.to_bytes(2)


def groups_of(group):
    for each in group.groups:
        yield each
        yield from groups_of(each)


def counts(number):
    return {group.count for group in groups_of(model(number))}


def size_of(group):
    times = 1 if group.count is None else 2
    return times * (group.points_size + sum(size_of(each) for each in group.groups))


@mark.parametrize("number", sorted(int(path.stem) for path in FOLDER.glob("*.csv")))
def test_every_model_gives_what_pysunspec2_reads(number):
    reference = importorskip(
        "sunspec2.modbus.client", reason="the group oracle is not installed"
    )
    for seed in range(20):
        payload = filled(number, seed)
        head = struct.pack(">HH", number, len(payload) // 2)
        other = reference.SunSpecModbusClientModel(
            model_id=number, model_len=len(payload) // 2, data=head + payload
        )
        assert not other.error_info
        mine = decode(number, payload)
        differ = differences(mine, flat(other.get_dict(computed=True)))
        assert not differ, (seed, differ)
        assert len(mine) >= len(model(number).points)
