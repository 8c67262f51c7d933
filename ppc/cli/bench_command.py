"""`ppc bench`: the grid-code bench, its table and its report."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from ppc.bench.card import Card
from ppc.bench.library import Entry, entries
from ppc.bench.report import counts, render, sources
from ppc.bench.running import run_all
from ppc.bench.target import Target
from ppc.bench.trying import Verdict
from ppc.configuration.machine import ROOT

FOLDER, LIBRARY = ROOT / "bench", ROOT / "config"
FAILED, NOTHING = 1, 2
_NOT_RUN = {Verdict.NOT_BUILT, Verdict.SKIPPED}
_STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.ERROR: "red",
    Verdict.UNEXPECTED_PASS: "red",
    Verdict.EXPECTED_FAILURE: "yellow",
    Verdict.NOT_BUILT: "dim",
    Verdict.SKIPPED: "dim",
}


def bench(
    patterns: Sequence[str],
    *,
    folder: Path,
    report: Path | None,
    figures: Path | None,
    jobs: int | None,
    only_list: bool,
    target: Path | None = None,
    long: bool = False,
) -> int:
    """Run the cases whose names match, and say what came of them.

    Returns the exit code: 0 all as expected, 1 not so, 2 no such case. Raises
    ConfigurationError for cases or a target that are not sound, OSError when a file
    cannot be written.
    """
    aim = None if target is None else Target.load(target)
    chosen = entries(folder, patterns, library=LIBRARY)
    if not chosen:
        sys.stderr.write(f"no case in {folder} matches {' '.join(patterns)}\n")
        return NOTHING
    console = Console()
    if only_list:
        _list(console, chosen)
        return 0
    began_s = perf_counter()
    cards = _run(chosen, folder, jobs, aim, long=long)
    took_s = perf_counter() - began_s
    _table(console, cards, took_s)
    if figures is not None:
        figures.write_text(json.dumps(_figures(cards), indent=1), encoding="utf-8")
    if report is not None:
        when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
        page = render(cards, subject=_name(aim), when=when, took_s=took_s)
        report.write_text(page, encoding="utf-8")
        console.print(f"report: {report}", soft_wrap=True)
    return 0 if all(card.verdict.good for card in cards) else FAILED


def _name(target: Target | None) -> str:
    return "ppc" if target is None else f"{target.host}:{target.port}"


def _run(
    chosen: Sequence[Entry],
    folder: Path,
    jobs: int | None,
    target: Target | None,
    *,
    long: bool,
) -> list[Card]:
    """All cards, what is wrong first, with a bar while it lasts."""
    cards = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("bench", total=len(chosen))
        coming = run_all(chosen, folder, LIBRARY, jobs=jobs, target=target, long=long)
        for card in coming:
            cards.append(card)
            progress.update(bar, advance=1, description=card.name)
    return sorted(cards, key=lambda card: (card.verdict.good, card.name))


def _table(console: Console, cards: Sequence[Card], took_s: float) -> None:
    waiting = Counter((c.verdict, c.why) for c in cards if c.verdict in _NOT_RUN)
    for (verdict, why), count in sorted(waiting.items()):
        console.print(f"[dim]{verdict}[/] ({count}): {why}", highlight=False)
    for card in cards:
        if card.verdict is Verdict.PASS or card.verdict in _NOT_RUN:
            continue
        style = _STYLES[card.verdict]
        console.print(f"[{style}]{card.verdict}[/] {card.name}: ", end="")
        console.print(card.why, markup=False, highlight=False, soft_wrap=True)
    shown = [verdict for verdict in Verdict if counts(cards)[verdict]]
    table = Table("source", box=None, pad_edge=False)
    for verdict in shown:
        table.add_column(verdict, justify="right", style=_STYLES[verdict])
    for source, found in sources(cards).items():
        table.add_row(source, *(str(found[v] or "") for v in shown))
    table.add_section()
    table.add_row("all", *(str(counts(cards)[v]) for v in shown), style="bold")
    console.print(table)
    simulated_s = sum(card.simulated_s for card in cards)
    console.print(
        f"{len(cards)} cases, {simulated_s / 60:.0f} min simulated in {took_s:.0f} s"
    )


def _list(console: Console, chosen: Sequence[Entry]) -> None:
    for entry in chosen:
        missing = f" (needs {', '.join(entry.missing)})" if entry.missing else ""
        long = " (long)" if entry.case.long else ""
        text = f"{entry.name}: {entry.case.title}{long}{missing}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _figures(cards: Sequence[Card]) -> list[dict[str, object]]:
    return [
        {
            "case": card.name,
            "source": f"{card.document}: {card.source}",
            "verdict": card.verdict,
            "why": card.why,
            "figures": [f"{row.check}: {row.text}" for row in card.rows],
        }
        for card in cards
    ]
