"""Which files are to go: decided here, done by the recorder."""

from collections.abc import Sequence
from pathlib import Path


def surplus(files: Sequence[Path], *, keep: int) -> list[Path]:
    """The oldest of `files`, which are in order of age, beyond the `keep` newest."""
    return list(files[: max(0, len(files) - keep)])
