"""`ppc read`, with the controller and without it."""

import json

from pytest import mark


def said(rig, *arguments, code=0):
    done = rig.ppc("read", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if code else done.stdout


def test_through_the_controller_where_it_runs(running):
    before = json.loads(running.ppc("explain", "--json").stdout)["cycle"]
    text = said(running, "bess1")
    assert text.startswith("bess1: through the controller that runs\n")
    for name in ("state_code", "p_w", "soc_pu"):
        assert f"\n {name} " in text
    after = json.loads(running.ppc("explain", "--json").stdout)["cycle"]
    assert after["missed_count"] == before["missed_count"]


def test_on_a_connection_of_its_own_where_it_does_not(alone):
    text = said(alone, "poi", "v_v", "e_export_wh")
    assert text.startswith("poi: a connection of its own to 127.0.0.1:")
    assert text.count("good") == 2
    assert "f_hz" not in text


def test_as_json(alone):
    answer = json.loads(said(alone, "bess2", "soc_pu", "--json"))
    (point,) = answer["points"]
    assert point["name"] == "soc_pu"
    assert 0.4 < point["value"] < 0.6
    assert (point["quality"], point["where"]) == ("good", "input 200")
    assert point["age_s"] < 5


@mark.parametrize(
    ("arguments", "why"),
    [
        (("bes1",), "did you mean bess1?"),
        (("bess1", "p"), "bess1 has no point p; "),
    ],
)
def test_what_is_not_there_is_said(alone, arguments, why):
    assert why in said(alone, *arguments, code=2)
