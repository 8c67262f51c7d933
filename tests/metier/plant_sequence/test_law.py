from ppc.metier.plant_sequence.law import interlocked


def test_the_interlock_comes_after_its_time():
    assert not interlocked(None, allowed_s=0.0)
    assert not interlocked(1.9, allowed_s=2.0)
    assert interlocked(2.0, allowed_s=2.0)
