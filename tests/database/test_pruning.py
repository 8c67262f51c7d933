from math import inf

from pytest import fixture

from ppc.database.pruning import Pruning, dated, oldest_s
from ppc.database.schema import TREND
from ppc.database.store import Store
from tests.database.files import DAY_S, NOON_S, ask, stored, stored_poi, value

FINE = frozenset({"poi", "verdicts"})


@fixture
def store(tmp_path):
    store = Store(tmp_path / "trend.db", TREND)
    yield store
    store.close()


def run(store, pruning):
    """To the end. Returns after how many steps."""
    steps_count = 0
    while pruning:
        with store.transaction() as connection:
            pruning.step(connection)
        steps_count += 1
    return steps_count


def test_what_is_older_goes_bit_by_bit_the_oldest_first(store):
    store.write({"poi": [stored_poi(NOON_S + 60 * n) for n in range(60)]})
    pruning = Pruning()
    pruning.condemn("poi", NOON_S + 30 * 60)
    with store.transaction() as connection:
        pruning.step(connection)
    assert oldest_s(store.connection, FINE) == NOON_S + 5 * 60
    assert run(store, pruning) == 5 + 1
    assert value(store.path, "SELECT count(*) FROM poi") == 30
    assert oldest_s(store.connection, FINE) == NOON_S + 30 * 60


def test_time_without_rows_costs_no_steps(store):
    stamps = (NOON_S - 300 * DAY_S, NOON_S - 100 * DAY_S)
    store.write({"poi": [stored_poi(ts) for ts in stamps]})
    pruning = Pruning()
    pruning.condemn("poi", NOON_S)
    assert run(store, pruning) == 2 + 1
    assert oldest_s(store.connection, FINE) == inf


def test_the_room_is_given_back_when_it_is_asked_for(store):
    rows = [
        stored("verdicts", NOON_S, function="x" * 500 + f"{n}") for n in range(9000)
    ]
    store.write({"verdicts": rows})
    pruning = Pruning()
    pruning.condemn("verdicts", NOON_S + 1)
    run(store, pruning)
    ((pages_count,),) = ask(store.path, "PRAGMA page_count")
    assert pages_count > 1000
    pruning.give_back()
    assert 2 <= run(store, pruning) <= 4
    assert value(store.path, "PRAGMA page_count") < 200


def test_every_table_is_kept_for_one_time_or_the_other():
    kept = dict(dated(raw_since_s=2.0, since_s=1.0))
    assert set(kept) == set(TREND.tables) - {"days"}
    raw = {name for name, since_s in kept.items() if since_s == 2.0}
    assert raw == {"poi", "bess", "pv", "decisions", "cycles", "links", "verdicts"}
