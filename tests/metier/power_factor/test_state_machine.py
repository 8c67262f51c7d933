from pytest import mark

from ppc.metier.power_factor.state_machine import (
    Inputs,
    Mode,
    StateMachine,
    Thresholds,
)

FREE = Thresholds(
    p_min_pu=0.1, p_back_pu=0.12, v_lock_in_pu=None, v_lock_out_pu=None, reset_s=0.0
)
LOCK = FREE._replace(v_lock_in_pu=1.05, v_lock_out_pu=0.98)


def after(*seen: Inputs) -> Mode:
    machine = StateMachine()
    for second, inputs in enumerate(seen):
        machine.observe(inputs, float(second))
    return machine.state


def now(p_pu: float | None, v_pu: float | None, at: Thresholds = LOCK) -> Inputs:
    return Inputs(enabled=True, p_pu=p_pu, v_pu=v_pu, at=at)


OFF = now(0.5, 1.0)._replace(enabled=False)


@mark.parametrize(
    ("seen", "mode"),
    [
        ([OFF], Mode.OFF),
        ([now(None, 1.0)], Mode.OFF),
        ([now(0.5, None)], Mode.OFF),
        ([now(0.5, None, FREE)], Mode.AUTO),
        ([now(0.05, 1.0)], Mode.LOW_POWER),
        ([now(0.05, 1.1)], Mode.LOW_POWER),
        ([now(0.5, 1.0)], Mode.LOCKED),
        ([now(0.5, 1.05)], Mode.AUTO),
        ([now(0.5, 1.05), now(0.5, 0.99)], Mode.AUTO),
        ([now(0.5, 1.05), now(0.5, 0.98)], Mode.LOCKED),
        ([now(0.5, 1.05), now(0.05, 1.0)], Mode.LOW_POWER),
        ([now(0.5, 1.05), now(0.5, None)], Mode.ERROR),
        ([now(0.5, 1.05), now(None, 1.05)], Mode.ERROR),
        ([now(0.5, 1.05), OFF], Mode.OFF),
        ([now(0.05, 1.1), now(0.11, 1.1)], Mode.LOW_POWER),
        ([now(0.05, 1.1), now(0.12, 1.1)], Mode.AUTO),
        ([now(0.05, 1.1), now(0.12, 1.0)], Mode.LOCKED),
        ([now(0.05, 1.1), now(None, 1.0)], Mode.ERROR),
        ([now(0.05, 1.1), OFF], Mode.OFF),
        ([now(0.5, 1.0), now(0.5, 1.05)], Mode.AUTO),
        ([now(0.5, 1.0), now(0.5, 1.0, FREE)], Mode.AUTO),
        ([now(0.5, 1.0), now(0.05, 1.05)], Mode.LOW_POWER),
        ([now(0.5, 1.0), now(None, 1.05)], Mode.ERROR),
        ([now(0.5, 1.0), OFF], Mode.OFF),
        ([OFF, now(None, 1.0)], Mode.ERROR),
        ([OFF, now(None, 1.0), OFF], Mode.OFF),
        ([OFF, now(None, 1.0), now(0.05, 1.0)], Mode.LOW_POWER),
        ([OFF, now(None, 1.0), now(0.5, 1.0)], Mode.LOCKED),
        ([OFF, now(None, 1.0), now(0.5, 1.05)], Mode.AUTO),
    ],
)
def test_from_what_is_seen_to_the_mode(seen: list[Inputs], mode: Mode):
    assert after(*seen) is mode


def test_a_meter_that_is_back_must_be_steady_first():
    at = FREE._replace(reset_s=2.0)
    seen = [now(p, None, at) for p in (0.5, None, 0.5, 0.5, 0.5)]
    assert after(*seen[:-1]) is Mode.ERROR
    assert after(*seen) is Mode.AUTO
