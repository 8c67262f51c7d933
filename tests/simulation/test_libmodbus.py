"""A second implementation reads the simulated devices: libmodbus, in C, over TCP."""

import asyncio
import shutil
import struct
import subprocess
from pathlib import Path

from pytest import approx, fixture, skip

from ppc.adapter.codec import BlockCodec
from ppc.communication.driver.base import Table
from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.keys import Key
from ppc.simulation.field import Field
from tests.rig import ROOT, free_ports

SOURCE = Path(__file__).with_name("libmodbus_client.c")
HEADER = Path("/usr/include/modbus/modbus.h")


@fixture(name="client", scope="module")
def _client(tmp_path_factory):
    if not (shutil.which("cc") and HEADER.exists()):
        skip("libmodbus (Debian: libmodbus-dev) or a C compiler is not installed")
    program = tmp_path_factory.mktemp("bin") / "client"
    subprocess.run(["cc", "-Wall", "-o", program, SOURCE, "-lmodbus"], check=True)
    return program


@fixture(name="field")
async def _field():
    configuration = load(ROOT / "config" / "plant.yaml")
    names = list(configuration.plant.devices)
    ports = iter(free_ports(len(names)))
    change = {
        "devices": {name: {"connection": {"port": next(ports)}} for name in names},
        "simulation": {"console": None},
    }
    configuration = load(ROOT / "config" / "plant.yaml", Changes(change))
    field = Field(configuration.plant, configuration.profiles)
    await field.start()
    field.plant.command("bess1", {Key.P_SET_W: -1.2e6, Key.Q_SET_VAR: 3e5})
    for _ in range(200):
        field.step(0.02)
    yield field, configuration
    await field.close()


async def ask(client, port, table, address, count):
    done = await asyncio.create_subprocess_exec(
        client, str(port), "1", "i" if table is Table.INPUT else "h",
        str(address), str(count), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await done.communicate()
    return done.returncode, [int(word) for word in out.split()], err.decode()


async def test_libmodbus_reads_every_block_of_every_device(client, field):
    field, configuration = field
    for name, device in configuration.plant.devices.items():
        profile = configuration.profiles[device.profile]
        signals = field.plant.slow_signals(name)
        for block in profile.reads:
            code, words, err = await ask(
                client, field.port(name), block.table, block.address, block.count
            )
            assert code == 0, (name, err)
            codec = BlockCodec(block, profile.word_order, 0.1)
            row = codec.decode(struct.pack(f">{len(words)}H", *words), 0.0)
            assert not row.bad
            for point, value in zip(block.points, row.values, strict=True):
                rounding = max(0.6, abs(point.scale))
                assert value == approx(float(signals[point.key]), abs=rounding)


async def test_libmodbus_sees_an_exception_as_such(client, field):
    field, _ = field
    code, words, err = await ask(client, field.port("bess1"), Table.INPUT, 5000, 2)
    assert code == 1
    assert words == []
    assert "Illegal data address" in err
