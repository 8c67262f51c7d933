"""A device that is nothing but registers, on a real socket."""

from contextlib import asynccontextmanager

from pytest import fixture

from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.line import DirectLine
from ppc.commissioning.subject import Subject
from ppc.communication.driver.base import Table
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer


class RegisterStation:
    """Tables of registers; what is not there is refused."""

    def __init__(self, holding=None, inputs=None, *, most=125):
        self.tables = {Table.HOLDING: holding or {}, Table.INPUT: inputs or {}}
        self.most = most
        self.reads = []
        self.takes = True

    def read(self, table, address, count):
        self.reads.append((table, address, count))
        registers = self.tables[table]
        places = range(address, address + count)
        if count > self.most or any(place not in registers for place in places):
            raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
        return b"".join(registers[place].to_bytes(2) for place in places)

    def write(self, address, payload):
        registers = self.tables[Table.HOLDING]
        for i in range(0, len(payload), 2):
            if address + i // 2 not in registers:
                raise Refused(ExceptionCode.ILLEGAL_ADDRESS)
            if self.takes:
                registers[address + i // 2] = int.from_bytes(payload[i : i + 2])


INVERTER = {
    "source": "test",
    "type": "pv",
    "points": [
        {"key": "p_w", "address": 0, "type": "s32", "valid": [-1e6, 1e6]},
        {"key": "q_var", "address": 2, "type": "s16", "scale": 10, "absent": -32768},
        {"name": "serial", "address": 20, "type": "text", "length": 3},
        {
            "name": "status",
            "address": 30,
            "words": {0: "off", 7: "on"},
            "writable": True,
        },
        {
            "name": "alarms",
            "address": 31,
            "bits": True,
            "words": {0: "hot", 3: "low voltage"},
        },
        {"name": "exponent", "address": 32, "type": "s16"},
        {
            "name": "limit",
            "address": 33,
            "scale_from": "exponent",
            "writable": True,
            "unit": "W",
            "valid": [0, 5000],
        },
        {"name": "flag", "address": 34, "mask": 0x00F0, "writable": True},
        {"name": "tag", "address": 35, "type": "text", "length": 2, "writable": True},
    ],
    "commands": {
        "address": 40,
        "count": 3,
        "points": [
            {"key": "p_set_w", "address": 40, "type": "s32", "valid": [0, 1e6]},
            {"key": "q_set_var", "address": 42, "type": "s16", "scale": 10},
        ],
    },
    "actions": {
        "enable": [
            {"write": {"address": 30, "value": 7, "single": True}},
            {"wait_s": 0.01},
            {"expect": {"address": 30, "among": [7]}},
        ],
        "others": {"reset": [{"expect": {"address": 30, "among": [9]}}]},
    },
}


def words(text):
    data = text.encode()
    return [int.from_bytes(data[i : i + 2]) for i in range(0, len(data), 2)]


@fixture
def inverter():
    """Registers of a device of the profile INVERTER."""
    registers = dict.fromkeys((*range(4), *range(20, 23), *range(30, 37)), 0)
    registers |= dict.fromkeys(range(40, 43), 0)
    registers |= {1: 1234, 2: 0xFFFE, 30: 7, 31: 9, 32: 1, 33: 20, 34: 0xA53C}
    registers |= dict(zip(range(20, 23), words("AB1234"), strict=True))
    return RegisterStation(registers)


@fixture
def subject():
    return Subject("inv", DeviceProfile.of(INVERTER), 1)


@fixture
def served():
    """A line to a station on a socket of its own."""

    @asynccontextmanager
    async def serve(station, unit=1):
        server = ModbusServer("127.0.0.1", 0, {unit: station}, limits=NO_LIMITS)
        await server.start()
        settings = ModbusTcpSettings(host="127.0.0.1", port=server.port)
        line = DirectLine(ModbusTcp(settings), connected_within_s=1.0)
        try:
            yield line
        finally:
            await line.close()
            await server.close()

    return serve
