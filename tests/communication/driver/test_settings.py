"""The same names for every driver, each checked in words and told in the docs."""

from dataclasses import fields
from pathlib import Path

from pytest import mark, raises

from ppc.communication.driver import DRIVERS
from ppc.communication.driver.settings import LinkSettings, SerialSettings

PAGE = Path(__file__).parents[3] / "docs" / "connections.md"
COMMON = {field.name for field in fields(LinkSettings)}
WHERE = {
    "host": "127.0.0.1", "device": "/dev/null",
    "ca_file": "ca.pem", "cert_file": "we.pem", "key_file": "we.key",
}  # fmt: skip


def made(driver, **changes):
    kind = DRIVERS[driver].Settings
    where = {f.name: WHERE[f.name] for f in fields(kind) if f.name in WHERE}
    return kind(**(where | changes))


@mark.parametrize("driver", DRIVERS)
def test_every_driver_has_the_common_settings(driver):
    assert {field.name for field in fields(made(driver))} >= COMMON


@mark.parametrize("driver", DRIVERS)
@mark.parametrize(
    ("wrong", "why"),
    [
        ({"timeout_s": 0.0}, "timeout_s must be greater than 0"),
        ({"timeout_s": float("inf")}, "timeout_s must be greater than 0"),
        (
            {"backoff_min_s": 0.0},
            "backoff_min_s must be above 0, at most backoff_max_s",
        ),
        ({"station_backoff_min_s": 11.0}, "at most station_backoff_max_s"),
        ({"connect_delay_s": -1.0}, "connect_delay_s must not be less than 0"),
        ({"request_gap_s": -1.0}, "request_gap_s must not be less than 0"),
        ({"station_gap_s": float("nan")}, "station_gap_s must not be less than 0"),
        ({"turnaround_s": -0.1}, "turnaround_s must not be less than 0"),
        ({"busy_delay_s": -0.1}, "busy_delay_s must not be less than 0"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_is_said_in_words(driver, wrong, why):
    with raises(ValueError, match=why):
        made(driver, **wrong)


def test_ports_and_lines_are_checked_too():
    with raises(ValueError, match="port 0 is not within 1 to 65535"):
        made("modbus_tcp", port=0)
    for wrong, why in (
        ({"parity": "X"}, "parity 'X' is none of N, E, O"),
        ({"stopbits": 3}, "stopbits 3 is neither 1 nor 2"),
        ({"baudrate": 0}, "baudrate must be greater than 0"),
    ):
        with raises(ValueError, match=why):
            SerialSettings(device="/dev/null", **wrong)


@mark.parametrize("driver", DRIVERS)
def test_the_page_tells_every_setting(driver):
    page = PAGE.read_text(encoding="utf-8")
    assert f"`{driver}`" in page
    for field in fields(made(driver)):
        assert f"`{field.name}`" in page
