"""A Grafana that is given: PPC_GRAFANA_URL, PPC_GRAFANA_TOKEN. Asked over its API.

Its plugin must find the file that the tests record: PPC_GRAFANA_DB is a path that this
process and Grafana both see, and where its data source `ppc-trend` reads trend.db.
"""

import json
import os
from pathlib import Path
from urllib.request import Request, urlopen

URL = os.environ.get("PPC_GRAFANA_URL", "").rstrip("/")
TOKEN = os.environ.get("PPC_GRAFANA_TOKEN", "")
DIRECTORY = Path(os.environ.get("PPC_GRAFANA_DB", "db"))
_TIMEOUT_S = 30.0


def call(path: str, body: dict | None = None) -> dict:
    """The answer as JSON. Raises URLError."""
    request = Request(  # noqa: S310 (an address the user gave)
        f"{URL}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request, timeout=_TIMEOUT_S) as reply:  # noqa: S310
        return json.load(reply)


def query(
    target: dict, sql: str, from_ms: int, to_ms: int, interval_ms: int
) -> list[dict]:
    """The frames of a target, as the front end asks for them."""
    uid = "ppc-trend"
    asked = {
        **target,
        "datasource": {"type": target["datasource"]["type"], "uid": uid},
        **dict.fromkeys(("rawQueryText", "queryText"), sql),
        "intervalMs": interval_ms,
        "maxDataPoints": 700,
    }
    body = {"queries": [asked], "from": str(from_ms), "to": str(to_ms)}
    result = call("/api/ds/query", body)["results"][target["refId"]]
    assert "error" not in result, result["error"]
    return result["frames"]
