"""Mistakes between the entries of `scada`, each named with its place."""

import yaml
from pytest import mark

from ppc.configuration.loading import load
from ppc.configuration.scada import SourceSection
from ppc.keys import Key
from tests.configuration.test_loading import findings, spoil


def _sources(*entries: str) -> str:
    return "scada:\n  sources:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


ONE, TWO = "name: operator, unit: 1", "name: marketer, unit: 2"
FIRST, SECOND = "scada.sources.0", "scada.sources.1"
SOURCES = [
    (_sources(ONE, "name: marketer, unit: 1"), SECOND, "operator before it is known"),
    (_sources(ONE, "name: operator, unit: 2"), f"{SECOND}.name", "stands twice"),
    (_sources("name: local, unit: 3"), "scada.sources", "one besides local"),
    (_sources("name: operator"), FIRST, "needs a unit, a port, a role or `from`"),
    (_sources(f"{ONE}, from: [192.0.2.1/24]"), f"{FIRST}.from.0", "host bits set"),
    (_sources(f"{ONE}, from: [nowhere]"), f"{FIRST}.from.0", "IPv4 or IPv6 network"),
    (_sources(f"{ONE}, port: 5503"), f"{FIRST}.port", "no listener is there"),
    (_sources(f"{ONE}, port: serial"), f"{FIRST}.port", "no listener is there"),
    (_sources(f"{ONE}, role: operator"), f"{FIRST}.role", "no listener has tls"),
    (
        _sources(f"{ONE}, from: [192.0.2.0/24]", TWO) + "  from: [10.0.0.0/8]\n",
        "scada.from",
        "of each of the sources",
    ),
    (
        _sources(
            "name: a, from: [10.0.0.0/8]", "name: b, unit: 1, from: [10.1.0.0/16]"
        ),
        SECOND,
        "a before it is known by the same",
    ),
    (_sources(f"{ONE}, keys: [p_w]"), FIRST, "p_w is no order"),
    (_sources(f"{ONE}, keys: [local_code]"), FIRST, "for the source local only"),
    (_sources(f"{ONE}, keys: [p_set_w, p_next_w]"), FIRST, "go together"),
    (_sources(f"{ONE}, fallback: default"), FIRST, "needs `default`"),
    (_sources(f"{ONE}, default: {{p_set_w: 0}}"), FIRST, "nothing else does"),
    (
        _sources(
            f"{TWO}, keys: [p_set_w], fallback: default, default: {{q_set_var: 0}}"
        ),
        FIRST,
        "q_set_var is no order this source may give",
    ),
    (
        _sources(f"{ONE}, fallback: default, default: {{p_set_w: 11.0e+6}}"),
        f"{FIRST}.default.p_set_w",
        "within -6e+06 and 1e+07",
    ),
]


@mark.parametrize(("section", "path", "reason"), SOURCES)
def test_a_mistake_in_the_sources_is_named(plant, section, path, reason):
    spoil(plant, "scada:\n", section)
    found = findings(plant)
    assert any(f.path == path and reason in f.reason for f in found), found


def test_sources_are_read(plant):
    spoil(
        plant,
        "scada:\n",
        _sources(ONE, f"{TWO}, keys: [p_set_w]", "name: local, unit: 3"),
    )
    operator, marketer, local = load(plant).plant.scada.sources
    assert marketer.allowed == {Key.P_SET_W}
    assert operator.allowed == local.allowed - {Key.LOCAL_CODE}


SERIAL = "listeners: [{serial: /dev/ttyS0}]\n  sources:\n"
LISTENERS = [
    ("listeners: [{host: 127.0.0.1}]", "listeners.0", "needs a port, or a serial line"),
    ("listeners: [{serial: /dev/ttyS0, port: 1}]", "listeners.0", "port is not for"),
    ("listeners: [{port: 502, baudrate: 9600}]", "listeners.0", "is for a serial line"),
    ("listeners: [{port: 502}, {port: 502}]", "listeners.1", "502 stands twice"),
    ("listeners: [{port: 5502}]\n  port: 5502", "port", "stands in listeners"),
    (
        "listeners: [{port: 802, tls: {ca_file: a, cert_file: b, key_file: c}}]",
        "listeners.0.tls.ca_file",
        "there is no file",
    ),
    ("rate_pu_per_s: {enable_code: 1}", "rate_pu_per_s.enable_code", "is for p_set_w"),
    ("rate_pu_per_s: {p_set_w: 0}", "rate_pu_per_s.p_set_w", "greater than 0"),
    ("take: later", "take", "'write' or 'commit'"),
    ("policy: maybe", "policy", "'reject' or 'clamp'"),
    ("listeners: [{port: 5020}]", "listeners.0.port", "5020 is the simulated poi's"),
    (
        SERIAL + "  - {name: operator, port: serial, from: [192.0.2.0/24]}",
        "sources.0.from",
        "on a serial line",
    ),
]


@mark.parametrize(("section", "path", "reason"), LISTENERS)
def test_a_mistake_in_the_listeners_is_named(plant, section, path, reason):
    spoil(plant, "  port: 5502\n", "")
    spoil(plant, "scada:\n", f"scada:\n  {section}\n")
    found = findings(plant)
    assert any(f.path == f"scada.{path}" and reason in f.reason for f in found), found


def test_all_mistakes_are_told_at_once(plant):
    spoil(plant, "scada:\n", _sources(f"{ONE}, port: 1", f"{ONE}, role: x"))
    assert {f.path for f in findings(plant)} >= {
        f"{FIRST}.port",
        f"{SECOND}.name",
        f"{SECOND}.role",
    }


@mark.parametrize(
    ("before", "after", "hidden"),
    [
        ("unit: 1", "unit: 1", True),
        ("unit: 1", "unit: 2", False),
        ("unit: 1", "unit: 1, role: trader", True),
        ("unit: 1, role: trader", "unit: 1", False),
        ("unit: 1, port: 502", "unit: 1, port: 503", False),
        ("from: [0.0.0.0/0]", "from: [10.0.0.0/8]", True),
        ("from: [10.0.0.0/8]", "from: [0.0.0.0/0]", False),
        ("from: [0.0.0.0/0]", "from: ['2001:db8::/32']", False),
        ("from: [10.0.0.0/8]", "from: [10.0.0.0/9, 192.0.2.0/24]", False),
        ("from: [10.0.0.0/8]", "unit: 1", False),
    ],
)
def test_a_source_that_is_never_heard_is_found(before, after, hidden):
    first, second = (
        SourceSection.model_validate(yaml.safe_load(f"{{name: a, {known_by}}}"))
        for known_by in (before, after)
    )
    assert first.covers(second) == hidden
