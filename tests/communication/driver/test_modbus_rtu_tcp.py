"""RTU over TCP, pymodbus's server at the other end."""

from pymodbus import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from pytest import raises

from ppc.communication.driver.base import Exchange, Function, ask
from ppc.communication.driver.modbus_rtu_tcp import ModbusRtuTcp, ModbusRtuTcpSettings
from ppc.communication.errors import Refused
from tests.communication.driver.far_ends import connected

REGISTERS = SimData(0, count=20, values=7, datatype=DataType.REGISTERS)


async def test_pymodbus_understands_reads_and_writes(free_port):
    port = free_port()
    server = ModbusTcpServer(
        SimDevice(id=5, simdata=[REGISTERS]),
        framer=FramerType.RTU, address=("127.0.0.1", port),
    )  # fmt: skip
    await server.serve_forever(background=True)
    driver = ModbusRtuTcp(ModbusRtuTcpSettings(host="127.0.0.1", port=port))
    driver.start()
    await connected(driver)
    write = Exchange(5, Function.WRITE_MANY, 3, 2, payload=b"\1\2\3\4")
    assert await ask(driver, write) == b""
    assert (
        await ask(driver, Exchange(5, Function.READ_HOLDING, 2, 3)) == b"\0\7\1\2\3\4"
    )
    with raises(Refused):
        await ask(driver, Exchange(5, Function.READ_HOLDING, 500, 2))
    await driver.close()
    await server.shutdown()
