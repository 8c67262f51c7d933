"""What the probe found, put into sections of its report."""

from collections.abc import Iterator, Sequence
from math import isnan

from ppc.commissioning.probe import Looked
from ppc.commissioning.reading import ABSENT, GOOD
from ppc.commissioning.report import Section
from ppc.commissioning.signs import Step, conclusions, verdict
from ppc.commissioning.trials import WatchdogTime

DASH = "\u2014"
_KNOWN = {None: DASH, True: "yes", False: "no"}
"""By the identity of the profile, which may have none."""


def overview(found: Sequence[Looked]) -> Section:
    """All devices, a line each."""
    head = (
        *("device", "reached", "known", "good", "absent", "bad", "refused"),
        *("p50", "p95", "p99"),
    )
    return Section("Devices", (), head, tuple(tuple(_line(each)) for each in found))


def _line(looked: Looked) -> Iterator[str]:
    yield looked.name
    yield "yes" if looked.reached else "no"
    yield _KNOWN[looked.identity] if looked.reached else DASH
    others = len(looked.readings) - looked.count(GOOD) - looked.count(ABSENT)
    refused = len(looked.refused)
    for number in (looked.count(GOOD), looked.count(ABSENT), others - refused, refused):
        yield str(number)
    yield from (milliseconds(looked.at(share)) for share in (0.5, 0.95, 0.99))


def details(found: Sequence[Looked]) -> Iterator[Section]:
    """Every point of every device."""
    head = ("point", "value", "unit", "quality", "raw", "address")
    for looked in found:
        rows = tuple(
            (r.name, r.shown, r.unit, r.quality, r.registers, r.where)
            for r in looked.readings
        )
        yield Section(
            f"{looked.name}, {looked.profile}", tuple(remarks(looked)), head, rows
        )


def remarks(looked: Looked) -> Iterator[str]:
    """What a person must look at."""
    if not looked.reached:
        yield f"{looked.name}: not reached ({looked.way}): {looked.trouble}"
        return
    if looked.identity is False:
        yield f"{looked.name}: is not what its profile {looked.profile} is for"
    for reading in looked.bad:
        yield f"{looked.name}: {reading.name} is {reading.quality} ({reading.where})"
    if looked.failed_count:
        yield (
            f"{looked.name}: {looked.failed_count} of {looked.asked_count} requests "
            f"without an answer, the last: {looked.trouble}"
        )


def sign_section(steps: Sequence[Step], untried: Sequence[str]) -> Section:
    """The steps, and what is turned."""
    rows = tuple(
        (
            *(step.unit, step.quantity, number(step.step)),
            *(number(step.unit_moved), number(step.meter_moved)),
            verdict(step),
        )
        for step in steps
    )
    said = conclusions(steps) or (["no sign is turned"] if steps else [])
    head = ("unit", "of", "step", "unit moved", "meter moved", "verdict")
    return Section("Signs", (*said, *untried), head, rows)


def watchdog_section(times: Sequence[WatchdogTime], untried: Sequence[str]) -> Section:
    """The times, found and told."""
    rows = tuple(
        (each.unit, str(each), "right" if each.right else "differs") for each in times
    )
    return Section("Watchdogs", tuple(untried), ("unit", "found", "verdict"), rows)


def milliseconds(value_s: float) -> str:
    """A time; NaN: not known."""
    return DASH if isnan(value_s) else f"{1e3 * value_s:.1f} ms"


def number(value: float | None) -> str:
    """Four figures are enough for a step."""
    return DASH if value is None else f"{value:.4g}"
