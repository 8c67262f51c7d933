"""The recorder's door, left open."""

from pytest import fixture


class Door:
    """Keeps what comes, by table."""

    def __init__(self):
        self.dropped, self.rows, self.events = 0, {}, []

    def record(self, table, rows):
        self.rows.setdefault(table, []).extend(rows)

    def event(self, severity, source, text):
        self.events.append((severity, source, text))


@fixture
def door():
    return Door()
