"""The tree against an inverted admittance matrix, and against pandapower."""
# ruff: noqa: S311 (chance to test with keeps no secret)

from random import Random

import numpy as np
from pytest import approx, importorskip, mark

from ppc.configuration.simulation import (
    CollectorSection,
    FeederSection,
    GridSection,
    IslandSection,
)
from ppc.datamodel.rating import ConnectionPoint
from ppc.simulation.physics.grid import Grid
from ppc.simulation.physics.island import Island
from ppc.simulation.physics.network import Injection, Network, Place

V_V, P_W = 20e3, 10e6
POINT = ConnectionPoint(
    v_nominal_v=V_V, f_nominal_hz=50.0, p_max_w=P_W, p_min_w=-P_W, q_max_var=P_W
)
BASE_OHM = V_V**2 / P_W
FEEDERS = {"north": (0.01, 0.02, ("a", "b")), "south": (0.02, 0.01, ("c",))}
OWN_OHM = {"a": 0.1 + 0.8j, "b": 0.2 + 1.6j, "c": 0.05 + 0.4j, "d": 0.1 + 1j, "load": 0}
PLACES = [
    Place("north", OWN_OHM["a"]),
    Place("north", OWN_OHM["b"]),
    Place("south", OWN_OHM["c"]),
    Place(None, OWN_OHM["d"]),
    Place(),
]
FREE = 1e9


def network(scr=8.0, island=None):
    grid = Grid(
        POINT,
        GridSection(scr=scr, x_r=5, v_noise_pu=0, f_noise_hz=0),
        Random(1),
    )
    feeders = {
        name: FeederSection(r_pu=r, x_pu=x, units=units)
        for name, (r, x, units) in FEEDERS.items()
    }
    collector = CollectorSection(r_pu=0.004, x_pu=0.08, feeders=feeders)
    return grid, Network(POINT, collector, grid, PLACES, island)


def settle(net, powers_va, i_max_a=FREE, turns=200):
    for _ in range(turns):
        taken_va = net.solve([Injection(s_va, i_max_a) for s_va in powers_va])
    return taken_va


def z_matrix(grid):
    """Node impedances by inversion: POI, collector, north, south, a, b, c, d."""
    branches = [
        (None, 0, grid.z_ohm),
        (0, 1, complex(0.004, 0.08) * BASE_OHM),
        (1, 2, complex(0.01, 0.02) * BASE_OHM),
        (1, 3, complex(0.02, 0.01) * BASE_OHM),
        (2, 4, OWN_OHM["a"]),
        (2, 5, OWN_OHM["b"]),
        (3, 6, OWN_OHM["c"]),
        (1, 7, OWN_OHM["d"]),
    ]
    y = np.zeros((8, 8), complex)
    for a, b, z_ohm in branches:
        y[b, b] += 1 / z_ohm
        if a is not None:
            y[a, a] += 1 / z_ohm
            y[a, b] -= 1 / z_ohm
            y[b, a] -= 1 / z_ohm
    return np.linalg.inv(y)


@mark.parametrize("seed", range(5))
def test_the_tree_is_the_inverse_of_the_admittance_matrix(seed):
    rng = Random(seed)
    grid, net = network()
    powers = [complex(rng.uniform(-3e6, 3e6), rng.uniform(-1e6, 1e6)) for _ in PLACES]
    taken = settle(net, powers)
    currents = np.zeros(8, complex)
    nodes = [4, 5, 6, 7, 1]
    for node, v_v, s_va in zip(nodes, net.v_units_v, taken, strict=True):
        currents[node] += (s_va / v_v).conjugate()
    v_v = grid.e_phasor_v + z_matrix(grid) @ currents
    assert net.v_poi_v == approx(v_v[0], rel=1e-12)
    assert net.v_collector_v == approx(v_v[1], rel=1e-12)
    assert net.v_units_v == approx([v_v[node] for node in nodes], rel=1e-12)
    assert taken == approx(powers, rel=1e-9)


