from pytest import mark

from ppc.metier.energy_management.state_machine import Inputs, Mode, StateMachine

CALM = Inputs(
    enabled=True,
    unknown_for_s=0.0,
    hold_s=60.0,
    alert=False,
    needed=False,
    exhausted=False,
)


@mark.parametrize(
    ("was", "changes", "becomes"),
    [
        (Mode.OFF, {}, Mode.NORMAL),
        (Mode.NORMAL, {"needed": True}, Mode.RESTORING),
        (Mode.NORMAL, {"needed": True, "alert": True}, Mode.ALERT),
        (Mode.RESTORING, {}, Mode.NORMAL),
        (Mode.RESTORING, {"needed": True, "alert": True}, Mode.ALERT),
        (Mode.ALERT, {"needed": True, "alert": True}, Mode.ALERT),
        (Mode.ALERT, {}, Mode.NORMAL),
        (Mode.ALERT, {"alert": True, "exhausted": True}, Mode.SHORT_TERM),
        (Mode.SHORT_TERM, {"alert": True, "exhausted": True}, Mode.SHORT_TERM),
        (Mode.SHORT_TERM, {}, Mode.NORMAL),
        (Mode.NORMAL, {"unknown_for_s": 60.0}, Mode.NORMAL),
        (Mode.NORMAL, {"unknown_for_s": 60.1}, Mode.BLIND),
        (Mode.BLIND, {"unknown_for_s": 60.1}, Mode.BLIND),
        (Mode.BLIND, {}, Mode.NORMAL),
    ],
)
def test_one_step(was, changes, becomes):
    machine = StateMachine()
    machine.state = was
    assert machine.scan(CALM._replace(**changes), 1.0) is becomes


@mark.parametrize("was", Mode)
def test_a_plant_that_is_blocked_restores_nothing(was):
    machine = StateMachine()
    machine.state = was
    assert machine.scan(CALM._replace(enabled=False, needed=True), 1.0) is Mode.OFF
