"""What the report shows of a case: words, figures and pictures, ready to be placed."""

from dataclasses import dataclass

import numpy as np
import yaml

from ppc.bench.checks.base import Curve, Trial
from ppc.bench.picture import Area, Line, picture
from ppc.bench.trying import Result, Verdict

PANELS: tuple[tuple[str, float, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "U, pu",
        0.01,
        (
            ("grid_v_pu", "of the source", "faint"),
            ("order.v_set_pu", "ordered", "order"),
            ("v_pu", "at the connection point", "truth"),
        ),
    ),
    ("f, Hz", 0.02, (("f_hz", "frequency", "truth"),)),
    (
        "P, pu",
        0.02,
        (
            ("p_available_pu", "available", "faint"),
            ("order.p_limit_max_pu", "limit", "limit"),
            ("order.p_limit_min_pu", "lower limit", "limit"),
            ("order.p_set_pu", "ordered", "order"),
            ("p_pu", "at the connection point", "truth"),
        ),
    ),
    (
        "Q, pu",
        0.02,
        (
            ("order.q_set_pu", "ordered", "order"),
            ("q_pu", "at the connection point", "truth"),
        ),
    ),
    (
        "P at the terminals, pu",
        0.02,
        (
            ("p_bess_pu", "batteries", "order"),
            ("p_baseline_pu", "wanted, without the answer to frequency", "expected"),
            ("p_pv_pu", "photovoltaics", "truth"),
        ),
    ),
    ("state of charge, pu", 0.02, (("soc_pu", "of all batteries", "truth"),)),
)
"""Title, least height, and what is drawn: column, label, kind of line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a check."""

    check: str
    name: str
    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A case in the report. Plain data: it comes from another process."""

    name: str
    title: str
    document: str
    source: str
    verdict: Verdict
    why: str
    rows: tuple[Row, ...]
    pictures: tuple[str, ...]
    set_up: str
    took_s: float
    simulated_s: float


def card(result: Result) -> Card:
    """What is shown of a result."""
    case = result.entry.case
    return Card(
        name=result.entry.name,
        title=case.title,
        document=case.source.document,
        source=case.source.case,
        verdict=result.verdict,
        why=result.why,
        rows=tuple(
            Row(outcome.check, figure.name, str(figure), figure.passed)
            for outcome in result.outcomes
            for figure in outcome.figures
        ),
        pictures=_pictures(result) if result.trial else (),
        set_up=_set_up(result),
        took_s=result.took_s,
        simulated_s=case.duration_s if result.trial else 0.0,
    )


def _set_up(result: Result) -> str:
    case = result.entry.case
    data = case.model_dump(
        mode="json", include={"plant", "changes", "settings", "delay_s", "duration_s"}
    )
    return str(yaml.safe_dump(data, sort_keys=False))


def _pictures(result: Result) -> tuple[str, ...]:
    trial = result.trial
    assert trial is not None, "only what was run has pictures"
    curves = [curve for outcome in result.outcomes for curve in outcome.curves]
    judged = {curve.signal for curve in curves}
    judged |= {getattr(check, "x", "") for check in result.entry.case.expect}
    panels = [
        _panel(trial, title, least, columns, curves)
        for title, least, columns in PANELS
        if judged & {name for name, _, _ in columns} or _moved(trial, least, columns)
    ]
    known = {name for _, _, columns in PANELS for name, _, _ in columns}
    others = (
        _panel(trial, signal, 0.0, ((signal, signal, "truth"),), curves)
        for signal in sorted({c.signal for c in curves} - known)
    )
    return (*panels, *others)


def _moved(
    trial: Trial, least: float, columns: tuple[tuple[str, str, str], ...]
) -> bool:
    name = columns[-1][0]
    y = trial.columns[name]
    known = y[np.isfinite(y)]
    return bool(len(known)) and float(np.ptp(known)) > least


def _panel(
    trial: Trial,
    title: str,
    least: float,
    columns: tuple[tuple[str, str, str], ...],
    curves: list[Curve],
) -> str:
    lines = [
        Line(label, trial.columns[name], kind)
        for name, label, kind in columns
        if name in trial.columns and np.isfinite(trial.columns[name]).any()
    ]
    names = {name for name, _, _ in columns}
    nowhere = np.full(len(trial.columns["time_s"]), np.nan)
    areas = []
    for curve in curves:
        if curve.signal not in names:
            continue
        if curve.expected is not None:
            lines.insert(-1, Line("expected", curve.expected, "expected"))
        if curve.low is not None or curve.high is not None:
            low = nowhere if curve.low is None else curve.low
            high = nowhere if curve.high is None else curve.high
            areas.append(Area("allowed", low, high))
    return picture(title, trial.columns["time_s"], lines, areas, least)
