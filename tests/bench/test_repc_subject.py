"""Is the judge sane? A sound textbook controller passes; each sabotaged one fails the
cases it should, and for the right reason.
"""

from dataclasses import replace

from pytest import fixture, mark

from ppc.bench.library import entries
from ppc.bench.oracle.repc import Model, Repc
from ppc.bench.repc_subject import repc
from ppc.bench.trying import Verdict, attempt
from tests.bench.folder import LIBRARY, ROOT

FOLDER = ROOT / "bench"
SOUND = Repc(
    Kp=0.0, Ki=10.3, Kpg=0.0, Kig=2.0, Kc=0.04 / 0.33, Qmin=-0.33, Qmax=0.33,
    Tfltr=0.05, Pmin=-1.0, Pmax=1.0, Tp=0.05, Tg=0.05,
)  # fmt: skip
STEP = "robustness/short_circuit_ratio-scr10-quick"
STEPS = "energinet/u_control-bess-scr10"
DEAD_BAND = "robustness/dead_band"
WIND_UP = "robustness/wind_up"
WITH_DEAD_BAND = replace(SOUND, dbd1=-0.01, dbd2=0.01)


class WindingUp(Model):
    """Its integrator does not know that its output is at a limit."""

    def integral(self, s, K, Ki, e, low, high):  # noqa: ARG002, N803
        return s + Ki * e * self.dt


def judged(name, parameters, **sabotage):
    (entry,) = entries(FOLDER, [name], library=LIBRARY)
    return attempt(entry, FOLDER, LIBRARY, repc(parameters, **sabotage))


@fixture(name="own", scope="module")
def _own():
    """Verdicts of the product itself, which is not sabotaged."""
    names = (STEP, STEPS, DEAD_BAND, WIND_UP)
    found = entries(FOLDER, names, library=LIBRARY)
    return {e.name: attempt(e, FOLDER, LIBRARY).verdict for e in found}


def test_the_product_passes_them_all(own):
    assert set(own.values()) == {Verdict.PASS}
    assert len(own) == 4


@mark.parametrize(
    ("name", "parameters"),
    [(STEP, SOUND), (STEPS, SOUND), (WIND_UP, SOUND)],
)
def test_a_sound_controller_passes(name, parameters):
    result = judged(name, parameters)
    assert result.verdict is Verdict.PASS, result.why


@mark.parametrize("name", [STEP, STEPS])
def test_the_wrong_sign_of_q_fails_at_the_steady_value(name):
    result = judged(name, SOUND, q_sign=-1.0)
    assert result.verdict is Verdict.FAIL
    assert "static error" in result.why


@mark.parametrize("name", [STEP, STEPS])
def test_ten_times_the_delay_fails(name):
    """50 ms are the units' own: half a second more."""
    result = judged(name, SOUND, delay_s=0.5)
    assert result.verdict is Verdict.FAIL
    assert any(word in result.why for word in ("overshoot", "settling", "static"))


def test_with_its_dead_band_it_does_nothing_inside():
    """REPC stays where it is on coming back into the band: only the first window."""
    result = judged(DEAD_BAND, WITH_DEAD_BAND)
    assert result.outcomes[0].check == "nothing above the middle"
    assert result.outcomes[0].passed


def test_a_dead_band_that_is_ignored_fails_inside_it():
    result = judged(DEAD_BAND, SOUND)
    assert result.verdict is Verdict.FAIL
    assert "nothing above the middle" in result.why


def test_winding_up_fails_where_the_limit_must_be_left():
    result = judged(WIND_UP, SOUND, model=WindingUp)
    assert result.verdict is Verdict.FAIL
    assert "leaves the limit at once" in result.why
