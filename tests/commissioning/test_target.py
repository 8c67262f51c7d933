from pathlib import Path

from pytest import mark, raises

from ppc.commissioning.target import (
    BadTarget,
    connections,
    device_behind,
    driver_of,
    host_and_port,
    units_of,
)
from ppc.configuration.loading import load
from ppc.configuration.plant import ConnectionSection

ROOT = Path(__file__).parents[2]


@mark.parametrize(
    ("text", "place"),
    [
        ("10.0.0.7", ("10.0.0.7", 502)),
        ("meter.local:1502", ("meter.local", 1502)),
        ("[fe80::1]:502", ("fe80::1", 502)),
        ("[fe80::1]", ("fe80::1", 502)),
    ],
)
def test_hosts(text, place):
    assert host_and_port(text) == place


@mark.parametrize("text", ["10.0.0.7:x", "h:0", "h:70000", ":502"])
def test_what_is_no_host_is_refused(text):
    with raises(BadTarget):
        host_and_port(text)


def test_a_socket_is_one_connection_by_the_driver_asked_for():
    (one,) = connections("10.0.0.7:1502", driver="modbus_rtu_tcp", timeout_s=0.2)
    assert (one.driver, one.settings) == (
        "modbus_rtu_tcp",
        {"host": "10.0.0.7", "port": 1502, "timeout_s": 0.2},
    )


def test_a_serial_port_is_tried_with_usual_settings():
    ways = list(connections("/dev/ttyUSB0"))
    assert ways[0].settings["baudrate"] == 9600
    assert {way.driver for way in ways} == {"modbus_rtu"}
    assert len(ways) > 5
    fixed = list(connections("/dev/ttyUSB0", baudrate=19200, parity="E"))
    assert [way.settings["stopbits"] for way in fixed] == [1]
    odd = list(connections("/dev/ttyUSB0", baudrate=1200))
    assert [way.settings["baudrate"] for way in odd] == [1200]


def test_units():
    assert units_of("1-3, 100,2") == (1, 2, 3, 100)
    for text in ("x", "1-", "300", "3-1"):
        with raises(BadTarget):
            units_of(text)


def test_the_device_of_the_plant_on_the_same_socket_is_found():
    plant = load(ROOT / "config" / "plant.yaml").plant
    (same,) = connections("127.0.0.1:5022")
    assert device_behind(plant, same) == "bess2"
    assert device_behind(plant, next(connections("127.0.0.1:9"))) is None
    assert device_behind(plant, next(connections("/dev/ttyS0"))) is None


def test_a_driver_is_made_by_name():
    section = ConnectionSection(driver="modbus_tcp", host="10.0.0.7", timeout_s=0.2)
    assert driver_of(section).name == "10.0.0.7:502"
