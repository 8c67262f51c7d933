import json
import struct
from dataclasses import replace
from math import isnan

from pytest import approx, fixture, mark, raises

from ppc.adapter.northbound.echo import echo, in_force
from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import WRITABLE
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.plant_view import PlantView, state, values
from ppc.communication.driver.base import Table
from ppc.communication.errors import Refused
from ppc.datamodel.command import Decision, Step
from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Poi, Quality, SystemObs, Unit
from ppc.datamodel.rating import EquipmentType, UnitRating
from ppc.keys import Key, PlantState
from tests.adapter.northbound.source import MAP, PLANT, Source

AT = {r.key: r for r in MAP.registers}
BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)


def decision(**changes):
    trace = (
        Step("equipment_watchdog", "ok", Envelope()),
        Step("voltage_support", "auto", Envelope()),
    )
    usual = {
        "time_s": 10.0, "expires_s": 11.0, "p_w": 3e6, "q_var": 1e5, "p_units_w": 3.1e6,
        "q_units_var": 2e5, "p_shortfall_w": 0.0, "q_shortfall_var": 0.0,
        "p_limited_by": "", "q_limited_by": "", "commands": (), "trace": trace,
        "offered": Envelope(),
        "capability": Envelope(p_w=Interval(-2e6, 5e6), q_var=Interval(-3e6, 3e6)),
    }  # fmt: skip
    return Decision(**(usual | changes))


def view(poi=None, **changes):
    unit = Unit(BESS, 1e6, 2e5, 2e6, -2e6, 0.5, 2.0)
    obs = SystemObs(
        time_s=10.0, dt_s=0.1, poi=poi or Poi(20e3, 50.0, 2.9e6, 9e4), bess={"b": unit}
    )
    return PlantView(obs, decision(**changes), Quality.GOOD, 9.95, 0)


class Desk:
    """A station with its time and its plant in the test's hands."""

    def __init__(self, **source):
        self.now_s, self.view = 10.0, view()
        refusals = Refusals(source.pop("source", "SCADA"))
        told = {k: source.pop(k) for k in ("allowed", "wall_s") if k in source}
        behind = Source(**told)
        self.bank, self.orders = behind.bank, behind.orders
        registers = MapSegment(MAP, PLANT, self.bank, refusals, **source)
        self.station = ScadaStation(
            [registers], refusals, view=lambda: self.view, now_s=lambda: self.now_s
        )

    def read(self, key):
        register = AT[key]
        payload = self.station.read(Table.HOLDING, register.address, register.count)
        code = register.type.code
        return struct.unpack(f">{code}", payload)[0] * register.scale

    def write(self, key, value):
        self.station.write(AT[key].address, struct.pack(f">{AT[key].type.code}", value))


@fixture
def desk():
    return Desk()


def test_what_is_measured_stands_where_the_map_says(desk):
    assert desk.read(Key.P_W) == approx(2.9e6)
    assert desk.read(Key.V_V) == approx(20e3)
    assert desk.read(Key.SOC_PU) == approx(0.5)
    assert desk.read(Key.POI_AGE_S) == approx(0.05)
    assert desk.read(Key.P_ACTIVE_W) == approx(3e6)
    assert desk.read(Key.P_AVAILABLE_MIN_W) == approx(-2e6)
    assert desk.read(Key.PATTERN_CODE) == 0x01020304
    assert desk.read(Key.STATE_CODE) == PlantState.RUNNING


def test_what_is_not_known_is_no_number(desk):
    desk.view = view(poi=Poi())
    assert isnan(desk.read(Key.P_W))
    desk.view = None
    assert isnan(desk.read(Key.P_W))
    assert desk.read(Key.STATE_CODE) == 0xFFFF


def test_an_order_is_taken_and_echoed(desk):
    desk.write(Key.P_SET_W, 4e6)
    assert desk.orders.at(10.0).p_set_w == 4e6
    assert desk.read(Key.P_SET_W) == desk.read(Key.P_ACCEPTED_W) == 4e6
    assert desk.read(Key.ORDERS_LEFT_S) == 60


def test_an_order_that_has_expired_is_no_longer_shown(desk):
    desk.write(Key.P_SET_W, 4e6)
    desk.now_s = 71.0
    assert isnan(desk.read(Key.P_ACCEPTED_W))


def refused(desk, code, address, payload):
    before = desk.orders.received(desk.now_s)
    with raises(Refused) as refusal:
        desk.station.write(address, payload)
    assert refusal.value.code == code
    assert desk.orders.received(desk.now_s) == before


