import random
from statistics import mean

from pytest import approx, fixture

from ppc.database.minutes import make_minutes, make_quarters, spans, unmade_quarters
from ppc.database.schema import KINDS, TREND
from ppc.database.store import Store
from tests.database.files import NOON_S, ask, stored, stored_poi, value


@fixture
def store(tmp_path):
    store = Store(tmp_path / "trend.db", TREND)
    yield store
    store.close()


def made(store, name, since_s=0.0, until_s=1e12):
    """The minutes of a kind of rows, in order of time."""
    statement = make_minutes(
        KINDS[name], TREND.tables[name], since_s=since_s, until_s=until_s
    )
    with store.transaction() as connection:
        connection.execute(statement)
    return ask(store.path, f"SELECT * FROM {name}_1m ORDER BY ts")  # noqa: S608


def poi(second, p_w, device="poi"):
    return stored_poi(NOON_S + second, p_w, device)


def test_a_minute_keeps_average_least_and_greatest(store):
    powers_w = [float(second * second) for second in range(60)]
    store.write({"poi": [poi(n, p_w) for n, p_w in enumerate(powers_w)]})
    ((ts, device, samples_count, *figures),) = made(store, "poi")
    assert (ts, device, samples_count) == (NOON_S, "poi", 60)
    assert figures[6:9] == approx([mean(powers_w), 0.0, 59.0**2])


def test_what_was_not_measured_has_no_figures(store):
    store.write({"poi": [poi(0, None), poi(1, None)]})
    ((_, _, samples_count, *figures),) = made(store, "poi")
    assert samples_count == 2
    assert figures[6:9] == [None, None, None]


def test_a_minute_begins_with_its_first_second_and_ends_before_the_next(store):
    store.write({"poi": [poi(0, 1.0), poi(59.999, 1.0), poi(60, 2.0)]})
    assert [row[0:3] for row in made(store, "poi")] == [
        (NOON_S, "poi", 2),
        (NOON_S + 60, "poi", 1),
    ]


def test_each_device_has_minutes_of_its_own(store):
    store.write({"poi": [poi(0, 1.0, "a"), poi(0, 2.0, "b")]})
    assert [row[1] for row in made(store, "poi")] == ["a", "b"]


def test_a_minute_keeps_the_last_of_each_text(store):
    rows = [
        stored("decisions", NOON_S + n, p_limited_by=limited_by, modes=f'{{"n": {n}}}')
        for n, limited_by in enumerate(("soc", "", "capability"))
    ]
    store.write({"decisions": rows})
    ((ts, samples_count, *_, modes),) = made(store, "decisions")
    assert (ts, samples_count) == (NOON_S, 3)
    assert modes == '{"n": 2}'
    asked = ask(store.path, "SELECT p_limited_by, q_limited_by FROM decisions_1m")
    assert asked == [("capability", None)]


def test_minutes_made_again_replace_the_older_ones(store):
    store.write({"poi": [poi(0, 1.0)]})
    made(store, "poi")
    store.write({"poi": [poi(1, 3.0)]})
    ((_, _, samples_count, *figures),) = made(store, "poi")
    assert samples_count == 2
    assert figures[6] == 2.0


def test_minutes_outside_the_span_stay_as_they_are(store):
    store.write({"poi": [poi(60 * n, 1.0) for n in range(4)]})
    made(store, "poi")
    store.write({"poi": [poi(60 * n + 1, 3.0) for n in range(4)]})
    rows = made(store, "poi", since_s=NOON_S + 90, until_s=NOON_S + 180)
    assert [row[2] for row in rows] == [1, 2, 2, 1]


def quarters(store, name):
    statement = make_quarters(KINDS[name], since_s=0.0)
    with store.transaction() as connection:
        connection.execute(statement)
    return ask(store.path, f"SELECT * FROM {name}_15m ORDER BY ts")  # noqa: S608


def test_quarters_are_what_the_rows_would_have_made(store):
    pick = random.Random(7)  # noqa: S311
    rows = {}
    for quarter in range(3):
        for _ in range(400):  # some minutes have many rows, some have none
            second = quarter * 900 + int(pick.triangular(0, 899, 0))
            rows[second] = float(pick.randrange(-1_000_000, 1_000_000))
    store.write({"poi": [poi(second, p_w) for second, p_w in rows.items()]})
    made(store, "poi")
    for number, (ts, _, samples_count, *figures) in enumerate(quarters(store, "poi")):
        powers_w = [p_w for second, p_w in rows.items() if second // 900 == number]
        assert ts == NOON_S + number * 900
        assert samples_count == len(powers_w)
        told = [mean(powers_w), min(powers_w), max(powers_w)]
        assert figures[6:9] == approx(told, rel=1e-12)


def test_a_minute_without_a_number_has_no_weight_in_its_quarter(store):
    rows = [poi(0, 1.0), poi(1, 3.0), *(poi(60 + n, None) for n in range(50))]
    store.write({"poi": rows})
    made(store, "poi")
    ((_, _, samples_count, *figures),) = quarters(store, "poi")
    assert samples_count == 52
    assert figures[6:9] == [2.0, 1.0, 3.0]


def test_a_quarter_keeps_the_last_of_each_text(store):
    rows = [
        stored("decisions", NOON_S + 61 * n, p_w=1.0, modes=f'{{"n": {n}}}')
        for n in range(10)
    ]
    store.write({"decisions": rows})
    made(store, "decisions")
    ((ts, samples_count, *_, modes),) = quarters(store, "decisions")
    assert (ts, samples_count, modes) == (NOON_S, 10, '{"n": 9}')


def test_quarters_an_older_version_did_not_make_are_known(store):
    assert unmade_quarters(store.connection) == []
    store.write({"poi": [poi(600 * n, 1.0) for n in range(300)]})
    made(store, "poi")
    unmade = unmade_quarters(store.connection)
    assert len(unmade) == 3
    with store.transaction() as connection:
        connection.execute(unmade[-1])
    assert len(unmade_quarters(store.connection)) == 2
    with store.transaction() as connection:
        for statement in unmade:
            connection.execute(statement)
    assert unmade_quarters(store.connection) == []
    assert value(store.path, "SELECT sum(samples_count) FROM poi_15m") == 300


def test_stretches_that_are_not_far_apart_are_one():
    assert spans({0, 60, 180, 4000, 4060}, 60) == [(0, 240), (4000, 4120)]
    assert spans(set(), 60) == []
