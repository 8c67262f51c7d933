"""The whole way from a record to a receiver, and to a real InfluxDB where one is.

`INFLUXD` names the program where it is not in the PATH: Debian package `influxdb`.
"""

import json
import logging
import os
import shutil
import subprocess
import time
from threading import Event, Thread
from urllib.parse import urlencode
from urllib.request import urlopen

from pytest import fixture, mark

from ppc.configuration.export import InfluxSection
from ppc.database.file import remove
from ppc.export.forwarder import Forwarder
from ppc.export.influx import Influx
from ppc.history.day_file import DayFile
from tests.database.files import DAY_S, NOON_S, Wall, poi, recorder, wait_until
from tests.export.receiver import Receiver
from tests.history.records import sample, write
from tests.rig import free_ports

TABLES = ("poi", "bess", "pv", "decisions", "events", "energy")


def forwarder(folder, url, wall, rate=10_000_000, **entries):
    section = InfluxSection(url=url, **(entries or {"database": "ppc"}))
    how = {"plant": "the plant", "backlog_rows_per_s": rate, "wall_s": wall}
    return Forwarder("cloud", folder, Influx(section), **how)


def rows_count(folder, table):
    total = 0
    for path in folder.glob("2*.db"):
        with DayFile(path) as file:
            total += file.value(f"SELECT count(*) FROM {table}")  # noqa: S608
    return total


def counts(folder):
    return {table: rows_count(folder, table) for table in TABLES}


def received(receiver):
    return {table: len(receiver.of(table)) for table in TABLES}


def drive(forwarder):
    """Without the rests in between, until nothing is due."""

    def is_done():
        forwarder._backlog_due_s = 0.0
        forwarder.step()
        return forwarder._sweep is None and time.monotonic() < forwarder._sweep_due_s

    wait_until(is_done, 60.0)
    forwarder._save()


@fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def test_what_was_recorded_in_72_hours_away_arrives_the_newest_first(
    tmp_path, receiver, caplog
):
    begin_s, wall = NOON_S - 3 * DAY_S, Wall(NOON_S - 3 * DAY_S)
    write(tmp_path, [begin_s + n for n in range(20)])
    sender = forwarder(tmp_path, receiver.url, wall)
    wall.now_s = begin_s + 20
    drive(sender)
    assert received(receiver) == counts(tmp_path)
    receiver.answer = 503
    stamps = [begin_s + 20 + 600.0 * n for n in range(72 * 6)]
    with caplog.at_level(logging.WARNING):
        rests = []
        for first in range(0, len(stamps), 72):
            part = stamps[first : first + 72]
            write(tmp_path, part, energy=float)
            wall.now_s = part[-1]
            rests.append(sender.step())
    assert rests == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    assert len(caplog.records) == 1
    receiver.answer = 204
    receiver.requests.clear()
    drive(sender)
    assert received(receiver) == counts(tmp_path)
    assert sum(counts(tmp_path).values()) > 72 * 6 * 6
    first, *waited = [lines for _, _, lines in receiver.requests]
    assert {int(at_ns) // 10**9 for _, _, at_ns in first} == {stamps[-1]}
    old = [lines for lines in waited if set(lines) != set(first)]
    times = [int(lines[0][2]) / 1e9 for lines in old]
    assert int(times[0]) == stamps[0]
    assert times == sorted(times)
    assert "back, sending what has waited" in caplog.records[-1].message


def test_a_hand_in_at_the_edge_of_what_is_new_is_sent_whole(tmp_path, receiver):
    record = recorder(tmp_path, Wall())
    record.start()
    record.record("poi", [poi(NOON_S + 9.0), poi(NOON_S + 11.0)])
    record.stop()
    drive(forwarder(tmp_path, receiver.url, Wall(NOON_S + 70.0)))
    assert len(receiver.of("poi")) == 2


def test_after_a_kill_it_goes_on_where_the_cursor_is(tmp_path, receiver):
    write(tmp_path, [NOON_S + n for n in range(300)])
    wall = Wall(NOON_S + 300)
    drive(forwarder(tmp_path, receiver.url, wall))
    assert received(receiver) == counts(tmp_path)
    receiver.requests.clear()
    write(tmp_path, [NOON_S + 300 + n for n in range(3)])
    wall.now_s += 3
    drive(forwarder(tmp_path, receiver.url, wall))
    assert received(receiver) == counts(tmp_path)
    sent = sum(len(lines) for _, _, lines in receiver.requests)
    assert sent < 100  # and not the 1500 of before


def test_the_same_points_again_are_the_same_points(tmp_path, receiver):
    write(tmp_path, [NOON_S, NOON_S + 1, NOON_S, NOON_S + 1])  # a clock set back
    drive(forwarder(tmp_path, receiver.url, Wall(NOON_S + 1)))
    before = dict(receiver.points)
    assert received(receiver) == counts(tmp_path)
    shutil.rmtree(tmp_path / "forward")
    drive(forwarder(tmp_path, receiver.url, Wall(NOON_S + 1)))
    assert receiver.points == before


def test_what_has_waited_is_sent_no_faster_than_allowed(tmp_path, receiver):
    write(tmp_path, [NOON_S + n for n in range(3000)])
    sender = forwarder(tmp_path, receiver.url, Wall(NOON_S + DAY_S), rate=100)
    for _ in range(5):
        sender.step()
    assert sender.sent_count <= 5000
    assert len(receiver.requests) == 1


def test_points_that_are_refused_are_told_and_do_not_hold_up_others(
    tmp_path, receiver, caplog
):
    write(tmp_path, [NOON_S + n for n in range(10)])
    sender = forwarder(tmp_path, receiver.url, Wall(NOON_S + 10))
    receiver.answer = 400
    with caplog.at_level(logging.WARNING):
        drive(sender)
    assert sender.refused_count == 51
    assert len(caplog.records) == 1
    receiver.answer = 204
    write(tmp_path, [NOON_S + 11])
    drive(sender)
    assert sender.sent_count == 6


def test_a_record_that_was_begun_anew_is_sent_from_its_begin(tmp_path, receiver):
    write(tmp_path, [NOON_S + n for n in range(50)])
    drive(forwarder(tmp_path, receiver.url, Wall(NOON_S + 50)))
    for path in (*tmp_path.glob("*.db"), tmp_path / "current.db"):
        remove(path)
    write(tmp_path, [NOON_S + 200 + n for n in range(10)])
    drive(forwarder(tmp_path, receiver.url, Wall(NOON_S + DAY_S)))
    assert len(receiver.of("poi")) == 60


def test_beside_a_recorder_that_writes_everything_arrives_soon(tmp_path, receiver):
    wall = Wall()
    record, stop = recorder(tmp_path, wall), Event()
    record.start()
    sender = forwarder(tmp_path, receiver.url, wall)
    thread = Thread(target=sender.run, args=(stop,))
    thread.start()
    try:
        for number in range(30):
            wall.now_s = NOON_S + number
            sample(record, wall.now_s, number)
        wait_until(lambda: len(receiver.of("pv")) == 60)
    finally:
        stop.set()
        thread.join()
        record.stop()
    assert (tmp_path / "forward" / "cloud.json").exists()


INFLUXD = os.environ.get("INFLUXD") or shutil.which("influxd")


@fixture
def influxdb(tmp_path):
    port, other = free_ports(2)
    folder = tmp_path / "influxdb"
    env = {
        "INFLUXDB_REPORTING_DISABLED": "true",
        "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{other}",
        "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{port}",
        "INFLUXDB_META_DIR": str(folder / "meta"),
        "INFLUXDB_DATA_DIR": str(folder / "data"),
        "INFLUXDB_DATA_WAL_DIR": str(folder / "wal"),
    }
    process = subprocess.Popen(
        [INFLUXD], env={**os.environ, **env}, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"

    def answers():
        try:
            return query(url, "CREATE DATABASE ppc") is not None
        except OSError:
            return False

    try:
        wait_until(answers, 20.0)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def query(url, text):
    """The rows InfluxDB answers with."""
    asked = urlencode({"db": "ppc", "q": text}).encode()
    with urlopen(f"{url}/query", asked, timeout=10) as answer:  # noqa: S310
        (result,) = json.load(answer)["results"]
    return [row for series in result.get("series", []) for row in series["values"]]


@mark.skipif(not INFLUXD, reason="needs influxd: Debian package influxdb")
def test_a_real_influxdb_has_every_row_with_its_values(tmp_path, influxdb):
    folder = tmp_path / "db"
    write(folder, [NOON_S + n for n in range(200)], energy=float)
    wall = Wall(NOON_S + 60)
    record = recorder(folder, wall)
    record.start()
    text = 'two lines\n"quoted", of=it \\'
    record.event("info", "a source, of=them", text)
    record.stop()
    for _ in range(2):  # the second time all again
        drive(forwarder(folder, influxdb, Wall(NOON_S + 190)))
        shutil.rmtree(folder / "forward")
    for table, count in counts(folder).items():
        ((_, found),) = query(influxdb, f"SELECT count(seq) FROM {table}")  # noqa: S608
        assert found == count, table
    ((_, told),) = query(
        influxdb, "SELECT text FROM events WHERE source='a source, of=them'"
    )
    assert told == text
    told = query(influxdb, "SELECT v_v FROM poi WHERE device='poi'")
    with DayFile(folder / "2026_11_21.db") as file:
        assert [(v_v,) for _, v_v in told] == list(
            file.rows("SELECT v_v FROM poi ORDER BY ts")
        )
