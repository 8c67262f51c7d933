"""`ppc scan`, with the controller and without it."""

import asyncio
import os
import sys

import yaml
from pytest import mark

from ppc.commissioning.bus import RtuListener
from ppc.communication.driver.framing import Rtu
from ppc.communication.modbus import HEADER
from ppc.communication.server.limits import NO_LIMITS
from ppc.communication.server.modbus_server import ModbusServer
from tests.commissioning.conftest import RegisterStation
from tests.communication.driver.lines import Line
from tests.rig import ROOT


def scanned(rig, *arguments, device="bess1"):
    port = yaml.safe_load(rig.plant.read_text())["devices"][device]["connection"][
        "port"
    ]
    return rig.ppc("scan", f"127.0.0.1:{port}", "--units", "1-3", *arguments)


@mark.parametrize(
    ("device", "profile"),
    [
        ("poi", "demo_poi_meter"),
        ("bess1", "demo_pcs"),
        ("pv1", "demo_pv_inverter"),
    ],
)
def test_the_profile_of_every_device_is_found(alone, device, profile):
    done = scanned(alone, "--pause", "0", device=device)
    assert done.returncode == 0, done.stderr
    assert "unit id 1 answers after" in done.stdout
    assert f"    profile: {profile}\n" in done.stdout
    assert "    station: 1\n" in done.stdout
    assert "none of them wrote" in done.stdout


def test_through_the_controller_where_it_has_the_connection(running):
    profiles = running.plant.parent / "few"
    profiles.mkdir(exist_ok=True)
    for name in ("demo_pcs", "demo_pv_inverter"):
        text = (ROOT / "config" / "profiles" / f"{name}.yaml").read_text()
        (profiles / f"{name}.yaml").write_text(text)
    done = scanned(running, "--profiles", str(profiles))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("through the controller that runs\n")
    assert "    profile: demo_pcs\n" in done.stdout


def test_nobody_there(alone, free_port):
    done = alone.ppc("scan", f"127.0.0.1:{free_port()}", "--timeout", "0.05")
    assert done.returncode == 1
    assert "not connected" in done.stdout


def test_what_cannot_be_looked_for_is_refused(alone):
    done = alone.ppc("scan", "127.0.0.1:x")
    assert done.returncode == 2
    assert "is no HOST[:PORT]" in done.stderr


class SerialStation:
    """A station on the far end of a serial line; silent for others' unit ids."""

    def __init__(self, device, unit, station):
        self._server = ModbusServer("127.0.0.1", 0, {unit: station}, limits=NO_LIMITS)
        self._unit = unit
        self._listener = RtuListener()
        self._port = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        asyncio.get_running_loop().add_reader(self._port, self._read)

    def _read(self):
        for frame in self._listener.feed(os.read(self._port, 4096), 0.0):
            if frame.station == self._unit:
                asked = HEADER.pack(0, 0, 1 + len(frame.pdu), frame.station) + frame.pdu
                answer = self._server.answer(asked)[HEADER.size - 1 :]
                os.write(self._port, Rtu().frame(answer))

    def close(self):
        asyncio.get_running_loop().remove_reader(self._port)
        os.close(self._port)


async def test_a_serial_line_is_tried_with_usual_settings(tmp_path):
    profile = (ROOT / "config" / "profiles" / "demo_pv_inverter.yaml").read_text()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "demo_pv_inverter.yaml").write_text(profile)
    registers = {**dict.fromkeys(range(7), 0), 0: 2, 2: 1234, 6: 1500}
    with Line() as line:
        station = SerialStation(line.ends[1], 3, RegisterStation(registers))
        scan = await asyncio.create_subprocess_exec(
            *(sys.executable, ROOT / "main.py", "scan", line.ends[0]),
            *("--units", "2-4", "--timeout", "0.2", "--parity", "N"),
            *("--profiles", tmp_path / "profiles"),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PPC_DB_DIR": str(tmp_path)},
        )
        said, _ = await scan.communicate()
        station.close()
    text = said.decode()
    assert "unit id 3 answers at 9600 N" in text
    assert "unit id 2" not in text
    assert "driver: modbus_rtu, device: /dev/pts/" in text
    assert "    station: 3\n" in text
