"""pvlib's day against what is known of such days."""

import subprocess
import sys

from pytest import approx, mark, raises

from ppc.configuration.simulation import SkySection
from ppc.simulation.clear_sky import PvlibMissing, clear_day


def day(**changes):
    return clear_day(SkySection.model_validate(changes))


def test_it_has_a_value_for_every_minute_and_a_night():
    minutes = day()
    assert len(minutes) == 1440
    assert min(minutes) == minutes[0] == minutes[120] == 0.0


@mark.parametrize("day_of_year", [20, 81, 172, 310])
def test_the_sun_is_highest_at_noon(day_of_year):
    minutes = day(day=day_of_year)
    noon = max(range(1440), key=minutes.__getitem__)
    assert abs(noon - 720) <= 3
    assert minutes[600] == approx(minutes[840], rel=0.02)


def test_midsummer_and_midwinter_bring_what_they_bring_at_45_degrees():
    summer_wh, winter_wh = (sum(day(day=d)) / 60 for d in (172, 355))
    assert 7.5e3 < summer_wh < 9.0e3
    assert 1.3e3 < winter_wh < 2.5e3


def test_tilt_helps_in_winter_and_turbid_air_hurts():
    assert max(day(day=355, tilt_deg=60)) > 1.7 * max(day(day=355))
    assert max(day(turbidity=6)) < 0.93 * max(day())


def test_without_pvlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pvlib", None)
    with raises(PvlibMissing, match=r"pip install 'ppc\[simulation\]'"):
        day(latitude_deg=12.3)


def test_the_controller_itself_does_not_load_it():
    code = (
        "import sys, ppc.application.application, ppc.cli.main\n"
        "print({'pvlib', 'pandas', 'numpy', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
