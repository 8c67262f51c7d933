from pytest import fixture, mark, raises

from ppc.configuration.findings import ConfigurationError
from ppc.keys import Key
from ppc.simulation.faults.plan import FaultPlan
from tests.simulation.faults.field import field_of

DEVICES = ("poi", "bess1", "pv1")


@fixture(name="load")
def _load(tmp_path):
    def load(text):
        path = tmp_path / "faults.yaml"
        path.write_text(text)
        return FaultPlan.load(path, DEVICES)

    return load


def test_a_timeline_puts_faults_in_and_takes_them_back(load):
    plan = load("""
        faults:
          - {at_s: 1.0, lasts_s: 2.0, device: bess1, kind: trip}
          - {at_s: 2.0, kind: voltage_step, by_pu: -0.02}
    """)
    field = field_of(plan)
    seen = []
    for i in range(1, 251):
        field.step(0.02)
        kinds = [fault.planned.kind for fault in field.injector.active.values()]
        seen.append((i * 0.02, kinds))
    at = {round(t, 2): kinds for t, kinds in seen}
    assert at[0.98] == []
    assert at[1.0] == ["trip"]
    assert at[2.5] == ["trip", "voltage_step"]
    assert at[3.0] == at[5.0] == ["voltage_step"]


CHANCE = """
seed: {seed}
random: {{every_s: 1.0, lasts_s: [0.2, 0.8], devices: [bess1, pv1],
          kinds: [trip, {{kind: derated, share: 0.3}}, frozen]}}
"""


def history(plan):
    told = []

    class Truth:
        def step(self, field):
            self.time_s = field.time_s

        def fault(self, word, fault):
            told.append((round(fault.since_s, 6), word, fault.text, fault.until_s))

    field = field_of(plan, Truth())
    for _ in range(1000):
        field.step(0.02)
    return told


def test_chance_is_the_same_for_the_same_seed_and_another_for_another(load):
    one = history(load(CHANCE.format(seed=5)))
    assert one == history(load(CHANCE.format(seed=5)))
    assert one != history(load(CHANCE.format(seed=6)))
    started = [row for row in one if row[1] == "on"]
    assert len(started) == 20
    assert {text.split()[0] for _, _, text, _ in started} == {
        "trip",
        "derated",
        "frozen",
    }
    assert all(0.2 <= until - since <= 0.8 for since, _, _, until in started)


@mark.parametrize(
    ("text", "place", "why"),
    [
        ("faults: [{kind: tea}]", "faults.0", "no fault tea"),
        ("faults: [{kind: trip}]", "faults.0", "needs a device"),
        ("faults: [{kind: trip, device: poi, hot: 1}]", "faults.0", "hot"),
        ("faults: [{kind: latency, device: poi, delay_s: -1}]", "faults.0", "delay_s"),
        ("faults: [{kind: trip, device: x}]", "faults", "no device x"),
        ("faults: [{kind: trip, device: poi, lasts_s: 0}]", "faults.0.lasts_s", "0"),
        ("random: {devices: [], kinds: [trip]}", "random.devices", "1 item"),
        ("random: {devices: [pv1], kinds: [tea]}", "random.kinds.0", "no fault tea"),
        ("sead: 3", "sead", "not known"),
        ("- x", "", "pairs"),
    ],
)
def test_what_is_wrong_in_a_plan_is_told_with_its_place(load, text, place, why):
    with raises(ConfigurationError) as error:
        load(text)
    assert any(
        f.path.startswith(place) and why in f.reason for f in error.value.findings
    ), error.value.findings


def test_a_fault_of_chance_that_makes_no_sense_falls_out(load):
    plan = load("random: {every_s: 1, devices: [pv1], kinds: [bms_limit]}")
    field = field_of(plan)
    for _ in range(200):
        field.step(0.02)
    assert field.injector.active == {}
    assert field.plant.signals("pv1")[Key.P_W] > 0.0
