"""The life of a command, from its issue to its end."""

from itertools import groupby

from pytest import approx, fixture

from ppc.adapter.plant_view import PlantView
from ppc.application.record.commands import Commands
from ppc.datamodel.command import Command, Decision
from ppc.datamodel.envelope import Envelope
from ppc.datamodel.observation import Quality, SystemObs, Unit
from tests.application.record.recorded import BESS, PV, recorded
from tests.application.scripted import RATING, Rig, group, profile

ENDS = {"achieved", "refused", "expired", "superseded"}


def lives(plant, device):
    """States of each command with their rows, in the order of issue."""
    rows = sorted(
        plant.rows("commands", f"device = '{device}'"),
        key=lambda row: (row["number"], row["seq"]),
    )
    return [list(life) for _, life in groupby(rows, lambda row: row["number"])]


def states(life):
    return [row["state"] for row in life]


@fixture(scope="module")
def plant(tmp_path_factory):
    """-3 MW at 0 s, 1 MW at 15 s; bess2 is silent from 25 s, pv1 unplugged."""
    with recorded(tmp_path_factory.mktemp("plant")) as plant:
        stand = plant.stand
        stand.set("order.p_set_w", -3e6)
        stand.run(15.0)
        stand.set("order.p_set_w", 1e6)
        stand.run(25.0)
        stand.set("silent.bess2", 1)
        stand.set("plug.pv1", 0)
        stand.run(150.0)
    return plant


def test_each_life_begins_and_goes_through_its_steps_in_order(plant):
    order = ["issued", "written", "confirmed"]
    for device in (*BESS, *PV):
        for life in lives(plant, device):
            *steps, last = states(life)
            assert life[0]["state"] == "issued"
            if last not in ENDS:
                steps.append(last)
            assert steps == order[: len(steps)]
            assert [row["ts"] for row in life] == sorted(row["ts"] for row in life)
            assert len({row["p_set_w"] for row in life}) == 1


def test_every_life_has_one_end_but_for_the_last(plant):
    for device in (*BESS, *PV):
        *older, _ = lives(plant, device)
        assert all(states(life)[-1] in ENDS for life in older)


def test_a_command_is_written_when_the_device_has_acknowledged_it(plant):
    for life in lives(plant, "bess1"):
        issued, written = life[0], life[1]
        assert written["state"] == "written"
        assert written["ts"] - issued["ts"] == approx(0.001, abs=0.0002)


def test_it_is_achieved_when_p_and_q_have_settled_at_it(plant):
    achieved = [life for life in lives(plant, "bess1") if "achieved" in states(life)]
    assert achieved
    zero_s = plant.time.wall_s() - plant.time.now_s()
    for life in achieved:
        at_s = life[-1]["ts"] - zero_s
        assert at_s - (life[0]["ts"] - zero_s) >= 1.0 - 1e-6
        near = [v for v in plant.views if at_s - 1.0 <= v.obs.time_s <= at_s]
        for view in near:
            assert abs(view.obs.bess["bess1"].p_w - life[0]["p_set_w"]) <= 0.045e6
            assert abs(view.obs.bess["bess1"].q_var - life[0]["q_set_var"]) <= 0.045e6


def test_on_a_ramp_each_command_is_superseded_by_the_next(plant):
    first = lives(plant, "bess1")[0]
    assert states(first) == ["issued", "written", "superseded"]
    assert first[-1]["ts"] == lives(plant, "bess1")[1][0]["ts"]


def test_to_a_silent_device_they_expire_with_the_reason(plant):
    told = [life[-1] for life in lives(plant, "bess2") if life[0]["ts"] > begun(plant)]
    assert told[0]["state"] == "expired"
    assert told[0]["reason"].startswith("no reply within")


def test_to_a_device_that_is_not_there_they_expire_with_the_reason(plant):
    told = [life[-1] for life in lives(plant, "pv1") if life[0]["ts"] > begun(plant)]
    assert told[0]["state"] == "expired"
    assert "not connected" in told[0]["reason"]


def begun(plant):
    """When two devices had gone."""
    return plant.time.wall_s() - 125.0


