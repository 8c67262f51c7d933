"""What is written down, and when: rows as they reach the recorder's door."""

from ppc.adapter.plant_view import PlantView
from ppc.application.cycle import CycleLog
from ppc.application.record.recording import Recording
from ppc.datamodel.command import Command, Decision, Step
from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Poi, Quality, SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating

BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)


def view(time_s, *, mode="auto", p_set_w=1e6, limited_by=""):
    obs = SystemObs(
        time_s=time_s, dt_s=0.1, poi=Poi(20e3, 50.0, 3e6, 0.0),
        bess={"b": Unit(BESS, 1e6, 0.0, 2e6, -2e6, 0.5, 2.0)},
    )  # fmt: skip
    decision = Decision(
        time_s=time_s, expires_s=time_s + 1, p_w=3e6, q_var=0.0, p_units_w=3e6,
        q_units_var=0.0, p_shortfall_w=0.0, q_shortfall_var=0.0,
        p_limited_by=limited_by, q_limited_by="", offered=Envelope(),
        capability=Envelope(), commands=(Command("b", p_set_w, 0.0),),
        trace=(Step("f", mode, Envelope()),),
    )  # fmt: skip
    return PlantView(obs, decision, Quality.GOOD, time_s, 0)


def play(door, *views):
    recording = Recording(door, every_s=1.0, wall_s=lambda: 1.78e9)
    return [recording.take(v, CycleLog(0.1).status) for v in views]


def test_samples_are_taken_once_a_second(door):
    taken = play(door, *(view(100.0 + 0.1 * i) for i in range(25)))
    assert sum(taken) == 3
    assert [len(door.rows[t]) for t in ("poi", "bess", "cycles")] == [3, 3, 3]
    assert door.rows["bess"][0]["p_set_w"] == 1e6
    assert door.rows["cycles"][0]["dropped_count"] == 0


def test_a_decision_is_written_at_once_when_its_sense_changes(door):
    play(
        door,
        view(100.0),
        view(100.1),
        view(100.2, limited_by="f"),
        view(100.3, limited_by="f"),
    )
    assert [row["p_limited_by"] for row in door.rows["decisions"]] == ["", "f"]


def test_a_change_of_mode_is_an_event(door):
    play(door, view(100.0), view(100.1), view(100.2, mode="error"))
    assert door.events == [
        ("info", "measurement", "normal"),
        ("info", "f", "auto"),
        ("info", "f", "auto -> error"),
    ]


def test_commands_are_written_when_they_change_and_now_and_then(door):
    steps = (1e6, 1.01e6, 1.03e6, 1.03e6)
    play(
        door,
        *(view(100.0 + i, p_set_w=p) for i, p in enumerate(steps)),
        view(113.0, p_set_w=1.03e6),
    )
    assert [row["p_set_w"] for row in door.rows["commands"]] == [1e6, 1.03e6, 1.03e6]
