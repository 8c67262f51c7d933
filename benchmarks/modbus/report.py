"""Tables and verdicts."""

import math

from benchmarks.modbus.rounds import LIBMODBUS, quantile, ratios

CPU_RATIO = 3.0
"""Goal: TCP below so many times libmodbus's processor time, from 10 connections on."""
MANY = 10
POLLING_PERCENT = 15.0
"""Goal: 100 devices read and written at 10 Hz below this part of a core."""


def spread(values, digits):
    """Median, and between which tenth and nine tenths of the rounds lie."""
    low, mid, high = (quantile(values, part) for part in (0.1, 0.5, 0.9))
    return f"{mid:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def throughput(title, turns, reference):
    """One table; ratios to `reference` are medians of those within each round."""
    print(f"\n== {title}; ratios to {reference}; median (p10 to p90) of the rounds")
    print(
        f"   {'':17} {'requests/s':>25} {'ratio':>20} {'CPU us/request':>21} "
        f"{'ratio':>21} {'server CPU %':>13} {'failed':>6}"
    )
    for peer, rounds in turns.items():
        if not rounds:
            print(f"   {peer:17} {'failed':>25}")
            continue
        rate = spread([t.requests_per_s for t in rounds], 0)
        faster = spread(ratios(turns, peer, reference, "requests_per_s"), 2)
        cpu = spread([t.cpu_us for t in rounds], 1)
        dearer = spread(ratios(turns, peer, reference, "cpu_us"), 2)
        server = quantile([t.server_percent for t in rounds], 0.5)
        failed = sum(t.failures for t in rounds)
        print(
            f"   {peer:17} {rate:>25} {faster:>20} {cpu:>21} {dearer:>21} "
            f"{server:>13.0f} {failed:>6}",
            flush=True,
        )


def polled(title, runs):
    """Two lines for each run; a round is over with its last answer."""
    print(f"\n== {title}: overruns are rounds late, unanswered or unacknowledged")
    if not runs:
        print("   failed")
    for run in runs:
        read, written, late = map(
            told, (run["read_s"], run["written_s"], run["late_s"])
        )
        print(
            f"   {run['rounds']} rounds, {run['overruns']} overruns ({run['missed']} "
            f"missed, {run['unanswered']} unanswered, {run['skipped']} skipped, "
            f"{run['unacknowledged']} unacknowledged); {run['requests_per_s']:.0f} "
            f"requests/s, CPU {run['cpu_percent']:.1f} %, {run['rss_mb']:.0f} MB\n"
            f"      ms, p50/p99/max: read round {read}, write round {written}, "
            f"tick late {late}"
        )


def told(values):
    return "/".join(f"{1e3 * quantile(values, part):.1f}" for part in (0.5, 0.99, 1.0))


def verdict(goal, values, holds, digits):
    """One line. Where a tenth of the rounds says otherwise than the median: UNCLEAR."""
    said = {holds(quantile(values, part)) for part in (0.1, 0.5, 0.9)}
    if not values or any(map(math.isnan, values)):
        word = "NOT JUDGED"
    else:
        word = "UNCLEAR" if len(said) > 1 else "met" if said == {True} else "MISSED"
    print(f"   {word:10} {goal}: {spread(values, digits)}")


def tcp_verdicts(by_connections):
    for connections, turns in by_connections.items():
        if connections >= MANY:
            verdict(
                f"TCP, {connections} connections, CPU per request below "
                f"{CPU_RATIO:g} x libmodbus",
                ratios(turns, "ppc", LIBMODBUS, "cpu_us"),
                lambda ratio: ratio < CPU_RATIO,
                2,
            )


def rtu_verdicts(turns):
    """Of a machine that is busy, the processor time tells more than the clock."""
    faster = ratios(turns, "ppc", "pymodbus", "requests_per_s")
    dearer = ratios(turns, "ppc", "pymodbus", "cpu_us")
    verdict("RTU, requests/s / bare pymodbus's, 1 or more", faster, lambda r: r >= 1, 2)
    verdict(
        "RTU, CPU per request / bare pymodbus's, 1 or less", dearer, lambda r: r <= 1, 2
    )


def polling_verdicts(name, runs, *, judged):
    overruns = [sum(run["overruns"] for run in runs)] if runs else []
    verdict(f"{name}, overruns none", overruns, lambda count: not count, 0)
    if judged:
        verdict(
            f"{name}, read and written, CPU below {POLLING_PERCENT:g} % of a core",
            [run["cpu_percent"] for run in runs],
            lambda percent: percent < POLLING_PERCENT,
            1,
        )
