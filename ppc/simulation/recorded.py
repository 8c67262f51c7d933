"""Recorded courses, from files."""

import csv
from pathlib import Path

from ppc.simulation.physics.grid import Course


def recorded(file: str | None) -> Course | None:
    """The course in a file; None: there is no file.

    Lines of seconds and value, with comma or semicolon; a line that begins with a
    letter or # is a heading. ValueError, which names the file: it cannot be read.
    """
    if file is None:
        return None
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    lines = [
        line
        for line in text.replace(";", ",").splitlines()
        if line.strip() and not (line.lstrip()[0].isalpha() or line.startswith("#"))
    ]
    try:
        return Course([(float(row[0]), float(row[1])) for row in csv.reader(lines)])
    except (ValueError, IndexError) as error:
        raise ValueError(f"{path}: {error}") from None
