from pytest import fixture, mark

from ppc.adapter.lint import remarks
from ppc.adapter.profile import DeviceProfile


@fixture
def meter():
    """A meter without fault."""
    return {
        "source": "a maker's list",
        "type": "poi",
        "maker": "maker",
        "models": ["M1"],
        "standing": "read",
        "word_order": "big",
        "identity": [{"address": 9, "among": [7]}],
        "points": [
            {"key": "v_v", "address": 0, "type": "u32", "scale": 0.1},
            {"key": "f_hz", "address": 2, "type": "u16", "scale": 0.01},
            {"key": "p_w", "address": 3, "type": "s32"},
            {"key": "q_var", "address": 5, "type": "s32"},
            {"name": "serial", "address": 7, "unit": "code"},
        ],
    }


@fixture
def inverter():
    """An inverter without fault."""
    return {
        "source": "a maker's list",
        "type": "pv",
        "maker": "maker",
        "models": ["M1"],
        "standing": "read",
        "word_order": "big",
        "identity": [{"address": 9, "among": [7]}],
        "points": [
            {"key": "p_w", "address": 0, "type": "s32"},
            {"key": "p_available_w", "address": 2, "type": "u32"},
        ],
        "commands": [
            {
                "address": 10,
                "count": 2,
                "watchdog_s": 10,
                "points": [{"key": "p_set_w", "address": 10, "type": "s32"}],
            }
        ],
    }


def said(data):
    """Reasons by place."""
    found = remarks(DeviceProfile.of(data))
    return {(".".join(r.place), r.reason): r.error for r in found}


def test_a_sound_profile_is_not_remarked_on(meter, inverter):
    assert said(meter) == {}
    assert said(inverter) == {}


@mark.parametrize("name", ["maker", "models", "standing", "identity"])
def test_what_is_not_said_is_remarked_on(meter, name):
    del meter[name]
    ((_, error),) = said(meter).items()
    assert not error


def test_a_profile_without_source_is_wrong(meter):
    meter["source"] = " "
    assert said(meter) == {("source", "must say where the map was read"): True}


@mark.parametrize(
    ("at", "entries", "place", "word", "error"),
    [
        (4, {"unit": ""}, "points.4", "neither key nor unit", False),
        (0, {"type": "bit"}, "points.0", "its table is holding", False),
        (1, {"valid": [700, 900]}, "points.1.valid", "none of which", True),
        (1, {"valid": [40, 900]}, "points.1.valid", "reaches beyond", False),
        (1, {"valid": [-1, 70]}, "points.1.valid", "reaches beyond", False),
        (2, {"type": "s16", "scale": 0.01}, "points.2", "is scale right?", False),
        (0, {"mask": 0xFF}, "points.0", "can only tell 0 to 25.5 V", False),
        (0, {"shift": 24}, "points.0", "can only tell 0 to 25.5 V", False),
        (2, {"absent": 1, "valid": [-1, 1]}, "points.2.absent", "credible", False),
        (1, {"scale": 0.1}, "points.1", "steps of 0.1 Hz", False),
        (2, {"absent": 0, "valid": [-1, 1]}, "points.2.absent", "credible", False),
        (4, {"address": 6}, "points.4", "overlap at 6", False),
        (3, {"every_s": 5}, "", "q_var comes only every 5 s", False),
    ],
)
def test_what_is_doubtful_about_a_point(meter, at, entries, place, word, error):
    meter["points"][at] |= entries
    assert any(
        p == place and word in r and e is error for (p, r), e in said(meter).items()
    )


@mark.parametrize(
    "entries",
    [
        {"mask": 0xFFFF0000},
        {"map": {0: 1}, "valid": [0, 1e9]},
        {"sign_from": {"point": "p_w", "negative": [1]}, "valid": [-1e9, 1e9]},
        {"base": "p_max_w", "valid": [0, 1e9]},
        {"absent": 0x80000000, "valid": [0, 1e9]},
    ],
)
def test_what_can_be_meant_is_not_remarked_on(inverter, entries):
    inverter["points"][1] |= entries
    assert said(inverter) == {}


def test_points_that_share_a_register_but_no_bit_do_not_overlap(meter):
    meter["points"][4] |= {"mask": 0x00FF}
    meter["points"].append(
        {"name": "model", "address": 7, "mask": 0xFF00, "unit": "code"}
    )
    assert said(meter) == {}


def test_the_word_order_must_not_be_left_to_chance(meter):
    del meter["word_order"]
    (((place, reason), _),) = said(meter).items()
    assert place == "points.0"  # once, not for every point
    assert "no word_order" in reason
    for point in meter["points"]:
        point["word_order"] = "little"
    assert said(meter) == {}


@mark.parametrize(
    ("entries", "word", "error"),
    [
        ({"interval_s": 10}, "not shorter than the watchdog", True),
        ({"stored": True, "change_pu": 0.01}, "the watchdog drops it", True),
        ({"refresh_s": 6}, "one lost frame", False),
        ({"watchdog_s": None}, "goes on for ever", False),
        ({"watchdog_s": None, "stored": True}, "wears out", False),
    ],
)
def test_what_is_doubtful_about_commands(inverter, entries, word, error):
    inverter["commands"][0] |= entries
    assert any(
        word in reason and e is error for (_, reason), e in said(inverter).items()
    )


def test_a_heartbeat_is_as_good_as_a_watchdog(inverter):
    del inverter["commands"][0]["watchdog_s"]
    inverter["heartbeat"] = {"address": 20}
    assert said(inverter) == {}


def test_what_is_there_for_others_needs_no_unit(meter):
    meter["points"][4] = {"name": "exponent", "address": 7, "type": "s16"}
    meter["points"][2] |= {"scale_from": "exponent"}
    meter["requests"] = {"gap_max": 5}
    assert said(meter) == {}
    del meter["points"][2]["scale_from"]
    assert ("points.4", "exponent has neither key nor unit nor meaning") in said(meter)
    meter["points"].append({"name": "other", "address": 8})
    meter["sums"] = [{"key": "e_import_wh", "of": {"exponent": 1, "other": -1}}]
    assert said(meter) == {}


def test_what_a_meter_may_lack_must_not_come_with_what_control_needs(meter):
    meter["requests"] = {"gap_max": 5}
    phase = {"key": "v_l1_v", "address": 8, "type": "u32"}
    meter["points"].append(phase)
    ((_, reason),) = said(meter)
    assert "v_l1_v comes with what control needs" in reason
    phase["every_s"] = 1
    assert said(meter) == {}
    del phase["every_s"]  # unless control needs it, for a sum
    meter["points"][0] |= {"key": "v_l2_v"}
    meter["sums"] = [{"key": "v_v", "of": {"v_l1_v": 0.87, "v_l2_v": 0.87}}]
    assert said(meter) == {}
