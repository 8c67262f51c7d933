"""The live view: a process that draws each line of JSON on its standard input.

Of its own, since drawing is work for the interpreter, and the control thread must not
wait for that. It ends when its input does, and leaves the terminal as it was.
"""

import json
import signal
import sys

import typer
from rich.console import Console
from rich.live import Live

from ppc.cli.picture import draw


def main(*, color: bool = True) -> None:
    """Draw every line of standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the controller stops in order first
    console = Console(no_color=None if color else True)
    with Live(console=console, screen=True, auto_refresh=False) as live:
        for line in sys.stdin:
            if not line.endswith("\n"):
                break  # the controller ended in the middle of a frame
            news = json.loads(line)
            width, height = console.size
            live.update(
                draw(news["status"], news["log"], width=width, height=height),
                refresh=True,
            )


if __name__ == "__main__":
    typer.run(main)
