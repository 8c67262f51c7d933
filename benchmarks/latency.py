"""Latency of the control loop; see benchmarks/latency/run.py."""

import runpy
from pathlib import Path

if __name__ == "__main__":
    runpy.run_path(
        str(Path(__file__).parent / "latency" / "run.py"), run_name="__main__"
    )
