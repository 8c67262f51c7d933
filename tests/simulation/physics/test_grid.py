# ruff: noqa: S311 (chance to test with keeps no secret)

from itertools import pairwise
from random import Random
from statistics import pstdev

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx, fixture, mark, raises

from ppc.configuration.simulation import CollectorSection, GridSection
from ppc.datamodel.rating import ConnectionPoint
from ppc.simulation.physics.grid import Course, Grid
from ppc.simulation.physics.network import COLLECTOR, Injection, Network

POINT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-10e6, q_max_var=10e6
)
Z_OHM = 20e3**2 / (10 * 10e6)
"""4 ohm at a short-circuit ratio of 10."""
FREE = 1e9


def grid(**changes: float) -> Grid:
    settings = {"v_noise_pu": 0.0, "f_noise_hz": 0.0} | changes
    return Grid(POINT, GridSection.model_validate(settings), Random(1))


def settled(
    source: Grid,
    s_va: complex,
    *,
    i_max_a: float = FREE,
    r_pu: float = 0,
    x_pu: float = 0,
) -> Network:
    network = Network(POINT, CollectorSection(r_pu=r_pu, x_pu=x_pu), source)
    for _ in range(200):
        source.step(0.02)
        network.solve([Injection(s_va, i_max_a)])
    return network


def v_by_quartic_v(e_v: float, z_ohm: complex, s_va: complex) -> float:
    """V^4 - (E^2 + 2 (P R + Q X)) V^2 + (P^2 + Q^2) |Z|^2 = 0, the upper solution."""
    b = e_v**2 + 2 * (s_va.real * z_ohm.real + s_va.imag * z_ohm.imag)
    c = abs(s_va) ** 2 * abs(z_ohm) ** 2
    return ((b + (b * b - 4 * c) ** 0.5) / 2) ** 0.5


@fixture
def source() -> Grid:
    return grid()


def test_the_impedance_follows_from_short_circuit_ratio_and_x_over_r(source: Grid):
    assert abs(source.z_ohm) == approx(Z_OHM)
    assert source.z_ohm.imag / source.z_ohm.real == approx(10)
    source.set_impedance(20, 0)
    assert source.z_ohm == approx(Z_OHM / 2)


def test_without_current_the_voltage_is_the_source(source: Grid):
    assert abs(settled(source, 0).v_poi_v) == approx(20e3)


@mark.parametrize("scr", [3, 10, 30])
@mark.parametrize("p_w", [-6e6, 0.0, 10e6])
@mark.parametrize("q_var", [-2e6, 0.0, 3e6])
def test_the_voltage_is_the_one_of_the_quartic(scr: float, p_w: float, q_var: float):
    source = grid(scr=scr)
    network = settled(source, complex(p_w, q_var))
    expected_v = v_by_quartic_v(20e3, source.z_ohm, complex(p_w, q_var))
    assert abs(network.v_poi_v) == approx(expected_v, rel=1e-9)
    assert network.s_poi_va == approx(complex(p_w, q_var), abs=1.0)


def test_injected_reactive_power_raises_the_voltage_by_x_times_q(source: Grid):
    raised_v = abs(settled(source, 2e6j).v_poi_v) - 20e3
    assert raised_v == approx(source.z_ohm.imag * 2e6 / 20e3, rel=0.03)
    assert raised_v > 0 > abs(settled(source, -2e6j).v_poi_v) - 20e3


@mark.parametrize(
    ("scr", "v_pu", "p_pu"),
    [(10, 1.0050, 1), (3, 0.9743, 1), (2, 0.892, 0.98), (1.5, 0.757, 0.83)],
)
def test_a_weak_grid_takes_what_the_current_limit_lets_through(
    scr: float, v_pu: float, p_pu: float
):
    network = settled(grid(scr=scr), 10e6, i_max_a=1.1 * 10e6 / 20e3)
    assert abs(network.v_poi_v) / 20e3 == approx(v_pu, abs=5e-4)
    assert network.s_poi_va.real / 10e6 == approx(p_pu, abs=5e-3)


