from ppc.commissioning.line import DirectLine, Question
from ppc.commissioning.relay import Relay
from ppc.communication.driver.base import Function
from ppc.communication.driver.modbus_tcp import ModbusTcp, ModbusTcpSettings
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer


async def test_what_passes_is_heard_and_is_what_it_was(inverter):
    server = ModbusServer("127.0.0.1", 0, {1: inverter}, limits=NO_LIMITS)
    await server.start()
    heard = []
    relay = Relay("127.0.0.1", server.port, heard.append, bind="127.0.0.1")
    port = await relay.start(0)
    line = DirectLine(ModbusTcp(ModbusTcpSettings(host="127.0.0.1", port=port)))
    answer = await line.ask(Question(1, Function.READ_HOLDING, 0, 2))
    assert answer.payload.hex() == "000004d2"
    assert [(f.asked, f.pdu.hex()) for f in heard] == [
        (True, "0300000002"),
        (False, "0304000004d2"),
    ]
    await line.close()
    await relay.close()
    await server.close()


async def test_a_device_that_is_not_there_ends_the_connection(free_port):
    relay = Relay("127.0.0.1", free_port(), print, bind="127.0.0.1")
    port = await relay.start(0)
    settings = ModbusTcpSettings(host="127.0.0.1", port=port)
    line = DirectLine(ModbusTcp(settings), connected_within_s=0.3)
    answer = await line.ask(Question(1, Function.READ_HOLDING, 0, 2))
    assert answer.trouble
    await line.close()
    await relay.close()
