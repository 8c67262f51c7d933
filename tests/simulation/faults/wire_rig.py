"""A device of the field on real sockets, and the product's own driver at it.

The device is the battery of the demonstration profile; it is asked for its fast block
and written to in turn.
"""

import asyncio
import struct
from collections import Counter

from ppc.adapter.codec import BlockCodec
from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import (
    CommunicationError,
)
from ppc.configuration.changes import Changes
from ppc.configuration.loading import load
from ppc.simulation.faults.catalogue import KINDS
from ppc.simulation.faults.plan import Planned
from ppc.simulation.field import Field
from tests.rig import ROOT, free_ports

DEVICE = "bess1"
PVS = ("pv1", "pv2", "pv3", "pv4")
SET = struct.pack(">HHHH", 0x4240, 0x000F, 0, 0)  # 1 MW, low word first


class Rig:
    """The field on sockets, its time in our hands, and our driver at one device."""

    def __init__(self):
        names = ("poi", "bess1", "bess2", "bess3", *PVS)
        ports = iter(free_ports(len(names)))
        change = {
            "devices": {name: {"connection": {"port": next(ports)}} for name in names},
            "simulation": {
                "console": None,
                "sky": {"clouds": False},
                "grid": {"v_noise_pu": 0.0, "f_noise_hz": 0.0},
                "collector": {"feeders": {"north": {"units": ["bess1", "bess2"]}}},
            },
        }
        self.configuration = load(ROOT / "config" / "plant.yaml", Changes(change))
        plant = self.configuration.plant
        self.field = Field(plant, self.configuration.profiles)
        self.profile = self.configuration.profiles["demo_pcs"]
        self.codec = BlockCodec(self.profile.blocks[0], "little", 0.1)

    async def __aenter__(self):
        await self.field.start()
        port = self.field.port(DEVICE)
        settings = ModbusTcpSettings(
            host="127.0.0.1", port=port, timeout_s=0.15, backoff_max_s=0.2
        )
        self.driver = ModbusTcp(settings)
        self.driver.start()
        await self.connected()
        return self

    async def __aexit__(self, *_):
        await self.driver.close()
        await self.field.close()

    async def connected(self):
        async with asyncio.timeout(5):
            while not self.driver.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def run(self, for_s):
        for _ in range(round(for_s / 0.02)):
            self.field.step(0.02)

    def add(self, kind, **parameters):
        device = None if KINDS[kind].plant_wide else DEVICE
        planned = Planned(kind=kind, device=device, parameters=parameters)
        return self.field.injector.add(planned)

    async def read(self):
        """The values of the fast block by key; None: marked as bad. Or the error."""
        block = self.codec.block
        exchange = Exchange(1, Function.READ_INPUT, block.address, block.count)
        try:
            row = self.codec.decode(await ask(self.driver, exchange), 0.0)
        except CommunicationError as error:
            return error
        return {
            key: None if row.bad >> i & 1 else value
            for i, (key, value) in enumerate(
                zip(self.codec.keys, row.values, strict=True)
            )
        }

    async def write(self, payload=SET):
        exchange = Exchange(1, Function.WRITE_MANY, 300, 4, payload=payload)
        try:
            await ask(self.driver, exchange)
        except CommunicationError as error:
            return error
        return None

    async def errors(self, turns=12):
        """How often which error came, of reads spread over a second or so."""
        seen = Counter()
        for _ in range(turns):
            answer = await self.read()
            seen[type(answer).__name__ if isinstance(answer, Exception) else "ok"] += 1
            await asyncio.sleep(0.03)
        return seen

    @property
    def p_w(self):
        """What the device really gives."""
        return self.field.plant.units[DEVICE].inverter.p_w
