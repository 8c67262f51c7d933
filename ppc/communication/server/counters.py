"""What a server has seen since its start, to be read at any time."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ServerCounters:
    """Numbers only grow, except `open_now_count`."""

    connections: int = 0
    """Taken."""
    open_now_count: int = 0
    refused: int = 0
    """Not taken: too many, too fast, no descriptor left, or TLS said no."""
    malformed: int = 0
    """What was no Modbus: each has ended its connection, or was passed over on a line.
    """
    timed_out: int = 0
    """Connections ended because they were idle, or a frame did not become whole."""
    held_back: int = 0
    """Times a connection was not read for a while, because it asked too fast."""
    requests: int = 0
    exceptions: Counter[int] = field(default_factory=Counter)
    """Answers that refuse, by exception code."""
