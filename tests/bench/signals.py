"""Signals whose metrics are known in closed form."""

import numpy as np

from ppc.bench.series import Values

LN9, LN_09, LN10 = np.log(9), -np.log(0.9), np.log(10)


def times(until_s: float, step_s: float = 0.001, from_s: float = -2.0) -> Values:
    return np.arange(round((until_s - from_s) / step_s) + 1) * step_s + from_s


def first_order(t: Values, tau_s: float, y0: float = 0.0, y1: float = 1.0) -> Values:
    rise = 1 - np.exp(-np.maximum(t, 0) / tau_s)
    return np.asarray(y0 + (y1 - y0) * rise)


def second_order(t: Values, zeta: float, w_rad_s: float) -> Values:
    """Step response of w^2 / (s^2 + 2 zeta w s + w^2)."""
    later = np.maximum(t, 0)
    w_d, phi = w_rad_s * np.sqrt(1 - zeta**2), np.arccos(zeta)
    swing = np.sin(w_d * later + phi) / np.sqrt(1 - zeta**2)
    return np.asarray(1 - np.exp(-zeta * w_rad_s * later) * swing)
