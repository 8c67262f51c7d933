"""What must always be so, held against the truth of a run."""

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from contextlib import closing
from itertools import pairwise
from pathlib import Path

P_MAX_W, P_MIN_W = 10e6, -6e6
TOLERANCE_W = 0.03 * P_MAX_W
REACTION_S = 4.0
"""After a fault has come or gone, and after a new order, so long may it take."""
SOC_LOW, SOC_HIGH = 0.045, 0.955
OPPOSITE_W = 0.05 * 2e6
OPPOSITE_S = 3.0
METER_LOST_S = 25.0
"""10 s it holds Q, then goes to its default with the full Q in 10 s; and 5 s."""
Q_SAFE_VAR = 0.1 * 3.3e6
RSS_MB = 15.0
BLIND = ("garbage", "swapped", "shifted", "frozen", "all_ones", "zeros", "soc_wrong")


def rows(db: sqlite3.Connection, query: str) -> list[tuple]:
    return db.execute(query).fetchall()


class Truth:
    """All that the field has written."""

    def __init__(self, folder: Path) -> None:
        self.poi, self.units, self.faults = [], [], []
        for path in sorted((folder / "db").glob("truth_*.db")):
            with closing(sqlite3.connect(path)) as db:
                self.poi += rows(
                    db, "SELECT ts, v_v, p_w, q_var FROM truth ORDER BY ts"
                )
                self.units += rows(
                    db,
                    "SELECT ts, device, p_w, p_set_w, soc_pu FROM truth_units "
                    "ORDER BY ts",
                )
                self.faults += rows(
                    db, "SELECT ts, number, word, fault FROM truth_faults ORDER BY ts"
                )
        self._changes_s = [ts for ts, *_ in self.faults]

    def calm(self, ts: float, reaction_s: float = REACTION_S) -> bool:
        """Whether no fault came or went within the reaction time before."""
        i = bisect_right(self._changes_s, ts)
        return i == 0 or ts - self._changes_s[i - 1] > reaction_s

    def spans(self, word: str) -> list[tuple[float, float]]:
        """When a fault with this word in its text was in force."""
        begun, found = {}, []
        for ts, number, what, text in self.faults:
            if word in text and what == "on":
                begun[number] = ts
            elif number in begun and what == "off":
                found.append((begun.pop(number), ts))
        last_s = self.poi[-1][0] if self.poi else 0.0
        return found + [(ts, last_s) for ts in begun.values()]


def limits(truth: Truth) -> list[str]:
    """The connection point's limits, but for the reaction to a change."""
    blind = [span for word in BLIND for span in truth.spans(f"{word}")]
    lost = truth.spans("on poi")
    found = []
    for ts, _, p_w, _ in truth.poi:
        if P_MIN_W - TOLERANCE_W <= p_w <= P_MAX_W + TOLERANCE_W:
            continue
        if truth.calm(ts) and not _in(ts, blind) and not _in(ts, lost):
            found.append(f"{ts:.1f}: P is {p_w / 1e6:.2f} MW")
    return found


def charge(truth: Truth) -> list[str]:
    """No battery beyond its window."""
    wrong = truth.spans("soc_wrong")
    return [
        f"{ts:.1f}: {device} has {soc_pu:.3f}"
        for ts, device, _, _, soc_pu in truth.units
        if soc_pu is not None
        and not SOC_LOW <= soc_pu <= SOC_HIGH
        and not _in(ts, wrong)
    ]


