"""A disk of a few megabytes: in memory, mounted where nobody else sees it."""

import os
import subprocess
import sys
from pathlib import Path

from pytest import skip

ROOT = Path(__file__).parents[2]
NO_DISK = "no disk may be mounted here"
_WAYS = (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount"))
_MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2"'


def run_on_a_small_disk(module: str, directory: Path, size_mb: int) -> str:
    """Run a program of the tests with the folder of the disk as its argument.

    Returns what it said. Fails when it does.
    """
    directory.mkdir()
    mounted = ["sh", "-c", f'{_MOUNT} && shift 2 && exec "$@"', "sh", f"{size_mb}m"]
    program = [sys.executable, "-m", module, directory]
    done = subprocess.run(
        [*_way(directory), *mounted, directory, *program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def fill(path: Path) -> None:
    """Take what is left of the disk, to the last byte."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    size_bytes = 1 << 20
    try:
        while size_bytes:
            try:
                os.write(file, bytes(size_bytes))
            except OSError:
                size_bytes //= 2
    finally:
        os.close(file)


def _way(directory: Path) -> tuple[str, ...]:
    for way in _WAYS:
        tried = [*way, "sh", "-c", _MOUNT, "sh", "4096", directory]
        if not subprocess.run(tried, capture_output=True, check=False).returncode:
            return way
    return skip(NO_DISK)
