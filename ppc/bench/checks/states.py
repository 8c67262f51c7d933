"""What mode a control function is in."""

from typing import Literal

from ppc.bench.checks.base import Figure, NotNegative, Outcome, Text, Trial
from ppc.bench.checks.levels import Windowed


class Mode(Windowed):
    """A control function is in `mode` during the window, or (`never`) at no time.

    `within_s`: it may take so long from the beginning of the window to get there.
    """

    check: Literal["mode"] = "mode"
    function: Text
    mode: Text
    never: bool = False
    within_s: NotNegative = 0.0

    def judge(self, trial: Trial) -> Outcome:
        """KeyError: there is no such function in the trial."""
        if self.function not in trial.traces.modes:
            there = ", ".join(trial.traces.modes)
            raise KeyError(f"no function {self.function} took part; there is {there}")
        start_s, end_s = self.window(trial)
        spans = _spans(trial.traces.modes[self.function], end_s)
        inside = [
            (max(a, start_s + self.within_s), min(b, end_s), mode)
            for a, b, mode in spans
        ]
        lasted_s = sum(b - a for a, b, mode in inside if b > a and mode == self.mode)
        whole_s = max(end_s - start_s - self.within_s, 0.0)
        if self.never:
            figure = Figure(f"time in {self.mode}", lasted_s, "s", high=0.0)
        else:
            figure = Figure(f"time in {self.mode}", lasted_s, "s", low=whole_s - 1e-6)
        others = sorted({m for a, b, m in inside if b > a and m != self.mode})
        why = ""
        if not figure.passed:
            why = (
                f"{self.function} is in {self.mode} for {lasted_s:.4g} s"
                if self.never
                else f"{self.function} is in {', '.join(others)} instead of {self.mode}"
            )
        return self.outcome([figure], why=why)


def _spans(
    log: list[tuple[float, str]], end_s: float
) -> list[tuple[float, float, str]]:
    ends = [time_s for time_s, _ in log[1:]] + [end_s]
    return [(a, max(a, b), str(m)) for (a, m), b in zip(log, ends, strict=True)]