def test_a_value_out_of_range_changes_nothing(desk):
    desk.write(Key.P_SET_W, 4e6)
    for value in (10.1e6, -6.1e6, float("nan"), float("inf")):
        refused(desk, 3, AT[Key.P_SET_W].address, struct.pack(">f", value))
    refused(desk, 3, AT[Key.V_SET_PU].address, struct.pack(">f", 1.06))
    assert desk.read(Key.REJECTED_COUNT) == 5


def test_half_of_a_value_changes_nothing(desk):
    address = AT[Key.P_SET_W].address
    refused(desk, 3, address, b"\x4a\x00")
    refused(desk, 3, address + 1, b"\x00\x00")
    refused(desk, 3, address + 1, bytes(6))  # and a whole one beside it


def test_one_bad_value_spoils_the_whole_request(desk):
    payload = struct.pack(">fff", 1e6, 1e5, 2.0)
    refused(desk, 3, AT[Key.P_SET_W].address, payload)


def test_what_is_ours_to_say_cannot_be_written(desk):
    refused(desk, 2, AT[Key.P_W].address, bytes(4))
    refused(desk, 2, 480, bytes(2))
    refused(desk, 2, 60000, bytes(2))


def test_several_values_can_be_written_at_once(desk):
    payload = struct.pack(">fffff", 1e6, 1e5, 1.01, 5e6, -1e6)
    desk.station.write(AT[Key.P_SET_W].address, payload)
    assert desk.orders.at(10.0).v_set_pu == approx(1.01)
    assert desk.orders.at(10.0).p_limit_min_w == -1e6


def test_reading_across_gaps_gives_zeros_and_beyond_the_end_a_refusal(desk):
    assert desk.station.read(Table.INPUT, 20, 3) == bytes(6)
    with raises(Refused) as refusal:
        desk.station.read(Table.HOLDING, MAP.end - 1, 2)
    assert refusal.value.code == 2


def test_the_plant_says_what_limits_it(desk):
    desk.view = view(p_limited_by="voltage_support", q_limited_by="capability")
    assert desk.read(Key.P_LIMITING_CODE) == 2
    assert desk.read(Key.Q_LIMITING_CODE) == 100
    assert desk.read(Key.STATE_CODE) == PlantState.LIMITED


def test_the_state_word_names_the_worst():
    def with_mode(mode):
        return view(trace=(Step("f", mode, Envelope()),))

    assert state(with_mode("error")) is PlantState.FALLBACK
    assert state(with_mode("blocked")) is PlantState.BLOCKED
    out = view(trace=(Step("f", "ok", Envelope(out=frozenset({"b"}))),))
    assert state(out) is PlantState.FAULT
    assert state(view()._replace(poi_time_s=None)) is PlantState.STARTING
    assert state(view()._replace(stopping=True)) is PlantState.STOPPING


@mark.parametrize(
    ("modes", "word"),
    [
        ({"plant_sequence": "stopping"}, PlantState.STOPPING),
        ({"plant_sequence": "stopped"}, PlantState.BLOCKED),
        ({"plant_sequence": "emergency"}, PlantState.BLOCKED),
        ({"plant_sequence": "starting"}, PlantState.STARTING),
        ({"operating_range": "expired"}, PlantState.BLOCKED),
        ({"enter_service": "off"}, PlantState.BLOCKED),
        ({"enter_service": "waiting"}, PlantState.STARTING),
        ({"limited_frequency_sensitive_mode": "off"}, PlantState.RUNNING),
        (
            {"plant_sequence": "emergency", "enter_service": "waiting"},
            PlantState.BLOCKED,
        ),
    ],
)
def test_a_plant_that_is_kept_at_nothing_is_not_faulty(modes, word):
    shut = word in {PlantState.BLOCKED, PlantState.STARTING}
    left = Envelope(out=frozenset({"b"}) if shut else frozenset())
    trace = tuple(Step(name, mode, left) for name, mode in modes.items())
    assert state(view(trace=trace)) is word


def test_one_whose_units_cannot_run_is():
    standing = view(trace=(Step("plant_sequence", "stopped", Envelope()),))
    faulted = standing.obs.bess["b"]._replace(state_code=4.0)
    obs = replace(standing.obs, bess={"b": faulted})
    assert state(standing._replace(obs=obs)) is PlantState.FAULT


