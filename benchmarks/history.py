"""The record beside bare SQLite; see benchmarks/history/run.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.history.run import main

if __name__ == "__main__":
    main()