def opposite(truth: Truth) -> list[str]:
    """No battery charges for another that discharges, by the set-points they hear."""
    by_time = defaultdict(dict)
    for ts, device, _, p_set_w, soc_pu in truth.units:
        if soc_pu is not None:
            by_time[ts][device] = p_set_w
    touched = {
        device: truth.spans(f"on {device}")
        for device in {d for sets in by_time.values() for d in sets}
    }
    found, since_s = [], None
    for ts, sets in sorted(by_time.items()):
        free = [
            p for d, p in sets.items() if not _in(ts, touched[d], after_s=REACTION_S)
        ]
        bad = bool(free) and max(free) > OPPOSITE_W and min(free) < -OPPOSITE_W
        since_s = (since_s or ts) if bad else None
        if since_s is not None and ts - since_s > OPPOSITE_S:
            found.append(f"{ts:.1f}: {', '.join(f'{p / 1e6:.2f}' for p in free)} MW")
            since_s = None
    return found


def meter_lost(truth: Truth) -> list[str]:
    """Without the meter Q is at its default in time."""
    found = []
    for begin_s, end_s in truth.spans("half_open on poi"):
        if end_s - begin_s < METER_LOST_S + 5.0:
            continue
        late = [
            q_var
            for ts, _, _, q_var in truth.poi
            if begin_s + METER_LOST_S < ts < end_s
        ]
        others = [
            span
            for span in truth.spans(" on ")
            if span[0] < end_s
            and span[1] > begin_s + METER_LOST_S - REACTION_S
            and span != (begin_s, end_s)
        ]
        if late and not others and max(map(abs, late)) > Q_SAFE_VAR + 0.7e6:
            found.append(f"{begin_s:.1f}: Q is {max(late, key=abs) / 1e6:.2f} Mvar")
    return found


def memory(rss_mb: list[tuple[float, float]]) -> list[str]:
    """It does not grow once it has warmed up."""
    if len(rss_mb) < 120:
        return []
    warm = rss_mb[len(rss_mb) // 4 :]
    fifth = len(warm) // 5
    first = sum(mb for _, mb in warm[:fifth]) / fifth
    last = sum(mb for _, mb in warm[-fifth:]) / fifth
    return [f"{first:.1f} MB became {last:.1f} MB"] if last - first > RSS_MB else []


def judge(
    folder: Path,
    rss_mb: list[tuple[float, float]],
    codes: list[int],
    ended: str,
) -> int:
    """Print what was found. 1: something was."""
    truth = Truth(folder)
    checks = {
        "both processes lived to the end": [ended] if ended else [],
        "and ended in order": [f"exit codes {codes}"] if any(codes) else [],
        "limits of the connection point": limits(truth),
        "state of charge within its window": charge(truth),
        "no two opposite battery set-points": opposite(truth),
        "Q at its default without the meter": meter_lost(truth),
        "memory does not grow": memory(rss_mb),
    }
    count = sum(1 for _, _, word, _ in truth.faults if word == "on")
    gaps = [b[0] - a[0] for a, b in pairwise(truth.poi)]
    print(f"{count} faults, {len(truth.poi)} looks at the truth", end="")
    print(f", the longest {max(gaps, default=0):.2f} s apart")
    if rss_mb:
        print(f"memory {rss_mb[0][1]:.0f} MB, in the end {rss_mb[-1][1]:.0f} MB")
    cycles(folder)
    for name, found in checks.items():
        print(f"{'ok  ' if not found else 'FAIL'} {name}")
        for line in found[:5]:
            print(f"       {line}")
    return int(any(checks.values()))


def cycles(folder: Path) -> None:
    """How the control cycle fared."""
    for path in sorted((folder / "db").glob("[0-9]*.db")):
        with closing(sqlite3.connect(path)) as db:
            (missed, late_s, incomplete) = db.execute(
                "SELECT max(missed_count), max(late_max_s), max(incomplete_count) "
                "FROM cycles"
            ).fetchone()
        print(
            f"cycles missed {missed:.0f}, not acknowledged by all {incomplete:.0f}, "
            f"latest {1e3 * late_s:.1f} ms"
        )


def _in(ts: float, spans: list[tuple[float, float]], after_s: float = 0.0) -> bool:
    return any(a <= ts <= b + max(after_s, REACTION_S) for a, b in spans)
