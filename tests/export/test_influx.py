from base64 import b64encode

from pytest import fixture, mark, raises

from ppc.configuration.export import InfluxSection
from ppc.export.influx import Away, Influx, Refused
from tests.export.receiver import Receiver

POINTS = [b"poi,device=poi p_w=1.0 1\n", b"poi,device=poi p_w=2.0 2\n"]


@fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def target(receiver, **entries):
    return Influx(InfluxSection(url=receiver.url, **entries))


def test_version_1_has_a_database_and_a_password(receiver, tmp_path):
    (tmp_path / "secret").write_text("pass word\n")
    told = {"retention_policy": "a week", "user": "me"}
    secret = {"secret_file": tmp_path / "secret"}
    target(receiver, database="my plant", **told, **secret).send(POINTS)
    ((path, headers, lines),) = receiver.requests
    assert path == "/write?db=my+plant&precision=ns&rp=a+week"
    assert headers["Authorization"] == f"Basic {b64encode(b'me:pass word').decode()}"
    assert lines == [("poi,device=poi", f"p_w={n}.0", f"{n}") for n in (1, 2)]


def test_version_2_has_a_bucket_and_a_token(receiver, monkeypatch):
    monkeypatch.setenv("INFLUX_TOKEN", "t0ken")
    influx = target(receiver, org="o", bucket="b", secret_env="INFLUX_TOKEN")  # noqa: S106
    influx.send(POINTS)
    path, headers, _ = receiver.requests[0]
    assert path == "/api/v2/write?org=o&bucket=b&precision=ns"
    assert headers["Authorization"] == "Token t0ken"
    monkeypatch.delenv("INFLUX_TOKEN")
    with raises(Away, match="there is no INFLUX_TOKEN"):
        influx.send(POINTS)


def test_without_a_secret_nothing_is_said_of_one(receiver):
    target(receiver, database="d").send(POINTS)
    assert "Authorization" not in receiver.requests[0][1]


@mark.parametrize("code", [401, 403, 404, 429, 500, 503])
def test_who_cannot_take_it_now_is_away(receiver, code):
    receiver.answer, receiver.headers = code, {"Retry-After": "7"}
    with raises(Away, match=f'{code} .*{{"error": "as told"}}') as raised:
        target(receiver, database="d").send(POINTS)
    assert raised.value.rest_s == 7.0


@mark.parametrize("code", [400, 422])
def test_points_may_be_refused(receiver, code):
    receiver.answer = code
    with raises(Refused, match="as told"):
        target(receiver, database="d").send(POINTS)


def test_who_is_not_there_is_away(receiver):
    influx = target(receiver, database="d")
    receiver.__exit__()
    with raises(Away, match="refused"):
        influx.send(POINTS)
