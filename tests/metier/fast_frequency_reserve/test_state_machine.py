from math import inf

from pytest import mark

from ppc.metier.fast_frequency_reserve.state_machine import Inputs, Mode, StateMachine

CALM = Inputs(
    enabled=True,
    f_hz=50.0,
    f_activate_hz=49.7,
    low_for_s=0.0,
    confirm_s=0.0,
    in_mode_s=0.0,
    activation_s=1.3,
    support_s=5.0,
    buffer_s=15.0,
    since_active_s=inf,
    rearm_s=300.0,
    released=True,
)


@mark.parametrize(
    ("was", "changes", "becomes"),
    [
        (Mode.OFF, {}, Mode.ARMED),
        (Mode.OFF, {"released": False}, Mode.OFF),
        (Mode.ARMED, {"low_for_s": 0.1}, Mode.ACTIVE),
        (Mode.ARMED, {"low_for_s": 0.1, "confirm_s": 0.2}, Mode.ARMED),
        (Mode.ARMED, {"f_hz": None}, Mode.BLIND),
        (Mode.BLIND, {}, Mode.ARMED),
        (Mode.ACTIVE, {"in_mode_s": 1.2}, Mode.ACTIVE),
        (Mode.ACTIVE, {"in_mode_s": 1.3, "f_hz": None}, Mode.SUSTAINED),
        (Mode.SUSTAINED, {"in_mode_s": 4.9}, Mode.SUSTAINED),
        (Mode.SUSTAINED, {"in_mode_s": 5.0, "f_hz": 49.0}, Mode.DEACTIVATING),
        (Mode.DEACTIVATING, {"released": False}, Mode.DEACTIVATING),
        (Mode.DEACTIVATING, {}, Mode.BUFFER),
        (Mode.BUFFER, {"in_mode_s": 15.0}, Mode.RECOVERING),
        (Mode.RECOVERING, {}, Mode.ARMED),
        (Mode.RECOVERING, {"since_active_s": 299.0}, Mode.RECOVERING),
        (Mode.RECOVERING, {"f_hz": 49.7}, Mode.RECOVERING),
        (Mode.RECOVERING, {"f_hz": None}, Mode.RECOVERING),
    ],
)
def test_one_step(was, changes, becomes):
    machine = StateMachine()
    machine.state = was
    assert machine.scan(CALM._replace(**changes), 1.0) is becomes


@mark.parametrize("was", Mode)
def test_a_plant_that_is_blocked_gives_nothing(was):
    machine = StateMachine()
    machine.state = was
    assert machine.scan(CALM._replace(enabled=False, low_for_s=1.0), 1.0) is Mode.OFF
