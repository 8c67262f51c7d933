"""The power cut at any moment. PPC_CUTS says how often."""

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pytest import fixture

from ppc.database.daily import daily_files
from tests.database.files import DAY_S, NOON_S, Wall, recorder
from tests.database.power import Deed, Disk, deeds

ROOT = Path(__file__).parents[2]
CUTS = int(os.environ.get("PPC_CUTS", "40"))
NOTES = "acknowledged"


@fixture(scope="module")
def shim(tmp_path_factory):
    library = tmp_path_factory.mktemp("shim") / "disk_shim.so"
    source = Path(__file__).with_name("disk_shim.c")
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror"]
    subprocess.run(["cc", *flags, "-o", library, source, "-ldl"], check=True)
    return library


def recorded(shim: Path, folder: Path, *more: str) -> list[Deed]:
    """What a recorder did to its files, from its start to its end."""
    log = folder / "log"
    done = subprocess.run(
        [sys.executable, "-m", "tests.database.powered", folder / "db", *more],
        cwd=ROOT,
        env={
            **os.environ,
            "LD_PRELOAD": str(shim),
            "PPC_DISK_FOLDER": str(folder / "db"),
            "PPC_DISK_LOG": str(log),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(deeds(log))


def cuts(all_deeds: list[Deed], folder: Path, count: int) -> Iterator[set[str]]:
    """After each cut `folder` is what is left; told is what had been acknowledged."""
    pick = random.Random(1)  # noqa: S311
    disk, acknowledged = Disk(), set()
    moments = {pick.randrange(len(all_deeds)) for _ in range(count)}
    for number, deed in enumerate(all_deeds):
        if deed.name != NOTES:
            disk.do(deed)
        elif deed.what == "w":
            acknowledged |= {f"{n}" for (n,) in struct.iter_unpack("<I", deed.data)}
        if number in moments:
            disk.cut(folder, pick)
            yield acknowledged
            shutil.rmtree(folder)


def found(folder: Path) -> set[str]:
    """Events of all daily files, which must open and be sound."""
    texts: set[str] = set()
    for path in (*daily_files(folder), *folder.glob("trend.db")):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version and path.name != "trend.db":
                texts |= {t for (t,) in connection.execute("SELECT text FROM events")}
    return texts


def test_no_acknowledged_event_is_lost(shim, tmp_path):
    all_deeds = recorded(shim, tmp_path, "400")
    assert [d.what for d in all_deeds if d.name == ""].count("s") >= 4
    left = tmp_path / "left"
    for number, acknowledged in enumerate(cuts(all_deeds, left, CUTS)):
        if number % 10 == 0:
            record = recorder(left, Wall(NOON_S + 3 * DAY_S))
            record.start()
            record.stop()
        assert not list(left.glob("*.corrupt-*"))
        assert acknowledged <= found(left)
    assert len(acknowledged) > 300


def test_without_syncing_each_commit_acknowledged_events_are_lost(shim, tmp_path):
    """The test above can fail: the same with all rows in the lane of samples."""
    all_deeds = recorded(shim, tmp_path, "150", "normal")
    left = tmp_path / "left"
    lost = [a - found(left) for a in cuts(all_deeds, left, 20)]
    assert any(lost)


def test_what_was_not_synced_may_be_there_by_sectors(tmp_path):
    disk = Disk()
    for deed in (
        Deed("c", "a", 0, b""),
        Deed("w", "a", 0, b"1" * 2048),
        Deed("s", "a", 0, b""),
        Deed("s", "", 0, b""),
        Deed("w", "a", 100, b"2" * 1500),
        Deed("c", "b", 0, b""),
        Deed("u", "a", 0, b""),
    ):
        disk.do(deed)
    seen = set()
    for seed in range(200):
        disk.cut(tmp_path / f"{seed}", random.Random(seed))  # noqa: S311
        files = sorted((tmp_path / f"{seed}").iterdir())
        contents = (path.read_bytes() for path in files)
        seen.add(tuple((p.name, c) for p, c in zip(files, contents, strict=True)))
    whole = b"1" * 2048
    part = b"1" * 512 + b"2" * 512 + b"1" * 1024
    assert (("a", whole),) in seen
    assert (("a", whole), ("b", b"")) in seen
    assert (("a", part),) in seen
    assert (("b", b""),) in seen