def test_transformer_and_cables_lose_power_with_the_square_of_the_current(
    source: Grid,
):
    network = settled(source, 10e6, r_pu=0.01, x_pu=0.06)
    i_pu = 10e6 / abs(network.v_collector_v) / (10e6 / 20e3)
    lost_va = 10e6 - network.s_poi_va
    assert lost_va == approx(complex(0.01, 0.06) * i_pu**2 * 10e6, rel=1e-6)


@given(
    st.lists(
        st.complex_numbers(max_magnitude=2e7, allow_nan=False), min_size=1, max_size=5
    ),
    st.floats(1.0, 50.0),
    st.floats(0.0, 1.5),
)
def test_no_current_exceeds_its_limit_and_power_is_conserved(
    wanted_va: list[complex], scr: float, v_pu: float
):
    source = grid(scr=scr, v_pu=v_pu)
    places = [COLLECTOR] * len(wanted_va)
    network = Network(POINT, CollectorSection(), source, places)
    for _ in range(5):
        taken_va = network.solve([Injection(s_va, 100.0) for s_va in wanted_va])
        for s_va in taken_va:
            assert abs(s_va) <= 100.0 * abs(network.v_collector_v) * (1 + 1e-9)
        assert sum(taken_va).real >= network.s_poi_va.real - 1.0


def test_a_step_of_the_source_is_there_at_the_next_step(source: Grid):
    source.v_pu, source.f_set_hz = 0.98, 50.2
    source.step(0.02)
    assert (source.e_v, source.f_hz) == approx((19.6e3, 50.2))


def test_noise_is_as_large_as_configured():
    source = grid(f_noise_hz=0.02, v_noise_pu=0.001)
    seen = []
    for _ in range(20_000):
        source.step(10.0)
        seen.append((source.f_hz, source.e_v))
    assert pstdev(f_hz for f_hz, _ in seen) == approx(0.02, rel=0.15)
    assert pstdev(e_v for _, e_v in seen) == approx(20.0, rel=0.15)


def test_a_dip_runs_its_course_and_is_over(source: Grid):
    source.dip([(0.0, 0.1), (0.15, 0.1), (1.5, 0.85)])
    seen = {}
    for i in range(1, 101):
        source.step(0.02)
        seen[round(i * 0.02, 2)] = source.e_v / 20e3
    assert seen[0.1] == approx(0.1)
    assert seen[0.82] == approx(0.1 + 0.75 * (0.82 - 0.15) / 1.35, abs=1e-6)
    assert seen[1.48] == approx(0.839, abs=0.005)
    assert seen[1.52] == 1.0


def test_a_recorded_frequency_is_followed_and_begun_again():
    course = Course([(0.0, 50.0), (1.0, 50.1), (2.0, 49.9)])
    settings = GridSection(f_hz=60.0)
    source = Grid(POINT, settings, Random(1), course)
    seen = []
    for _ in range(6):
        source.step(0.5)
        seen.append(source.f_hz)
    assert seen == approx([50.05, 50.1, 50.0, 50.0, 50.05, 50.1])
    for points in ([(0, 50)], [(0, 50), (0, 51)]):
        with raises(ValueError, match="rising"):
            Course(points)


def test_the_quick_noise_is_quick():
    slow, quick = grid(f_noise_hz=0.02), grid(f_flicker_hz=0.02)
    moved = []
    for source in (slow, quick):
        seen = []
        for _ in range(5000):
            source.step(1.0)
            seen.append(source.f_hz)
        moved.append(pstdev(b - a for a, b in pairwise(seen)))
    assert moved[1] > 5 * moved[0]


def test_a_phase_jump_turns_the_source(source: Grid):
    source.phase_deg = 90.0
    source.step(0.02)
    assert source.e_phasor_v == approx(20e3j, abs=1e-6)


def test_a_recorded_voltage_is_followed_and_dips_all_the_same():
    course = Course([(0.0, 1.0), (1.0, 1.02), (2.0, 1.0)])
    source = Grid(POINT, GridSection(v_pu=0.9), Random(1), voltage=course)
    source.step(1.0)
    assert source.e_v == approx(1.02 * 20e3)
    source.dip([(0.0, 0.5), (10.0, 0.5)])
    source.step(0.5)
    assert source.e_v == approx(0.5 * 1.01 * 20e3)
