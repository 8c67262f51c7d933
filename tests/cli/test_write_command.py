"""`ppc write`, with the controller and without it."""

import json


def wrote(rig, *arguments):
    done = rig.ppc("write", *arguments)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_set_point_is_shown_written_and_read_back(alone):
    code, text = wrote(alone, "pv1", "p_set_w", "5e5", "--yes")
    assert code == 0, text
    assert "p_set_w = 500000 W: function 16, address 40" in text
    assert "after:  48f4 2400 " in text
    assert "frame:  01 10 00 28 00 04 08 48 f4 24 00 " in text
    assert text.endswith("taken\n")


def test_without_a_yes_nothing_is_written(alone):
    assert wrote(alone, "pv2", "p_set_w", "3")[0] == 3  # standard input is at its end
    read = alone.ppc("write", "pv2", "p_set_w", "4").stdout
    assert "before: 0000 0000" in read


def test_what_the_controller_writes_is_left_to_it_unless_forced(running):
    code, text = wrote(running, "pv1", "p_set_w", "5e5", "--yes")
    assert code == 2
    assert "the controller itself writes these registers" in text
    code, text = wrote(running, "pv1", "p_set_w", "1.4e6", "--yes", "--force")
    assert "pv1: through the controller that runs" in text
    assert code in {0, 1}, text  # it may have written again before it is read back
    assert "by hand: " in (running.db_dir.parent / "log.txt").read_text()
    assert json.loads(running.ppc("explain", "--json").stdout)["units"]


def test_what_cannot_be_written_is_refused(alone):
    for arguments, why in (
        (("pv1", "p_w", "3"), "pv1 has no writable point p_w; did you mean p_set_w?"),
        (("pv1", "reset"), "pv1 has no action reset; there is none"),
        (("pv1", "p_set_w", "much"), "p_set_w: much is no number"),
    ):
        code, text = wrote(alone, *arguments, "--yes")
        assert (code, why in text) == (2, True), text
