"""A whole station of the demonstration plant: every register, byte by byte.

`golden/registers.csv` holds what each register must show for the view below, and
`golden/released_4.csv` where each one stands. `python -m tests.application.golden` adds
lines for new registers to both; lines that are there stay as they are.
"""

import csv
import struct
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from pytest import approx, mark, raises

from ppc.adapter.layout import Layout
from ppc.adapter.northbound.order_code import OrderCode
from ppc.adapter.northbound.unit_map import ANSWERS
from ppc.adapter.northbound.unit_segment import Facts
from ppc.adapter.plant_view import PlantView
from ppc.adapter.register_type import RegisterType
from ppc.application.scada_segments import Behind, all_registers
from ppc.application.sources import Sources
from ppc.communication.driver.base import Table
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.base import Caller
from ppc.configuration.loading import load
from ppc.datamodel.command import Command, Decision, Step
from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, Quality, SystemObs, Unit
from ppc.keys import Key

ROOT = Path(__file__).parents[2]
DEMO = load(ROOT / "config" / "plant.yaml")
GOLDEN = Path(__file__).parent / "golden" / "registers.csv"
RELEASED = Path(__file__).parent / "golden" / "released_4.csv"
WIRE = Facts(ANSWERS, Quality.GOOD, 0.05, {Key.V_V: 20.1e3, Key.F_HZ: 50.02,
             Key.P_W: 3.2e6, Key.Q_VAR: -4e5})  # fmt: skip


def view():
    """Every unit with figures of its own."""
    units = {
        name: Unit(
            *(rating, 1e5 * (i + 1), -2e4 * (i + 1), 1.5e6 - 1e5 * i),
            *(-2e6 if rating.e_max_wh else 0.0, 0.5 if rating.e_max_wh else None, 2.0),
        )
        for i, (name, rating) in enumerate(DEMO.ratings.items())
    }
    commands = tuple(
        Command(name, 2e5 * (i + 1), 1e4 * (i + 1)) for i, name in enumerate(units)
    )
    wide = Envelope(p_w=Interval(-6e6, 9.9e6), q_var=Interval(-3.3e6, 3.2e6))
    names = [name for name, _ in DEMO.functions]
    decision = Decision(
        time_s=10.0, expires_s=11.0, p_w=3e6, q_var=-5e5, p_units_w=3.1e6,
        q_units_var=-4e5, p_shortfall_w=1e4, q_shortfall_var=2e4,
        p_limited_by="power_limit", q_limited_by="capability", offered=wide,
        capability=wide, commands=commands,
        trace=tuple(Step(name, "ok", wide) for name in names),
    )  # fmt: skip
    obs = SystemObs(
        time_s=10.0, dt_s=0.1, wall_s=1.8e9, poi=Poi(20.1e3, 50.02, 3.2e6, -4e5),
        bess={n: u for n, u in units.items() if u.rating.e_max_wh},
        pv={n: u for n, u in units.items() if not u.rating.e_max_wh},
    )  # fmt: skip
    return PlantView(obs, decision, Quality.GOOD, 9.95, 7)


def station(configuration=DEMO):
    sources = Sources(configuration.plant.scada)
    shown = view()
    find = sources.directory(
        configuration,
        view=lambda: shown,
        now_s=lambda: 10.0,
        wall_s=lambda: 1.8e9,
        behind=Behind(facts_of=lambda _: lambda _: WIRE),
    )
    return find(Caller("127.0.0.1", 5502), configuration.plant.scada.station)


def with_map(**changes):
    return replace(DEMO, northbound=DEMO.northbound.model_copy(update=changes))


def read(of, register):
    return of.read(Table.HOLDING, register.address, register.size)


def golden():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


IMAGES = [image.name for image in DEMO.northbound.images]


def test_every_register_shows_what_it_must_in_every_image():
    of, told = station(), defaultdict(dict)
    for r in all_registers(DEMO):
        column = r.block if r.block in IMAGES else "bytes"
        told[r.name][column] = read(of, r).hex()
    columns = ("bytes", *IMAGES)
    must = {n: {c: row[c] for c in columns if row[c]} for n, row in golden().items()}
    assert told == must


