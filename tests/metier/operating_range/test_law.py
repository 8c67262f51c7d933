from hypothesis import given
from hypothesis import strategies as st

from ppc.metier.operating_range.law import is_beyond, used_s

TIMES = st.floats(0.0, 1e5)


@given(last_s=TIMES, dt_s=st.floats(0.0, 60.0), within_for_s=TIMES)
def test_time_is_used_only_beyond_and_forgotten_only_within(
    last_s: float, dt_s: float, within_for_s: float
):
    args = {"within_for_s": within_for_s, "recover_s": 60.0, "dt_s": dt_s}
    assert used_s(last_s, beyond=True, **args) == last_s + dt_s
    kept_s = last_s if within_for_s < 60.0 else 0.0
    assert used_s(last_s, beyond=False, **args) == kept_s


def test_the_limit_belongs_to_the_range():
    assert not is_beyond(49.0, limit=49.0, above=False)
    assert is_beyond(48.99, limit=49.0, above=False)
    assert not is_beyond(51.0, limit=51.0, above=True)
    assert is_beyond(51.01, limit=51.0, above=True)
