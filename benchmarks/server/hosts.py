"""One server with registers to be read and written, until it is ended.

    python -m benchmarks.server.hosts NAME PORT

`ppc`: the station that SCADA talks to, of the plant in config/, its image made anew for
each cycle of 100 ms, without limits. `strict`: a station that only remembers, as much
as the others do, with the limits that our server has by itself. `pymodbus`: its own
server, and `pymodbus-uvloop` the same on uvloop, as ours are. Prints "up" when it
listens.
"""

import asyncio
import sys
import time
from pathlib import Path

import uvloop

ROOT = Path(__file__).resolve().parents[2]
CYCLE_S = 0.1
CYCLES = 50
UNITS = 8
UNIT = 1
ADDRESSES = 200


def cycles():
    """What control makes of its plant, cycle after cycle."""
    from benchmarks.step import brain, seen
    from ppc.adapter.plant_view import PlantView
    from ppc.datamodel.observation import Quality

    orchestrator = brain()
    return [
        PlantView(obs, orchestrator.step(obs), Quality.GOOD, obs.time_s, 0)
        for obs in seen(UNITS, CYCLES)
    ]


class Plant:
    """The newest cycle, another one every 100 ms."""

    def __init__(self):
        self._cycles, self._next = cycles(), 0
        self.view = self._cycles[0]

    def turn(self):
        self._next = (self._next + 1) % len(self._cycles)
        self.view = self._cycles[self._next]
        asyncio.get_running_loop().call_later(CYCLE_S, self.turn)


def scada():
    """The stations of the demonstration plant."""
    from ppc.application.sources import Sources
    from ppc.configuration.loading import load

    configuration, plant = load(ROOT / "config" / "plant.yaml"), Plant()
    asyncio.get_running_loop().call_later(CYCLE_S, plant.turn)
    return Sources(configuration.plant.scada).directory(
        configuration,
        view=lambda: plant.view,
        now_s=time.monotonic,
        wall_s=time.time,
    )


async def ppc(port):
    from ppc.communication.server.limits import NO_LIMITS
    from ppc.communication.server.modbus_server import ModbusServer

    await ModbusServer("127.0.0.1", port, scada(), limits=NO_LIMITS).start()


async def strict(port):
    from ppc.communication.server.identification import Identity
    from ppc.communication.server.modbus_server import ModbusServer
    from tests.communication.server.memory import BitMemory

    we = Identity(vendor_name="ppc", product_code="ppc", revision="1")
    stations = {UNIT: BitMemory(ADDRESSES)}
    await ModbusServer("127.0.0.1", port, stations, identity=we).start()


async def pymodbus(port):
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    bits = [SimData(0, count=ADDRESSES // 16 + 1, datatype=DataType.BITS, values=False)]
    words = [SimData(0, count=ADDRESSES, values=0, datatype=DataType.REGISTERS)]
    device = SimDevice(id=UNIT, simdata=(bits, bits, words, words))
    server = ModbusTcpServer([device], address=("127.0.0.1", port))
    await server.serve_forever(background=True)


HOSTS = {
    "ppc": ppc,
    "strict": strict,
    "pymodbus": pymodbus,
    "pymodbus-uvloop": pymodbus,
}


async def serve(name, port):
    await HOSTS[name](port)
    print("up", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    run = asyncio.run if sys.argv[1] == "pymodbus" else uvloop.run
    run(serve(sys.argv[1], int(sys.argv[2])))
