"""Drivers, by the name used in `config/plant.yaml`."""

from collections.abc import Mapping

from ppc.communication.driver.base import Driver
from ppc.communication.driver.modbus_rtu import ModbusRtu
from ppc.communication.driver.modbus_tcp import ModbusTcp

DRIVERS: Mapping[str, type[Driver]] = {
    "modbus_tcp": ModbusTcp,
    "modbus_rtu": ModbusRtu,
}
