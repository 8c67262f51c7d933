import re
from itertools import combinations
from pathlib import Path

import yaml
from pytest import mark

from ppc.core.orchestrator import FAILED
from ppc.datamodel.command import MEASUREMENT_WORDS
from ppc.metier import FUNCTIONS
from tests.grafana.test_dashboards import BOARDS, MARKS, PANELS, VARIABLES

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "grafana"
COMPOSE = yaml.safe_load((GRAFANA / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["grafana"]
SOURCES = yaml.safe_load(
    (GRAFANA / "provisioning/datasources/plant.yaml").read_text(encoding="utf-8")
)["datasources"]
TARGETS = {
    **{f"{n} {t['refId']}": t for n, p in PANELS.items() for t in p["targets"]},
    **MARKS,
}
STATEMENTS = {
    **{name: target["queryText"] for name, target in TARGETS.items()},
    **{variable["name"]: variable["query"] for variable in VARIABLES},
}
UNITS = {
    "_w": "watt",
    "_var": "voltampreact",
    "_v": "volt",
    "_hz": "hertz",
    "_s": "s",
    "soc_pu": "percentunit",
    "in_time_pu": "percentunit",
    "_ms": "dateTimeAsIso",
}


@mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_every_statement_is_bounded_and_names_its_columns(sql):
    assert "SELECT *" not in sql.upper()
    assert "$__from" in sql or "LIMIT" in sql
    assert not re.search(
        r"coalesce\([^()]*, *0\)", sql
    )  # an integer 0 types the column
    assert not re.search(r"\$(?!__(from|to|interval_ms)\b|\{(battery|inverter):)", sql)


@mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_every_target_reads_the_trend_and_has_both_texts(target):
    assert target["datasource"]["uid"] == "ppc-trend"
    assert target["rawQueryText"] == target["queryText"]
    assert target["timeColumns"] == ["time"]


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_column_has_the_unit_of_its_name(panel):
    for override in panel["fieldConfig"]["overrides"]:
        name = re.sub(r"_(min|max)$", "", override["matcher"]["options"])
        look = {p["id"]: p["value"] for p in override["properties"]}
        units = (u for ending, u in UNITS.items() if name.endswith(ending))
        unit = None if name in FUNCTIONS else next(units, None)
        assert look["displayName"]
        assert unit in {None, look["unit"]}
        if panel["type"] == "timeseries":
            assert look["color"]["mode"] == "fixed"


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_panels_have_numbers_and_places_of_their_own(board):
    assert board["schemaVersion"] == 42
    ids = [panel["id"] for panel in board["panels"]]
    assert len({*ids}) == len(ids)
    for panel in board["panels"]:
        refs = [target["refId"] for target in panel["targets"]]
        assert len({*refs}) == len(refs)
    for one, other in combinations((p["gridPos"] for p in board["panels"]), 2):
        beside = (
            one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        )
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_dashboards_are_told_apart():
    for key in ("uid", "title"):
        assert len({board[key] for board in BOARDS.values()}) == len(BOARDS) == 3


@mark.parametrize(
    ("title", "said"), [("Control functions", "mode"), ("What limits", "by")]
)
def test_every_state_has_a_colour(title, said):
    (panel,) = (p for n, p in PANELS.items() if title in n)
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
    states = {*FUNCTIONS, "none", "capability"} if said == "by" else modes()
    assert states == {*mapping["options"]}


def modes() -> set[str]:
    """All modes that functions have, found where they are declared, and those of the
    measurement.
    """
    sources = (ROOT / "ppc" / "metier").glob("*/state_machine.py")
    found = {
        m
        for p in sources
        for m in re.findall(r'^    [A-Z_]+ = "(\w+)"$', p.read_text(), re.MULTILINE)
    }
    assert {"auto", "error"} < found
    return found.union(MEASUREMENT_WORDS, {FAILED})


@mark.parametrize("source", SOURCES, ids=lambda s: s["name"])
def test_sources_are_read_only_and_in_the_mounted_directory(source):
    options = source["jsonData"]
    assert options["pathPrefix"] == "file:"
    assert "mode=ro" in options["pathOptions"]
    assert "busy_timeout(5000)" in options["pathOptions"]
    assert options["path"] in {"/srv/plant/db/trend.db", "/srv/plant/db/current.db"}
    assert source["editable"] is False


def test_the_container_may_do_nothing_but_read_the_record():
    assert SERVICE["image"] == "grafana/grafana:12.4.10"
    assert SERVICE["ports"] == ["127.0.0.1:3000:3000"]
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]
    mounts = {m.split(":")[0]: m.split(":")[1:] for m in SERVICE["volumes"]}
    assert mounts.pop("data") == ["/var/lib/grafana"]
    assert mounts["../db"] == ["/srv/plant/db", "ro"]
    assert all(options == "ro" for _, options in mounts.values())
    plugin = SERVICE["environment"]["GF_PLUGINS_PREINSTALL_SYNC"]
    assert plugin == "frser-sqlite-datasource@4.0.3"


def test_no_password_is_in_the_files():
    example = (GRAFANA / "grafana.env.example").read_text(encoding="utf-8")
    settings = [line for line in example.splitlines() if not line.startswith("#")]
    assert settings == ["GF_SECURITY_ADMIN_PASSWORD="]
    assert SERVICE["env_file"] == ["grafana.env"]
    assert "grafana.env" in (GRAFANA / ".gitignore").read_text(encoding="utf-8")
