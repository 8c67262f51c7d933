"""A long run with faults of chance, judged on truth; see benchmarks/soak/run.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.soak.run import main

if __name__ == "__main__":
    main()
