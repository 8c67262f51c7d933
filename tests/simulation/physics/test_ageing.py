from math import exp, sqrt

from pytest import approx

from ppc.simulation.physics.ageing import Ageing, calendar_rate, cycle_rate

YEAR_S = 365.25 * 86400


def test_a_year_in_the_warm_costs_what_the_formula_says():
    ageing = Ageing(1.0)
    for _ in range(365):
        ageing.step(YEAR_S / 365, 25.0, 0.5, 0.0)
    assert 1.0 - ageing.soh_pu == approx(1.2571e-5 * 0.60225 * sqrt(YEAR_S), rel=1e-9)
    warmer = exp(-17126 / 8.314 * (1 / 313.15 - 1 / 298.15))
    assert calendar_rate(40.0, 0.5) / calendar_rate(25.0, 0.5) == approx(warmer)


def test_cycles_cost_what_the_formula_says():
    ageing = Ageing(1.0)
    soc_pu, falling = 1.0, True
    while ageing.cycles_count < 500:
        soc_pu += -0.01 if falling else 0.01
        if not 0.2 <= soc_pu <= 1.0:
            falling = not falling
        ageing.step(36.0, -100.0, soc_pu, 1.0)  # so cold that time costs nothing
    by_depth = [cycle_rate(1.0, depth / 100) for depth in range(81)]
    lost_pu = 1.0 - ageing.soh_pu
    assert min(by_depth) * sqrt(500) < lost_pu < max(by_depth) * sqrt(500)
    assert cycle_rate(1.0, 0.8) == approx(
        (0.0630 + 0.0971) * (4.0253 * 0.2**3 + 1.0923) / 100
    )


def test_steps_of_any_length_give_the_same():
    long, short = Ageing(1.0), Ageing(1.0)
    long.step(36_000.0, 30.0, 0.8, 0.5)
    for _ in range(1000):
        short.step(36.0, 30.0, 0.8, 0.5)
    assert short.soh_pu == approx(long.soh_pu, rel=1e-12)
    assert short.cycles_count == approx(long.cycles_count)


def test_it_begins_at_the_health_it_is_given_and_never_below_nothing():
    ageing = Ageing(0.8)
    assert ageing.soh_pu == 0.8
    ageing.step(1e12, 60.0, 1.0, 2.0)
    assert ageing.soh_pu == 0.0