def test_every_register_has_a_value():
    shown = values(view(), 10.0)
    from_station = {
        Key.P_ACCEPTED_W, Key.Q_ACCEPTED_VAR, Key.V_ACCEPTED_PU,
        Key.ENABLE_ACCEPTED_CODE,
        Key.P_LIMIT_MAX_ACCEPTED_W, Key.P_LIMIT_MIN_ACCEPTED_W, Key.ORDERS_LEFT_S,
        Key.REJECTED_COUNT, Key.MAP_VERSION_CODE,
        Key.P_RATED_W, Key.Q_RATED_VAR, Key.V_RATED_V, Key.F_RATED_HZ,
    }  # fmt: skip
    about = echo(Desk().bank, 10.0, in_charge=True).keys() | in_force(view(), {}).keys()
    from_station |= about - set(WRITABLE)
    ours = {r.key for r in MAP.registers if r.access == "r"}
    assert ours == set(shown) | from_station
    assert json.dumps({k: float(v) for k, v in shown.items()})


def test_modes_and_tests_are_orders_too_and_a_bound_is_met_as_it_is_written(desk):
    desk.write(Key.V_SET_PU, 0.95)
    assert desk.orders.at(10.0).v_set_pu == approx(0.95)
    desk.write(Key.Q_MODE_CODE, 3)
    desk.write(Key.F_TEST_HZ, -0.5)
    assert desk.read(Key.Q_MODE_CODE) == 3
    assert desk.orders.at(10.0).f_test_hz == -0.5
    desk.write(Key.WITHDRAW_CODE, 16 + 64)
    assert desk.read(Key.Q_MODE_CODE) == 0
    assert desk.orders.at(10.0).f_test_hz is None


MARKETER = {Key.P_SET_W, Key.Q_SET_VAR, Key.P_NEXT_W, Key.P_NEXT_AT_S}


def next_power(value, at_s):
    return struct.pack(">fI", value, int(at_s))


@fixture
def marketer():
    return Desk(allowed=MARKETER, wall_s=lambda: 1_800_000_000.5, source="marketer")


def test_a_source_writes_only_what_it_may(marketer):
    marketer.write(Key.P_SET_W, 1e6)
    marketer.write(Key.HEARTBEAT_IN, 1)
    refused(marketer, 2, AT[Key.P_LIMIT_MAX_W].address, struct.pack(">f", 1e6))
    refused(marketer, 2, AT[Key.LOCAL_CODE].address, bytes(2))
    payload = struct.pack(">fff", 1e6, 1e5, 1.01)  # the voltage is not its own
    refused(marketer, 2, AT[Key.P_SET_W].address, payload)


def test_a_source_takes_back_only_what_it_may_order(marketer):
    marketer.write(Key.P_SET_W, 1e6)
    refused(marketer, 3, AT[Key.WITHDRAW_CODE].address, struct.pack(">H", 8))
    refused(marketer, 3, AT[Key.WITHDRAW_CODE].address, struct.pack(">H", 1 + 4))
    marketer.write(Key.WITHDRAW_CODE, 3)
    assert marketer.orders.received(marketer.now_s) == {}


def test_a_set_point_for_later_is_written_in_one_request(marketer):
    address, wall_s = AT[Key.P_NEXT_W].address, 1_800_000_000
    marketer.station.write(address, next_power(2e6, wall_s + 8))
    assert marketer.read(Key.P_NEXT_W) == 2e6
    assert marketer.read(Key.P_NEXT_AT_S) == wall_s + 8
    assert isnan(marketer.read(Key.P_ACCEPTED_W))
    marketer.now_s += 7.6
    assert marketer.read(Key.P_ACCEPTED_W) == 2e6
    assert isnan(marketer.read(Key.P_NEXT_W))
    assert marketer.read(Key.P_NEXT_AT_S) == 0xFFFFFFFF


@mark.parametrize("ahead_s", [-3600, 0, 86401, 10**9])
def test_one_in_the_past_or_more_than_a_day_ahead_is_refused(marketer, ahead_s):
    payload = next_power(2e6, 1_800_000_000 + ahead_s)
    refused(marketer, 3, AT[Key.P_NEXT_W].address, payload)


def test_one_without_its_date_or_out_of_range_is_refused(marketer):
    address, wall_s = AT[Key.P_NEXT_W].address, 1_800_000_000
    refused(marketer, 3, address, struct.pack(">f", 2e6))
    refused(marketer, 3, address + 2, struct.pack(">I", wall_s + 8))
    refused(marketer, 3, address, next_power(20e6, wall_s + 8))
    for i in range(100):
        marketer.station.write(address, next_power(2e6, wall_s + 8 + i))
    refused(marketer, 6, address, next_power(2e6, wall_s + 1000))


def test_without_a_clock_nothing_has_a_date_and_who_is_in_charge_can_be_read(desk):
    refused(desk, 3, AT[Key.P_NEXT_W].address, next_power(2e6, 1_800_000_008))
    assert Desk(in_local_mode=lambda: True).read(Key.LOCAL_CODE) == 1
