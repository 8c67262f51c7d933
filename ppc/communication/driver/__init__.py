"""Drivers, by the name used in `config/plant.yaml`."""

from collections.abc import Mapping

from ppc.communication.driver.base import Driver
from ppc.communication.driver.modbus_ascii import ModbusAscii
from ppc.communication.driver.modbus_rtu import ModbusRtu
from ppc.communication.driver.modbus_rtu_tcp import ModbusRtuTcp
from ppc.communication.driver.modbus_tcp import ModbusTcp
from ppc.communication.driver.modbus_tls import ModbusTls

DRIVERS: Mapping[str, type[Driver]] = {
    "modbus_tcp": ModbusTcp,
    "modbus_tls": ModbusTls,
    "modbus_rtu": ModbusRtu,
    "modbus_ascii": ModbusAscii,
    "modbus_rtu_tcp": ModbusRtuTcp,
}
