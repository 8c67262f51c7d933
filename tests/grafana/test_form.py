"""The form of the dashboards: names, units, places, colours, and what Grafana reads."""

import json
import re
from itertools import combinations

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from pytest import mark

from ppc.core.orchestrator import FAILED
from ppc.database.schema import LIFE, TREND
from ppc.datamodel.command import MEASUREMENT_WORDS
from ppc.metier import FUNCTIONS
from tests.grafana.boards import (
    BOARDS,
    CHOICES,
    MARKS,
    PANELS,
    ROOT,
    STATEMENTS,
    TARGETS,
    VARIABLES,
    is_long,
    overrides,
)

SOURCES = yaml.safe_load(
    (ROOT / "grafana/provisioning/datasources/plant.yaml").read_text(encoding="utf-8")
)["datasources"]
UNITS = {
    "_w": "watt",
    "_wh": "watth",
    "_var": "voltampreact",
    "_v": "volt",
    "_hz": "hertz",
    "_s": {"s", "dtdurations", "cps"},
    "_pu": {"percentunit", "suffix: pu"},
    "_ms": "dateTimeAsIso",
    "_bytes": "decbytes",
    "_count": {"none", "short"},
}
ALLOWED = (
    r"\$(?!__(from|to|interval_ms)\b|\{(bess|pv|unit|device|function):singlequote\})"
)
COLOURLESS = {"time", "device"}


@mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_every_statement_is_bounded_and_names_its_columns(sql):
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?(\w+\.)?\*", sql, re.IGNORECASE)
    assert "$__from" in sql or "LIMIT" in sql
    assert not re.search(
        r"coalesce\([^()]*, *0\)", sql
    )  # an integer 0 types the column
    assert not re.search(ALLOWED, sql)


@mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_no_table_is_read_without_a_bound(sql):
    """Each table of rows with `ts` after its condition; but for the ends of it."""
    for found in re.finditer(r"FROM (?:tier CROSS JOIN )?(\w+)", sql):
        if "ts" in TREND.tables.get(found[1], TREND.tables["days"]).c:
            before, after = sql[: found.start()], sql[found.end() :]
            ends = re.search(r"(min|max)\(ts\) $", before)
            assert ends or re.match(r"[^)]*?\b(WHERE|ORDER BY ts DESC LIMIT)", after), (
                found[0]
            )


@mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_every_target_reads_the_record_and_has_both_texts(target):
    assert target["datasource"] == {
        "type": "frser-sqlite-datasource",
        "uid": "${record}",
    }
    assert target["rawQueryText"] == target["queryText"]
    assert target["timeColumns"] == ["time"]
    assert not is_long(target) or target["queryText"].endswith("ORDER BY 1, 2")


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_the_record_is_chosen_among_the_sources(board):
    record = board["templating"]["list"][0]
    assert (record["name"], record["type"]) == ("record", "datasource")
    names = {source["name"]: source["uid"] for source in SOURCES}
    pattern = re.compile(record["regex"].strip("/"))
    assert [name for name in names if pattern.search(name)] == ["trend", "inspect"]
    assert record["current"]["value"] == names["trend"]


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_column_has_the_unit_of_its_name(panel):
    for column, look in overrides(panel).items():
        name = re.sub(r"_(min|max)$", "", column)
        units = (u for ending, u in UNITS.items() if name.endswith(ending))
        unit = None if name in FUNCTIONS else next(units, None)
        assert look["displayName"]
        assert look["unit"] in (
            unit if isinstance(unit, set) else {unit or look["unit"]}
        )
        if panel["type"] in {"timeseries", "barchart", "xychart"} - {"barchart"}:
            assert look["color"]["mode"] == "fixed"
    if any(map(is_long, panel["targets"])):
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["displayName"] == "${__field.labels.device}"
        assert defaults["unit"] != "none" or defaults["mappings"]


def test_a_signal_has_one_colour_wherever_it_is_drawn():
    colours: dict[tuple[str, str], set[str]] = {}
    for panel in PANELS.values():
        if panel["type"] not in {"timeseries", "stat", "xychart"}:
            continue
        for column, look in overrides(panel).items():
            if look.get("color", {}).get("mode") == "fixed":
                key = (column, look["displayName"])
                colours.setdefault(key, set()).add(look["color"]["fixedColor"])
    assert {name: c for name, c in colours.items() if len(c) > 1} == {}
    assert len(colours) > 50


@mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_every_panel_says_what_it_shows(panel):
    assert len(panel["description"]) > 40
    assert panel["description"].endswith(".")
    assert panel["title"]


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_panels_have_numbers_and_places_of_their_own(board):
    assert board["schemaVersion"] == 42
    ids = [panel["id"] for panel in board["panels"]]
    assert len({*ids}) == len(ids)
    titles = [panel["title"] for panel in board["panels"]]
    assert len({*titles}) == len(titles)
    for panel in board["panels"]:
        refs = [target["refId"] for target in panel["targets"]]
        assert len({*refs}) == len(refs)
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
    for one, other in combinations((p["gridPos"] for p in board["panels"]), 2):
        beside = (
            one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        )
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_every_dashboard_opens_as_it_should(board):
    assert board["refresh"] == "10s"
    assert board["graphTooltip"] == 1
    assert board["time"]["to"] == "now"
    assert board["description"].endswith("?")
    (links,) = board["links"]
    assert (links["keepTime"], links["includeVars"], links["tags"]) == (
        *(True, True),
        board["tags"],
    )
    assert len(board["annotations"]["list"]) == len(MARKS) / len(BOARDS)


def test_dashboards_are_told_apart():
    for key in ("uid", "title"):
        assert len({board[key] for board in BOARDS.values()}) == len(BOARDS) == 9


def test_links_lead_to_dashboards_that_are_there_and_keep_the_time():
    uids = {board["uid"]: board for board in BOARDS.values()}
    links = [
        link["url"]
        for panel in PANELS.values()
        for look in overrides(panel).values()
        for link in look.get("links", [])
    ]
    assert len(links) > 10
    for url in links:
        uid, asked = re.fullmatch(r"/d/([\w-]+)\?(.*)", url).groups()
        assert {"${__url_time_range}", "${record:queryparam}"} <= {*asked.split("&")}
        variables = {v["name"] for v in uids[uid]["templating"]["list"]}
        assert {*re.findall(r"var-(\w+)=", asked)} <= variables


def test_variables_that_are_used_are_there():
    for name, panel in PANELS.items():
        board = BOARDS[name.split(":")[0]]
        there = {variable["name"] for variable in board["templating"]["list"]}
        texts = [panel["title"], *(t["queryText"] for t in panel["targets"])]
        used = {v for text in texts for v in re.findall(r"\$\{?([a-z]\w*)", text)}
        assert used <= there
    assert len(VARIABLES) == len(BOARDS) + len(CHOICES)


@mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_the_sdk_reads_what_it_wrote(board):
    register_default_plugins()
    again = json.loads(json.dumps(Dashboard.from_json(board), cls=JSONEncoder))
    assert again == board


def test_the_picture_draws_every_column_that_comes():
    panel = PANELS["plant_overview: Single line"]
    elements = panel["options"]["root"]["elements"]
    drawn = set(re.findall(r'"field": "(\w+)"', json.dumps(elements)))
    assert {*overrides(panel)} == drawn
    names = [element["name"] for element in elements]
    assert len({*names}) == len(names)
    for element in elements:
        assert {wire["targetName"] for wire in element["connections"]} <= {*names}
        at = element["placement"]
        assert 0 <= at["left"] <= 100 - at["right"] <= 100
        assert 0 <= at["top"] <= 100 - at["bottom"] <= 100


def words(name: str) -> set[str]:
    panel = PANELS[name]
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
    return {*mapping["options"]}


def test_every_mode_and_every_limit_has_a_colour():
    assert words("plant_overview: Control functions") == modes()
    assert words("plant_overview: What limits P and Q") == {
        *(*FUNCTIONS, "none", "capability")
    }


def test_every_step_of_a_life_has_a_colour():
    panel = PANELS["commands_and_events: Commands, the newest first"]
    (mapping,) = overrides(panel)["state"]["mappings"]
    assert {*mapping["options"]} == {*LIFE}


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