def test_voltages_and_powers_are_those_of_pandapower():
    """100 random feasible points: |V| within 1e-4 pu, P and Q within 0.1 %."""
    pp = importorskip("pandapower", reason="the group oracle is not installed")
    rng = Random(1)
    for _ in range(100):
        scr = rng.uniform(3, 30)
        grid, net = network(scr)
        grid.v_pu = rng.uniform(0.95, 1.05)
        grid.step(0.02)
        powers = [
            complex(rng.uniform(-2e6, 2e6), rng.uniform(-1e6, 1e6)) for _ in PLACES
        ]
        settle(net, powers)
        found = _pandapower(pp, grid, powers)
        buses, (p_w, q_var) = found
        ours = [net.v_poi_v, net.v_collector_v, *net.v_units_v[:4]]
        assert [abs(v) / V_V for v in ours] == approx(buses, abs=1e-4)
        assert net.s_poi_va.real == approx(p_w, rel=1e-3, abs=1e3)
        assert net.s_poi_va.imag == approx(q_var, rel=1e-3, abs=1e3)


def _pandapower(pp, grid, powers):
    net = pp.create_empty_network(sn_mva=P_W / 1e6)
    names = ["source", "poi", "collector", "north", "south", "a", "b", "c", "d"]
    bus = {name: pp.create_bus(net, V_V / 1e3, name=name) for name in names}
    pp.create_ext_grid(net, bus["source"], vm_pu=grid.v_pu)

    def branch(a, b, z_ohm):
        z_pu = z_ohm / BASE_OHM
        pp.create_impedance(
            net, bus[a], bus[b], rft_pu=z_pu.real, xft_pu=z_pu.imag, sn_mva=P_W / 1e6
        )

    branch("source", "poi", grid.z_ohm)
    branch("poi", "collector", complex(0.004, 0.08) * BASE_OHM)
    branch("collector", "north", complex(0.01, 0.02) * BASE_OHM)
    branch("collector", "south", complex(0.02, 0.01) * BASE_OHM)
    for feeder, unit in (
        ("north", "a"),
        ("north", "b"),
        ("south", "c"),
        ("collector", "d"),
    ):
        branch(feeder, unit, complex(OWN_OHM[unit]))
    for name, s_va in zip(("a", "b", "c", "d", "collector"), powers, strict=True):
        pp.create_sgen(net, bus[name], p_mw=s_va.real / 1e6, q_mvar=s_va.imag / 1e6)
    pp.runpp(net, tolerance_mva=1e-9, numba=False)
    shown = [net.res_bus.vm_pu[bus[n]] for n in ("poi", "collector", *"abcd")]
    into = net.res_impedance.iloc[0]
    return shown, (into.p_to_mw * 1e6, into.q_to_mvar * 1e6)


def test_a_step_of_the_tap_changer_moves_the_collector_and_not_the_grid():
    _, net = network(scr=1e4)
    settle(net, [0j] * 5)
    before_v = abs(net.v_collector_v)
    net.tap += 2
    settle(net, [0j] * 5)
    assert abs(net.v_collector_v) / before_v == approx(1.025)
    assert abs(net.v_poi_v) == approx(V_V, rel=1e-3)
    settle(net, [1e6 + 1e6j] * 5)
    lost_va = sum(settle(net, [1e6 + 1e6j] * 5)) - net.s_poi_va
    assert lost_va.real > 0
    net.tap = 99
    assert net.tap == 16


def test_behind_an_open_breaker_there_is_neither_voltage_nor_current():
    _, net = network()
    net.closed["north"] = False
    taken = settle(net, [1e6] * 5)
    assert taken[:2] == [0j, 0j]
    assert net.v_units_v[:2] == [0j, 0j]
    assert abs(taken[2]) == approx(1e6, rel=1e-6)
    net.closed["north"] = True
    assert abs(settle(net, [1e6] * 5)[0]) == approx(1e6, rel=1e-6)


def test_a_phase_jump_turns_all_voltages_and_changes_no_power():
    grid, net = network()
    before = settle(net, [1e6] * 5)
    grid.phase_deg = 20.0
    grid.step(0.02)
    settle(net, [1e6] * 5)
    assert np.degrees(np.angle(net.v_poi_v / abs(net.v_poi_v))) > 19.0
    assert settle(net, [1e6] * 5) == approx(before, rel=1e-9)


def test_without_the_grid_all_is_dead_or_the_former_takes_what_is_left():
    _, net = network()
    net.poi_closed = False
    assert settle(net, [1e6] * 5) == [0j] * 5
    assert net.s_poi_va == 0j
    island = Island(IslandSection(former="a"), 0, 5e6, V_V, 50.0)
    _, net = network(island=island)
    net.poi_closed = False
    taken = settle(net, [0.0, 1e6, 1e6, 1e6, -2e6])
    assert taken[0].real == approx(-1e6, rel=0.05)  # less what the cables lose
    assert abs(net.v_collector_v) / V_V == approx(1.0, abs=0.03)
