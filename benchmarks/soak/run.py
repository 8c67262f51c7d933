"""A random fault every 20 s on eight units, in real time, judged on truth.

    python benchmarks/soak.py [--for 3600] [--seed 1] [--every 20]

The field and the controller are processes of their own, on real sockets. SCADA orders
active power and voltage, and a new limit every 30 s. Afterwards the truth the field has
written is held against what must always be so; one violation, and the exit code is 1.
Equal seeds give equal faults at equal times of the field.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import yaml

from benchmarks.soak.judge import judge
from tests.rig import Rig, free_ports, write_plant

ROOT = Path(__file__).resolve().parents[2]
EXTRA = {"profile": "demo_pcs", "s_max_va": 2.2e6, "p_max_w": 2e6, "e_max_wh": 4e6}
KINDS = [
    *("refuse", "accept_then_close", "half_open", "drip", "reset_in_reply", "loss"),
    *("latency", "first_swallowed", "connections_full", "partial", "split"),
    *("duplicated", "joined", "late_reply", "wrong_transaction", "wrong_station"),
    *("wrong_function", "wrong_count", "wrong_length", "wrong_protocol", "noise"),
    *("modbus_exception", "exception_on_block", "single_writes_only"),
    *("acknowledged_not_applied", "applied_late", "frozen", "all_ones", "zeros"),
    *("garbage", "swapped_words", "shifted", "soc_wrong", "ignored", "clipped"),
    *("quantised", "ramp_limited", "trip", "contactor_open", "derated", "bms_limit"),
    *("frozen_output", "own_droop", "oscillating", "q_saturated"),
    *("voltage_step", "frequency_step", "dip", "short_circuit_ratio", "phase_jump"),
    *("tap_steps", "grid_lost"),
]
LIMITS_W = (3e6, 5e6, 7e6, 9e6, 10e6)


def plan(folder: Path, seed: int, every_s: float, devices: list[str]) -> Path:
    """Faults of chance, and the meter gone for 40 s every ten minutes."""
    lost = [
        {"at_s": at_s, "lasts_s": 40.0, "kind": "half_open", "device": "poi"}
        for at_s in range(90, 7 * 24 * 3600, 600)
    ][:200]
    chance = {
        "every_s": every_s,
        "lasts_s": [2.0, 10.0],
        "devices": devices,
        "kinds": KINDS,
    }
    path = folder / "faults.yaml"
    content = {"seed": seed, "faults": lost, "random": chance}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def change(plant: dict) -> None:
    (port,) = free_ports(1)
    plant["devices"]["bess4"] = EXTRA | {
        "connection": {"host": "127.0.0.1", "port": port}
    }
    plant["simulation"]["truth_s"] = 0.1
    plant["simulation"]["units"] = {
        name: {"protection": {"restart_s": 5.0, "release_pu_per_s": 0.5}}
        for name in plant["devices"]
        if name != "poi"
    }


class Soak:
    """Both processes, and SCADA at its desk."""

    def __init__(self, folder: Path, seed: int, every_s: float) -> None:
        self.folder, self.db_dir = folder, folder / "db"
        self.plant = write_plant(folder / "plant", change)
        self.rig = Rig(self.plant, self.db_dir)
        self._rng = Random(seed)  # noqa: S311 (no secret)
        faults = plan(folder, seed, every_s, self.rig.devices)
        content = yaml.safe_load(self.plant.read_text())
        del content["simulation"]
        alone = self.plant.with_name("alone.yaml")
        alone.write_text(yaml.safe_dump(content, sort_keys=False))
        self.field = self._start(
            "field", "simulate", "--config", self.plant, "--faults", faults
        )
        time.sleep(4.0)
        self.controller = self._start("controller", "run", "--config", alone)
        self.rss_mb: list[tuple[float, float]] = []

    def _start(self, name: str, *arguments: object) -> subprocess.Popen[str]:
        log = (self.folder / f"{name}.log").open("w")
        return subprocess.Popen(
            [sys.executable, ROOT / "main.py", *map(str, arguments)],
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PPC_DB_DIR": str(self.db_dir)},
        )

    def run(self, for_s: float) -> str:
        """SCADA's work; why it ended early, or nothing."""
        time.sleep(5.0)
        began_s, beat, limit_s = time.monotonic(), 0, 0.0
        while (now_s := time.monotonic() - began_s) < for_s:
            for process, name in ((self.field, "field"), (self.controller, "program")):
                if process.poll() is not None:
                    return f"the {name} ended with {process.returncode}"
            beat = (beat + 1) % 65536
            scada = self.rig.scada
            try:
                scada.write("heartbeat_in", beat)
                if now_s >= limit_s:
                    limit_s += 30.0
                    scada.write("p_limit_max_w", self._rng.choice(LIMITS_W))
                    scada.write("p_set_w", 1e6 * self._rng.uniform(-4, 9))
                    scada.write("v_set_pu", self._rng.uniform(0.98, 1.02))
            except AssertionError as error:
                return f"SCADA gets no answer: {error}"
            self.rss_mb.append((now_s, _rss_mb(self.controller.pid)))
            if beat % 60 == 0:
                print(f"{now_s:7.0f} s of {for_s:g}", file=sys.stderr)
            time.sleep(1.0)
        return ""

    def stop(self) -> list[int]:
        codes = []
        for process in (self.controller, self.field):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            codes.append(process.wait(30))
        return codes


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--for", dest="for_s", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=20.0)
    parser.add_argument("--keep", type=Path, help="folder for what it writes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        soak = Soak(folder, options.seed, options.every)
        try:
            ended = soak.run(options.for_s)
        finally:
            codes = soak.stop()
        print(f"seed {options.seed}, {options.for_s:g} s")
        sys.exit(judge(folder, soak.rss_mb, codes, ended))