@mark.parametrize("order", ["big", "little"])
def test_the_order_of_words_turns_what_is_wider_and_nothing_else(order):
    turned = with_map(word_order=order)
    of, plain = station(turned), station()
    for register in all_registers(turned):
        words = read(plain, register)
        if order == "little" and register.type is not RegisterType.TEXT:
            pairs = [words[i : i + 2] for i in range(0, len(words), 2)]
            words = b"".join(reversed(pairs))
        assert read(of, register) == words, register.name


WRITES = {
    "p_set_w": 2e6, "q_set_var": -1.65e6, "v_set_pu": 1.01, "p_limit_max_w": 4e6,
    "p_limit_min_w": -3e6, "enable_code": 0, "heartbeat_in": 7, "q_mode_code": 2,
    "pf_set_pu": 0.95, "excitation_code": 1, "run_back_code": 5, "p_reserve_w": 1e6,
    "emergency_stop_code": 1, "reset_code": 1, "bypass_code": 1, "f_test_hz": -0.5,
    "v_test_pu": 0.1,
}  # fmt: skip
"""All of the map that is read back as it is written."""


@mark.parametrize("block", ["map", *IMAGES])
@mark.parametrize("name", WRITES)
def test_what_is_written_at_one_place_is_read_at_all(block, name):
    more = [(name, None) for name in ("plant_sequence", "run_back", "volt_var")]
    of = station(replace(DEMO, functions=(*DEMO.functions, *more)))
    places = {r.block: r for r in all_registers(DEMO) if r.name == name}
    register, value = places[block], WRITES[name]
    raw = value / register.scale
    layout = Layout([register], register.address, register.size)
    told = layout.pack([raw if register.type.is_float else round(raw)])
    of.write(register.address, told)
    for place in places.values():
        [shown] = Layout([place], place.address, place.size).unpack(read(of, place))
        assert shown * place.scale == approx(value, rel=1e-6), place.block


@mark.parametrize("name", ["emergency_stop_code", "run_back_code", "q_mode_code"])
def test_what_no_function_of_the_plant_does_is_refused(name):
    of, at = station(), {r.name: r for r in all_registers(DEMO) if r.block == "map"}
    with raises(Refused) as refusal:
        of.write(at[name].address, b"\0\5" if "mode" in name else b"\0\1")
    assert refusal.value.code is ExceptionCode.ILLEGAL_VALUE
    assert read(of, at["reject_code"]) == struct.pack(">H", OrderCode.NO_FUNCTION)
    of.write(at[name].address, b"\0\0")


def test_a_set_point_for_later_is_written_with_its_time_in_every_image():
    at = {(r.block, r.name): r for r in all_registers(DEMO)}
    for block, power in (("map", struct.pack(">f", 1e6)),
                         ("integer", struct.pack(">i", 10000)),
                         ("short", struct.pack(">hH", 1000, 0))):  # fmt: skip
        of, first = station(), at[block, "p_next_w"].address
        of.write(first, power + struct.pack(">I", 1_800_000_060))
        assert read(of, at["map", "p_next_w"]) == struct.pack(">f", 1e6), block
        assert read(of, at[block, "p_next_at_s"]) == struct.pack(">I", 1_800_000_060)


def test_a_block_is_read_across_all_gaps():
    of, carrying = station(), set()
    for register in all_registers(DEMO):
        carrying |= set(range(register.address, register.address + register.size))
    silent = station(with_map(gaps="not_available"))
    for first in range(0, max(carrying) - 125, 125):
        words, others = (
            [payload[i : i + 2] for i in range(0, 250, 2)]
            for payload in (s.read(Table.INPUT, first, 125) for s in (of, silent))
        )
        for at, (word, other) in enumerate(zip(words, others, strict=True), first):
            if at in carrying:
                assert word == other
            else:
                assert (word, other) == (b"\0\0", b"\xff\xff")


def test_no_register_of_the_released_map_has_moved_or_changed():
    stands = {
        (r.name, str(r.address), r.type.value, str(r.size), f"{r.scale:g}", r.access)
        for r in all_registers(DEMO)
    }
    with RELEASED.open(encoding="utf-8", newline="") as file:
        released = {tuple(row.values()) for row in csv.DictReader(file)}
    assert len(released) > 500
    assert not released - stands
