"""Another master reads a device that serves one only, while the controller runs."""

from pymodbus.client import ModbusTcpClient
from pytest import fixture

from tests.rig import Rig, free_ports, write_plant


@fixture(scope="module")
def port():
    (port,) = free_ports(1)
    return port


@fixture(scope="module")
def rig(tmp_path_factory, port):
    folder = tmp_path_factory.mktemp("proxy")

    def with_proxy(plant):
        plant["proxy"] = {"port": port, "units": {11: "bess1", 12: "poi"}}

    with Rig(write_plant(folder / "plant", with_proxy), folder / "db") as rig:
        yield rig


def test_a_device_is_read_through_the_controller_and_never_written(rig, port):
    with ModbusTcpClient("127.0.0.1", port=port) as client:
        soc = client.read_input_registers(200, count=1, device_id=11)
        assert 500 <= soc.registers[0] <= 600
        assert len(client.read_holding_registers(0, count=8, device_id=12).registers)
        refused = client.write_registers(300, [0, 0, 0, 0], device_id=11)
        assert refused.exception_code == 1
        nobody = client.read_holding_registers(0, count=1, device_id=13)
        assert nobody.exception_code == 0x0A
    assert rig.scada.read("magic_code") == 0x5050
