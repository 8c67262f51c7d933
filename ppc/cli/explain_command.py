"""`ppc explain`: why the plant that runs does what it does."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from ppc.application.explaining import NOTHING, Verdict
from ppc.application.figures import vars_, watts
from ppc.application.reception import NotRunning, ask
from ppc.cli.figures import duration

NOT_TOLD = 1
_SILENT_PERIODS = 10
"""A decision older than this many cycles is not of this moment."""
_WARN = "bold red"

Status = Mapping[str, Any]


def explain(
    db_dir: Path, plant_file: Path | None, console: Console, *, as_json: bool
) -> int:
    """Ask the controller with its record in `db_dir`. Returns the exit code.

    With `plant_file`, only an answer of a controller that runs that one counts.
    """
    try:
        answer = ask(db_dir)
    except NotRunning as error:
        return _refuse(f"no controller runs with its record in {db_dir}: {error}")
    if plant_file and str(plant_file.resolve()) != answer["plant_file"]:
        return _refuse(f"the controller here runs {answer['plant_file']}")
    status = answer["status"]
    if status is None:
        return _refuse("the controller has just been started: nothing is decided yet")
    if as_json:
        sys.stdout.write(json.dumps(status, indent=2) + "\n")
        return 0
    for line in lines(status):
        console.print(line, soft_wrap=True)
    return 0


def lines(status: Status) -> Iterator[Text]:
    """The whole explanation, from what is measured to what each unit is told."""
    why = status["explanation"]
    age_s = status["decided_age_s"]
    yield Text.assemble((status["plant"], "bold"), f": {status['state']}")
    if age_s > _SILENT_PERIODS * status["cycle"]["period_s"]:
        text = f"no decision for {duration(age_s)}: control fails, the log says why"
        yield Text(text, _WARN)
    else:
        yield Text(f"decided {duration(age_s)} ago")
    yield from _part(
        f"measured, {duration(status['poi_age_s'])} ago", [", ".join(why["measured"])]
    )
    left_s = status["scada_orders_left_s"]
    until = "" if left_s is None else f", for {duration(left_s)} more"
    yield from _part(f"ordered by SCADA{until}", why["ordered"] or [NOTHING])
    verdicts = [str(Verdict(**verdict)) for verdict in why["verdicts"]]
    yield from _part("control functions, the most binding first", verdicts)
    yield from _part("aim", why["aim"])
    yield from _part("limits", why["limits"])
    yield from _part("units", [_unit(unit) for unit in status["units"]])


def _part(head: str, sentences: list[str]) -> Iterator[Text]:
    yield Text(head, "bold")
    for sentence in sentences:
        yield Text(f"  {sentence}")


def _unit(unit: Mapping[str, Any]) -> str:
    given = _power(unit["p_w"], unit["q_var"]) or "says nothing"
    told = _power(unit["p_set_w"], unit["q_set_var"]) or NOTHING
    soc_pu = unit["soc_pu"]
    charge = "" if soc_pu is None else f", SOC {100 * soc_pu:.0f} %"
    if why := unit.get("held"):
        told = f"{told}, not sent ({why})"
    serves = unit["state"] if unit["in_service"] else f"{unit['state']}, out of service"
    return f"{unit['name']}: {serves}{charge}, told {told}; gives {given}"


def _power(p_w: float | None, q_var: float | None) -> str:
    if p_w is None or q_var is None:
        return ""
    return f"P = {watts(p_w)}, Q = {vars_(q_var)}"


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return NOT_TOLD