def test_what_stays_is_issued_again_every_minute(plant):
    times_s = [life[0]["ts"] for life in lives(plant, "bess2")][-2:]
    assert times_s[1] - times_s[0] == approx(60.0, abs=0.2)


def test_who_asked_is_told(plant):
    assert {row["source"] for row in plant.rows("commands")} == {"operator"}


def test_numbers_of_two_runs_never_meet(tmp_path):
    with recorded(tmp_path) as plant:
        plant.stand.set("order.p_set_w", -3e6)
        plant.stand.run(3.0)
        plant.restart(in_order=False)
        plant.stand.run(6.0)
    issued = plant.rows("commands", "state = 'issued'")
    keys = [(row["device"], row["number"]) for row in issued]
    assert len(keys) == len(set(keys))


def test_a_command_without_a_choice_has_no_source(tmp_path):
    with recorded(tmp_path) as plant:
        plant.stand.run(1.0)
    assert {row["source"] for row in plant.rows("commands")} == {""}


def followed(rig, p_w):
    """The rows of the first command the rig sent, and of what became of it."""
    now_s = rig.cycles[0].tick_s
    view = view_of(rig, Unit(RATING, p_w=p_w, q_var=0.0), now_s)
    return Commands([rig.device]).rows(view, now_s)


def view_of(rig, unit, now_s):
    """The first command of the rig, and its unit."""
    cycle = rig.cycles[0]
    obs = SystemObs(time_s=now_s, dt_s=0.1, pv={"x": unit})
    decision = Decision(
        time_s=cycle.tick_s, expires_s=cycle.expires_s, p_w=0.0, q_var=0.0,
        p_units_w=0.0, q_units_var=0.0, p_shortfall_w=0.0, q_shortfall_var=0.0,
        p_limited_by="", q_limited_by="", offered=Envelope(), capability=Envelope(),
        commands=(Command("x", 1000.0, 0.0),), trace=(),
    )  # fmt: skip
    return PlantView(obs, decision, Quality.GOOD, None, 0)


async def test_what_is_read_back_is_confirmed():
    async with Rig(profile(commands=[group(read_back=True)])) as rig:
        await rig.run(p=1000.0)
        rows = followed(rig, 0.0)
    assert states(rows) == ["issued", "written", "confirmed"]
    assert rows[0]["ts"] < rows[1]["ts"] < rows[2]["ts"] < rows[0]["ts"] + 0.1


async def test_what_is_refused_has_the_devices_reason():
    async with Rig(profile()) as rig:
        rig.box.refuses_writes = True
        await rig.run(p=1000.0)
        rows = followed(rig, 0.0)
    assert states(rows) == ["issued", "refused"]
    assert "0x04" in rows[1]["reason"]


async def test_all_there_is_counts_as_achieved_and_says_so():
    for p_w, available_w, ends in (
        (400.0, 400.0, ["achieved"]),
        (400.0, 1000.0, []),
    ):
        async with Rig(profile()) as rig:
            await rig.run(p=1000.0)
            unit = Unit(RATING, p_w=p_w, q_var=0.0, p_available_w=available_w)
            commands, begun_s = Commands([rig.device]), rig.cycles[0].tick_s
            commands.rows(view_of(rig, unit, begun_s), begun_s)
            later_s = begun_s + 1.01
            rows = commands.rows(view_of(rig, unit, later_s), later_s)
        assert states(rows) == ends
        assert [row["reason"] for row in rows] == ["all there is"] * len(ends)


async def test_of_two_groups_both_must_be_written():
    other = {
        "address": 20,
        "count": 1,
        "points": [{"key": "q_set_var", "address": 20, "type": "s16"}],
    }
    async with Rig(profile(commands=[group(), other])) as rig:
        await rig.run(p=1000.0)
        told = list(rig.device.outcomes)
        for groups, expected in (({0}, ["issued"]), ({0, 1}, ["issued", "written"])):
            rig.device.outcomes.clear()
            rig.device.outcomes.extend(o for o in told if o.group in groups)
            assert states(followed(rig, 0.0)) == expected
