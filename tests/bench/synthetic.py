"""Trials with known answers, made by hand."""

import numpy as np

from ppc.bench.checks.base import Trial
from ppc.bench.traces import Traces


def trial(duration_s=20.0, steps_s=(5.0,), modes=None, **columns):
    """`columns`: numbers or functions of time."""
    time_s = np.arange(0.0, duration_s + 1e-9, 0.02)
    filled = {
        name: np.asarray(y(time_s) if callable(y) else np.full(time_s.shape, float(y)))
        for name, y in columns.items()
    }
    return Trial(Traces(time_s, filled, modes or {}), steps_s, duration_s)


def first_order(tau_s, size=1.0, at_s=5.0, start=0.0):
    """From `start` by `size`, 63 % of it after `tau_s`."""

    def y(time_s):
        since_s = np.maximum(time_s - at_s, 0.0)
        return start + size * (1.0 - np.exp(-since_s / tau_s))

    return y


def step(size=1.0, at_s=5.0, start=0.0):
    return lambda time_s: np.where(time_s >= at_s - 1e-9, start + size, start)
