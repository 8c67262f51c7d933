"""Our Modbus drivers beside others; see benchmarks/modbus/run.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.modbus.run import main

if __name__ == "__main__":
    sys.exit(main())
