from ppc.adapter.northbound.pace import Pace


def test_so_many_at_once_then_one_every_so_often():
    pace = Pace(5, 2.0)
    assert sum(pace.allows(100.0) for _ in range(20)) == 5
    assert not pace.allows(101.9)
    assert pace.allows(102.0)
    assert sum(pace.allows(1000.0) for _ in range(20)) == 5


def test_a_clock_that_goes_back_gives_nothing():
    pace = Pace(1, 2.0)
    assert pace.allows(100.0)
    assert not pace.allows(10.0)
    assert not pace.allows(10.1)
