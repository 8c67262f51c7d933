from pathlib import Path

import yaml
from pytest import approx, fixture, mark

from tests.grafana.boards import BOARDS, FOLDER, ROOT
from tests.grafana.grafana import Range, ask, expanded
from tests.grafana.plant import NOW_S, Plant

GRAFANA = ROOT / "grafana"
COMPOSE = yaml.safe_load((GRAFANA / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["grafana"]
PROVISIONING = GRAFANA / "provisioning"
SOURCES = yaml.safe_load(
    (PROVISIONING / "datasources/plant.yaml").read_text(encoding="utf-8")
)["datasources"]
FILES = {"trend.db", "current.db", "inspect.db"}
ALERTS = (PROVISIONING / "alerting/plant.yaml").read_text(encoding="utf-8")
(GROUP,) = yaml.safe_load(ALERTS)["groups"]
RULES = {rule["uid"]: rule for rule in GROUP["rules"]}
SAFE = range(NOW_S - 120, NOW_S)


@mark.parametrize("source", SOURCES, ids=lambda s: s["name"])
def test_sources_are_read_only_and_in_the_mounted_directory(source):
    options = source["jsonData"]
    assert options["pathPrefix"] == "file:"
    assert "mode=ro" in options["pathOptions"]
    assert "busy_timeout(5000)" in options["pathOptions"]
    assert "immutable" not in options["pathOptions"]
    directory, _, name = options["path"].rpartition("/")
    assert (directory, name in FILES) == ("/srv/plant/db", True)
    assert source["editable"] is False


def test_sources_are_told_apart():
    for key in ("name", "uid"):
        assert len({source[key] for source in SOURCES}) == len(SOURCES) == 3
    assert [s["name"] for s in SOURCES if s.get("isDefault")] == ["trend"]


def test_the_container_may_do_nothing_but_read_the_record():
    assert SERVICE["image"] == "grafana/grafana:12.4.10"
    assert SERVICE["user"].split(":")[0] == "472"
    assert SERVICE["ports"] == ["127.0.0.1:3000:3000"]
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]
    mounts = {m.split(":")[0]: m.split(":")[1:] for m in SERVICE["volumes"]}
    assert mounts.pop("data") == ["/var/lib/grafana"]
    assert mounts["../db"] == ["/srv/plant/db", "ro"]
    assert all(options == "ro" for _, options in mounts.values())
    settings = SERVICE["environment"]
    plugin = settings["GF_PLUGINS_PREINSTALL_SYNC"]
    assert plugin == "frser-sqlite-datasource@4.0.3"
    assert settings["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert "/api/health" in SERVICE["healthcheck"]["test"][-1]


def test_the_first_page_is_a_dashboard_that_is_there():
    home = Path(SERVICE["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert (FOLDER / home.name).exists()
    assert home.parent == Path("/etc/grafana/dashboards")


def test_no_password_is_in_the_files():
    example = (GRAFANA / "grafana.env.example").read_text(encoding="utf-8")
    settings = [line for line in example.splitlines() if not line.startswith("#")]
    assert settings == ["GF_SECURITY_ADMIN_PASSWORD="]
    assert SERVICE["env_file"] == ["grafana.env"]
    assert "grafana.env" in (GRAFANA / ".gitignore").read_text(encoding="utf-8")


def test_a_box_without_containers_has_the_same_settings():
    """What the drop-in of systemd sets is what the container is told."""
    lines = (
        (GRAFANA / "systemd" / "plant.conf").read_text(encoding="utf-8").splitlines()
    )
    told = dict(
        line.removeprefix("Environment=").split("=", 1)
        for line in lines
        if line.startswith("Environment=")
    )
    container = {name: str(value) for name, value in SERVICE["environment"].items()}
    assert {n: v for n, v in told.items() if n in container} == container
    assert told["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    assert "ReadOnlyPaths=/srv/plant/db" in lines


@fixture(scope="module")
def files(tmp_path_factory):
    """trend.db of a plant that is well, and of one where everything is wrong."""
    found = {}
    for name in ("well", "ill"):
        directory = tmp_path_factory.mktemp(name)
        plant = Plant(directory, trusted=name == "well")
        plant.record(list(SAFE))
        if name == "ill":
            spoil(plant)
        plant.recorder.stop()
        found[name] = directory / "trend.db"
    return found


def spoil(plant: Plant) -> None:
    record, ts = plant.recorder.record, NOW_S - 0.5
    record("poi", [{"ts": ts - 40, "device": "poi", "quality": 0}])
    record("poi", [{"ts": ts, "device": "poi", "quality": 3}])
    record("bess", [{"ts": ts, "device": "bess1", "state_code": 4.0, "quality": 0}])
    record("cycles", [{"ts": ts, "dropped_count": 7.0, "missed_count": 0.0}])
    said = {"source": "database.attempts", "text": "trend.db cannot be written"}
    record("events", [{"ts": ts, "severity": "error", **said}])


def asked(rule: dict, path: Path, at_s: float) -> float | None:
    """What the rule's query gives at a time, as the alerting of Grafana reads it."""
    query = rule["data"][0]
    span = query["relativeTimeRange"]
    shown = Range(at_s - span["from"], at_s - span["to"])
    sql = query["model"]["queryText"].replace("'now'", f"{at_s}, 'unixepoch'")
    answer = ask(path, expanded(sql, shown, 100))
    assert len(answer.columns) == 1
    assert len(answer.rows) <= 1
    return float(answer.rows[0][0]) if answer.rows else None


def fires(rule: dict, value: float | None) -> bool:
    if value is None:
        return rule["noDataState"] == "Alerting"
    (condition,) = rule["data"][-1]["model"]["conditions"]
    assert condition["evaluator"]["type"] == "gt"
    return value > condition["evaluator"]["params"][0]


@mark.parametrize("uid", RULES)
def test_an_alert_is_silent_while_all_is_well(files, uid):
    assert not fires(RULES[uid], asked(RULES[uid], files["well"], NOW_S))


@mark.parametrize("uid", RULES)
def test_an_alert_is_raised_when_something_is_wrong(files, uid):
    late_s = 60 if uid == "ppc-data-age" else 0
    assert fires(RULES[uid], asked(RULES[uid], files["ill"], NOW_S + late_s))


def test_the_age_of_the_data_is_that_of_the_last_row(files):
    value = asked(RULES["ppc-data-age"], files["well"], NOW_S + 44.0)
    assert value == approx(45.0)


@mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_alert_asks_the_trend_and_leads_to_a_dashboard(rule):
    query, threshold = rule["data"]
    assert query["datasourceUid"] == "ppc-trend"
    assert query["model"]["queryType"] == "table"
    assert query["model"]["rawQueryText"] == query["model"]["queryText"]
    assert "$__interval" not in query["model"]["queryText"]
    assert threshold["datasourceUid"] == "__expr__"
    assert rule["condition"] == threshold["refId"]
    assert threshold["model"]["expression"] == query["refId"]
    assert rule["annotations"]["summary"]
    boards = {board["uid"]: board for board in BOARDS.values()}
    panels = boards[rule["dashboardUid"]]["panels"]
    titles = {panel["id"]: panel["title"] for panel in panels}
    assert f"panelId: {rule['panelId']} # {titles[rule['panelId']]}\n" in ALERTS
