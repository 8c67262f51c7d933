"""How long before it is needed a request must leave."""

from collections import deque

_WINDOW = 50
_COLD = 8
_USUAL = 0.95
_MARGIN_S = 0.0005


class Lead:
    """The 95th percentile of the last 50 answers, and half a millisecond.

    A rarer, later answer is met by waiting a little for it, not by making all others
    old. The first answers teach nothing: the code is cold.
    Source: measured; docs/decisions/0005.
    """

    def __init__(self, start_s: float, *, most_s: float) -> None:
        self.s = start_s
        self._most_s = most_s
        self._took_s: deque[float] = deque(maxlen=_WINDOW)
        self._seen = 0

    def learn(self, took_s: float) -> None:
        self._seen += 1
        if self._seen <= _COLD:
            return
        self._took_s.append(took_s)
        usual_s = sorted(self._took_s)[int(_USUAL * len(self._took_s))]
        self.s = min(usual_s + _MARGIN_S, self._most_s)
