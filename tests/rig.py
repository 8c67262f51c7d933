"""A whole plant for tests and benchmarks: field, controller, and people at both ends.

The controller is `ppc run`, a process; SCADA and the console are pyModbusTCP clients,
a Modbus implementation that is neither ours nor pymodbus.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Self

import yaml
from pyModbusTCP.client import ModbusClient

from ppc.simulation.console import console_registers

ROOT = Path(__file__).resolve().parents[1]
CODES = {"u16": "H", "u32": "I", "f32": "f"}


START_S = 60.0
"""Most of it is Python's: no test is about how long a start takes."""
_PORTS = range(20_000, 32_000)
"""Below those the system gives to clients (Linux: from 32768), who would take them."""
_EACH = 1500
"""For each process that runs tests beside others."""
_tried = count()


def free_ports(wanted_count: int) -> list[int]:
    """Ports nobody listens on now, and nobody else who tests here will ask for."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _PORTS.start + worker * _EACH % len(_PORTS)
    ports: list[int] = []
    while len(ports) < wanted_count:
        port = first + (os.getpid() + next(_tried)) % _EACH
        with socket.socket() as holder:
            if not holder.connect_ex(("127.0.0.1", port)):
                continue
        ports.append(port)
    return ports


def write_plant(
    folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None
) -> Path:
    """The demonstration plant on ports of its own, without noise in voltage and sky."""
    plant = yaml.safe_load((ROOT / "config" / "plant.yaml").read_text())
    ports = iter(free_ports(len(plant["devices"]) + 3))
    for device in plant["devices"].values():
        device["connection"] = {"host": "127.0.0.1", "port": next(ports)}
    plant["scada"]["port"] = next(ports)
    simulation = plant["simulation"]
    simulation["console"]["port"] = next(ports)
    simulation["console"]["faults_port"] = next(ports)
    simulation["grid"] |= {"v_noise_pu": 0.0, "f_noise_hz": 0.0}
    simulation["load"] |= {"noise_pu": 0.0}
    simulation["sky"] = {"clouds": False}
    change(plant)
    folder.mkdir(exist_ok=True)
    for name in ("profiles", "northbound"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / "config" / name)
    path = folder / "plant.yaml"
    path.write_text(yaml.safe_dump(plant, sort_keys=False))
    return path


class Registers:
    """A client that reads and writes registers by name."""

    def __init__(
        self, port: int, registers: Mapping[str, tuple[int, str]], unit: int = 1
    ) -> None:
        self._registers = registers
        self._client = ModbusClient("127.0.0.1", port, unit, timeout=2.0)

    def read(self, name: str) -> float:
        """The value; raises AssertionError when there is no answer."""
        address, kind = self._registers[name]
        words = self._client.read_holding_registers(address, 1 if kind == "u16" else 2)
        assert words is not None, f"{name}: {self._client.last_error_as_txt}"
        (value,) = struct.unpack(
            f">{CODES[kind]}", struct.pack(f">{len(words)}H", *words)
        )
        return value

    def write(self, name: str, value: float) -> bool:
        """Whether it was accepted."""
        return self.write_all({name: value})

    def write_all(self, values: Mapping[str, float]) -> bool:
        """Whether neighbours, in their order, were accepted in one request."""
        packed = b""
        for name, value in values.items():
            kind = self._registers[name][1]
            whole = value if kind == "f32" else int(value)
            packed += struct.pack(f">{CODES[kind]}", whole)
        words = list(struct.unpack(f">{len(packed) // 2}H", packed))
        address, _ = self._registers[next(iter(values))]
        return bool(self._client.write_multiple_registers(address, words))

    @property
    def refusal(self) -> int:
        """The exception code of the last answer."""
        return self._client.last_except

    @property
    def port(self) -> int:
        return self._client.port

    def close(self) -> None:
        self._client.close()


class Rig:
    """`ppc run` on a plant file, with a SCADA desk and the console. A context."""

    def __init__(self, plant: Path, db_dir: Path) -> None:
        self.plant, self.db_dir = plant, db_dir
        content = yaml.safe_load(plant.read_text())
        shown = json.loads(self.ppc("map", "--json").stdout)
        self.scada_port = shown["port"]
        self.devices = list(content["devices"])
        self.registers = {
            r["key"]: (r["address"], r["type"]) for r in shown["registers"]
        }
        self.scada = self.desk()
        self.console = Registers(
            content["simulation"]["console"]["port"],
            {
                r.name: (r.address, r.type.value)
                for r in console_registers(self.devices)
            },
        )
        self.process: subprocess.Popen[str] | None = None

    def desk(self, unit: int = 1) -> Registers:
        """A client of the SCADA registers at a unit id."""
        return Registers(self.scada_port, self.registers, unit)

    def ppc(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, ROOT / "main.py", *arguments]
        return subprocess.run(
            [*command, "--config", self.plant],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment(),
        )

    def start(self) -> None:
        """Start the controller and wait until it sees its plant."""
        with (self.db_dir.parent / "log.txt").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "main.py", "--config", self.plant],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
            )
        try:
            wait_for(self._runs, START_S, "the plant to run")
        except AssertionError:
            self.process.kill()
            self.process.wait()
            raise

    def stop(self) -> int:
        """Ctrl-C; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(20)
        self.process = None
        return code

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.stop()
        self.scada.close()
        self.console.close()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PPC_DB_DIR": str(self.db_dir)}

    def _runs(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.db_dir.parent / "log.txt").read_text()
        try:
            ready = self.scada.read("units_in_service_count") == len(self.devices) - 1
        except AssertionError:
            return False
        return ready and abs(self.scada.read("p_w")) > 0.0


def wait_for(holds: Callable[[], bool], within_s: float, what: str) -> float:
    """Wait until `holds`; how long it took. Raises AssertionError after `within_s`."""
    began_s = time.monotonic()
    while not holds():
        assert time.monotonic() - began_s < within_s, f"waited in vain for {what}"
        time.sleep(0.02)
    return time.monotonic() - began_s
