"""The SCADA port under abuse; see benchmarks/abuse/run.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.abuse.run import main

if __name__ == "__main__":
    sys.exit(main())
