"""`ppc probe`, with the controller and without it."""

from tests.rig import write_plant


def test_the_whole_plant_is_looked_at(running, alone, tmp_path):
    for rig in (running, alone):
        report = tmp_path / "report.md"
        done = rig.ppc("probe", "--rounds", "3", "--report", str(report))
        assert done.returncode == 0, done.stdout + done.stderr
        rows = [x.split() for x in done.stdout.splitlines()]
        bess = next(row for row in rows if row[:1] == ["bess1"])
        assert bess[1:7] == ["yes", "\u2014", "6", "0", "0", "0"]
        assert "| p_available_w |" in report.read_text()


def test_signs_are_tried_after_a_yes_and_a_turned_one_is_found(alone):
    said = alone.ppc("probe", "--signs").stdout
    assert "Set-points will be written to every unit" in said
    assert "Devices" not in said


def test_nothing_is_tried_beside_the_controller(running):
    done = running.ppc("probe", "--signs", "--yes")
    assert done.returncode == 2
    assert "stop it first" in done.stderr


def test_a_unit_with_a_wrong_sign_is_found(tmp_path, simulated):
    def change(plant):
        keep = ("poi", "bess2")
        plant["devices"] = {name: plant["devices"][name] for name in keep}
        plant["simulation"]["units"] = {}

    rig = simulated(write_plant(tmp_path / "plant", change), tmp_path / "db")
    assert rig.ppc("fault", "add", "wrong_sign", "--device", "bess2").returncode == 0
    done = rig.ppc("probe", "--rounds", "1", "--signs", "--settle", "1", "--yes")
    assert done.returncode == 1
    ends = [line.split()[-1:] for line in done.stdout.splitlines()]
    assert ends.count(["right"]) == 1
    assert "bess2: its set-point of P is turned" in done.stdout
