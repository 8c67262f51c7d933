"""Draws the dashboards without Grafana: a page for each, to be looked at.

    python scripts/grafana_pictures.py trend.db FOLDER [--hours 6] [--until UNIX_S]

Every panel is asked as the plugin does and drawn roughly as Grafana would, for want of
one. The pages are HTML; where there is a `chromium`, PNG as well.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grafana_sheets.sheet import page
from grafana_sheets.values import Json

from tests.grafana.boards import BOARDS
from tests.grafana.grafana import Answer, Range, ask, expanded

_WIDTH = 1592


def main() -> None:
    """All dashboards over one range."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=6.0)
    parser.add_argument("--until", type=float, default=time.time())
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    shown = Range(asked.until - asked.hours * 3600, asked.until)
    for name, board in BOARDS.items():
        path = asked.folder / f"{name}.html"
        path.write_text(draw(board, asked.file, shown), encoding="utf-8")
        photograph(path)


def draw(board: Json, file: Path, shown: Range) -> str:
    """The page of a dashboard; of variables all that they offer, or the first."""
    chosen = {}
    for variable in board["templating"]["list"][1:]:
        names = tuple(row[0] for row in ask(file, variable["query"]).rows)
        chosen[variable["name"]] = names if variable["multi"] else names[:1]

    def answer(panel: Json, target: Json) -> Answer:
        sql = target["queryText"].replace("'now'", f"{shown.to_s}, 'unixepoch'")
        return ask(file, expanded(sql, shown, panel["maxDataPoints"], **chosen))

    return page(board, answer, shown)


def photograph(path: Path) -> None:
    """A PNG beside the page."""
    browser = shutil.which("chromium")
    if browser is None:
        return
    tall = re.findall(r"<!--(\d+)-->", path.read_text(encoding="utf-8"))[-1]
    picture = path.with_suffix(".png")
    subprocess.run(  # noqa: S603
        [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu"),
            *(f"--window-size={_WIDTH},{tall}", f"--screenshot={picture}"),
            path.resolve().as_uri(),
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    main()
