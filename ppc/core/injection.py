"""Test mode: what is added to the measured frequency and voltage, and until when."""

from enum import StrEnum

from ppc.datamodel.observation import Orders, Poi


class Stage(StrEnum):
    """Where a test is on its way."""

    OFF = "off"
    TESTING = "testing"
    OVER = "test_over"


class Injection:
    """Adds what is ordered to f and U, for a certain time at most.

    A test begins with an order that is not 0 while the plant may run. It ends when all
    orders of the test are withdrawn, when its time is up, or when the plant is ordered
    to stop; an order of 0 does not end it, and does not make it longer. After an end
    that was not a withdrawal nothing is added until the orders are withdrawn.
    Source: control_functions F83, which ends by itself after 15 min.
    """

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._ends_s = 0.0
        self.stage = Stage.OFF

    def step(self, orders: Orders, time_s: float, *, shut: bool) -> None:
        """Take in the orders of this cycle; `shut`: no unit may run."""
        f_hz, v_pu = orders.f_test_hz, orders.v_test_pu
        stopped = orders.enable_code == 0 or bool(orders.emergency_stop_code)
        if f_hz is None and v_pu is None:
            self.stage = Stage.OFF
        elif self.stage is Stage.TESTING:
            if stopped or time_s >= self._ends_s:
                self.stage = Stage.OVER
        elif self.stage is Stage.OFF and (f_hz or v_pu):
            self._ends_s = time_s + self._most_s
            self.stage = Stage.OVER if stopped or shut else Stage.TESTING

    def left_s(self, time_s: float) -> float | None:
        """Time until the test ends by itself; None: there is no test."""
        return self._ends_s - time_s if self.stage is Stage.TESTING else None

    def added(self, poi: Poi, orders: Orders, v_nominal_v: float) -> Poi:
        """The measurement with what the test adds. What is not known stays so."""
        if self.stage is not Stage.TESTING:
            return poi
        if poi.f_hz is not None:
            poi = poi._replace(f_hz=poi.f_hz + (orders.f_test_hz or 0.0))
        if poi.v_v is not None:
            added_v = (orders.v_test_pu or 0.0) * v_nominal_v
            poi = poi._replace(v_v=max(0.0, poi.v_v + added_v))
        return poi
