import re
from pathlib import Path

import yaml
from pydantic import ValidationError
from pytest import mark, raises

from ppc.configuration.export import InfluxSection, SecretMissing

URL = {"url": "http://10.0.0.5:8086"}

ROOT = Path(__file__).parents[2]


@mark.parametrize(
    ("entries", "says"),
    [
        ({"url": "ftp://x", "database": "d"}, "pattern"),
        ({"url": "http://me:secret@x", "database": "d"}, "pattern"),
        ({"url": "http://x?token=y", "database": "d"}, "pattern"),
        (URL, "either database"),
        ({**URL, "database": "d", "bucket": "b", "org": "o"}, "either database"),
        ({**URL, "bucket": "b"}, "org and bucket"),
        ({**URL, "database": "d", "org": "o"}, "org and bucket"),
        ({**URL, "bucket": "b", "org": "o", "user": "u"}, "go with database"),
        ({**URL, "database": "d", "secret_env": "A", "secret_file": "b"}, "either sec"),
        ({**URL, "database": "d", "token": "no"}, "Extra inputs"),
        ({**URL, "database": "d", "backlog_rows_per_s": 1}, "greater than or equal"),
    ],
)
def test_what_does_not_go_together_is_refused(entries, says):
    with raises(ValidationError, match=says):
        InfluxSection(**entries)


def test_a_secret_is_read_when_it_is_needed(tmp_path, monkeypatch):
    file = tmp_path / "token"
    section = InfluxSection(**URL, database="d", secret_file=file)
    with raises(SecretMissing, match="token"):
        section.secret()
    file.write_text("abc\n")
    assert section.secret() == "abc"
    section = InfluxSection(**URL, database="d", secret_env="EXPORT_TOKEN")  # noqa: S106
    with raises(SecretMissing, match="there is no EXPORT_TOKEN"):
        section.secret()
    monkeypatch.setenv("EXPORT_TOKEN", "xyz")
    assert section.secret() == "xyz"
    assert InfluxSection(**URL, database="d").secret() is None


def test_the_example_of_the_page_is_sound():
    text = (ROOT / "docs/howto/send_to_influxdb.md").read_text()
    (example,) = re.findall(r"```yaml\n(.+?)```", text, re.DOTALL)
    for target in yaml.safe_load(example)["export"].values():
        InfluxSection(**target)
