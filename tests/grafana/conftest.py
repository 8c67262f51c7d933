import fcntl
from threading import Event

from pytest import fixture

from tests.grafana import server
from tests.grafana.asking import found
from tests.grafana.plant import DAY_S, NOW_S, RAW_DAYS, Plant, times_s

collect_ignore = [] if server.URL else ["test_server.py"]


@fixture(scope="session")
def trend(tmp_path_factory, request):
    """trend.db after a month, rolled up and pruned, all days listed.

    Made once, also where several processes test.
    """
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    with (shared / "month.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = shared / "month" / "trend.db"
        if not path.parent.exists():
            make_month(path)
    return path


def make_month(path):
    plant = Plant(path.parent)
    plant.record(times_s())
    written = Event()
    row = {"ts": NOW_S - 1.0, "source": "test", "text": "the last", "severity": "info"}
    plant.recorder.record("events", [row], on_disk=lambda _: written.set())
    assert written.wait(60)
    plant.recorder.run(lambda: settle(plant.recorder._trend))
    plant.recorder.stop()
    assert plant.recorder.dropped == 0
    ((days_count,),) = found(path, "SELECT count(*) FROM days")
    assert days_count >= 30  # today's too, if the writer left it for an older one
    oldest = f"SELECT min(ts) >= {NOW_S - RAW_DAYS * DAY_S} FROM poi"
    assert found(path, oldest) == [(1,)]


def settle(file):
    """In the recorder's thread: what it does bit by bit, at once."""
    file.prune()
    while file.catch_up():
        pass
