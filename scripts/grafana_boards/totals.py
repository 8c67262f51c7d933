"""SQL of one figure for all of the range shown."""

from collections.abc import Callable, Iterable

from grafana_boards.statements import SHOWN, TIERS, tier_of

_RAW_BELOW_MS = 2000
"""Rows as recorded are read over half an hour at most: all of them are."""


def _union(branch: Callable[[str], str], tables: Iterable[str]) -> str:
    """Rows of the tier that suits the range, of all tables."""
    return "\nUNION ALL ".join(
        f"{branch(tier)} FROM tier CROSS JOIN {table}{tier} WHERE n = {number} "
        f"AND {SHOWN}"
        for table in tables
        for number, tier in enumerate(TIERS)
    )


def share_good(tables: tuple[str, ...]) -> str:
    """For each device how much of the time its values were good."""

    def branch(tier: str) -> str:
        return f"SELECT device, ts, quality{'_max' if tier else ''} = 0 AS good"

    return (
        f"WITH {tier_of('poi', _RAW_BELOW_MS)}\n"
        "SELECT device, avg(good) AS good_pu, max(ts) * 1000.0 AS last_ms\n"
        f"FROM ({_union(branch, tables)})\n"
        "GROUP BY device ORDER BY 2, rtrim(device, '0123456789'), length(device), device LIMIT 1000"
    )


def requests(failures: Iterable[str]) -> str:
    """For each device how fast it answered, and what became of its requests."""
    failed = tuple(failures)
    counts = ("requests_count", *failed, "connects_count")

    def branch(tier: str) -> str:
        if not tier:
            return f"SELECT device, answer_p50_s, answer_max_s, {', '.join(counts)}"
        totals = ", ".join(f"{c}_avg * samples_count AS {c}" for c in counts)
        return (
            "SELECT device, answer_p50_s_avg AS answer_p50_s, "
            f"answer_max_s_max AS answer_max_s, {totals}"
        )

    sums = ", ".join(f"sum({count}) AS {count}" for count in counts)
    return (
        f"WITH {tier_of('links', _RAW_BELOW_MS)}\n"
        "SELECT device, avg(answer_p50_s) AS answer_p50_s,\n"
        f"max(answer_max_s) AS answer_max_s, {sums}\nFROM ({_union(branch, ['links'])})"
        f"\nGROUP BY device ORDER BY {' + '.join(f'sum({name})' for name in failed)} "
        "DESC, device LIMIT 1000"
    )


def _branch_of_limits(_: str) -> str:
    return "SELECT p_limited_by, q_limited_by"


SHARES_LIMITED = (
    f"WITH {tier_of('decisions', _RAW_BELOW_MS)},\n"
    f"seen AS ({_union(_branch_of_limits, ['decisions'])})\n"
    "SELECT coalesce(nullif(name, ''), 'none') AS limit_name,\n"
    "sum(p) * 1.0 / (SELECT count(*) FROM seen) AS p_share_pu,\n"
    "sum(q) * 1.0 / (SELECT count(*) FROM seen) AS q_share_pu FROM (\n"
    "SELECT p_limited_by AS name, count(*) AS p, 0 AS q FROM seen GROUP BY 1\n"
    "UNION ALL SELECT q_limited_by, 0, count(*) FROM seen GROUP BY 1)\n"
    "GROUP BY 1 ORDER BY 2 DESC, 3 DESC LIMIT 50"
)
"""For each function the part of the time in which it limited P, and Q."""
