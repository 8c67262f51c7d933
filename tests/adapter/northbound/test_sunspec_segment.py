"""The SunSpec device: read and written by pysunspec2, and byte by byte."""

import asyncio
import struct
from pathlib import Path

from pytest import approx, fixture, importorskip, mark, raises

from ppc.adapter.northbound.command_desk import CommandDesk
from ppc.adapter.northbound.command_map import CommandMap
from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import ORDERABLE, NorthboundMap
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.northbound.sunspec_segment import SunSpecSegment, on_the_map
from ppc.adapter.northbound.sunspec_values import MODELS
from ppc.communication.errors import ExceptionCode, Refused
from ppc.communication.server.modbus_server import ModbusServer
from ppc.datamodel.observation import Poi, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
from ppc.keys import Key
from ppc.metier import FUNCTIONS
from tests.adapter.northbound.plant import cycle

MAP = NorthboundMap.load(
    Path(__file__).parents[3] / "config" / "northbound" / "scada.yaml"
)
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)
LISTED = (
    *("plant_sequence", "enter_service", "volt_var", "volt_watt", "watt_var"),
    *("limited_frequency_sensitive_mode", "power_factor", "set_point_tracking"),
)
BESS = UnitRating("b", EquipmentType.BESS, 2e6, 2e6, -2e6, 2e6, 4e6)


def view():
    seen = cycle(10.0, plant_sequence="running")
    unit = Unit(BESS, 1e6, 2e5, 2e6, -2e6, 0.505, 2.0)
    obs = seen.obs
    poi = Poi(20.1e3, 50.012, 2.5e6, -4e5)
    kept = {n: getattr(obs, n) for n in ("time_s", "dt_s", "orders")}
    return seen._replace(obs=type(obs)(**kept, poi=poi, bess={"b": unit}))


class Device:
    """The device with its time and its plant in the test's hands."""

    def __init__(self, *, allowed=ORDERABLE, listed=LISTED):
        self.now_s, self.view, self.local = 10.0, view(), False
        belief = Belief(heartbeat_timeout_s=10.0, order_life_s=600.0)
        self.orders = OperatorOrders(belief)
        self.functions = {name: FUNCTIONS[name].Settings() for name in listed}
        refusals = Refusals("SCADA", lambda: self.now_s)
        self.map = MapSegment(
            *(MAP, PLANT, self.orders, refusals),
            allowed=allowed,
            in_local_mode=lambda: self.local,
        )
        commands = CommandDesk(
            *("operator", self.orders, CommandMap(address=700)),
            allowed=allowed,
            functions=listed,
            view=lambda: self.view,
        )
        self.segment = SunSpecSegment(
            *(40000, PLANT, "demo"),
            order=on_the_map(self.map, MAP),
            received=self.orders.received,
            heartbeat=self.orders.heartbeat,
            commands=commands,
            functions=lambda: self.functions,
            in_local_mode=lambda: self.local,
        )
        self.station = ScadaStation(
            [self.map, self.segment],
            refusals,
            view=lambda: self.view,
            now_s=lambda: self.now_s,
        )
        spots = self.segment._chain.models
        self.at = {(m.number, s.path): s for m in spots for s in m.spots}

    @property
    def ordered(self):
        return self.orders.received(self.now_s)

    def raw(self, number, path):
        spot = self.at[number, path]
        first = 2 * (spot.address - 40000)
        shown = self.segment.render(self.view, self.now_s)
        return shown[first : first + 2 * spot.fact.size]

    def write(self, number, path, *raw):
        """The registers from a point on."""
        payload = b"".join(raw)
        self.segment.write(self.at[number, path].address, payload, self.now_s)


@fixture(name="device")
def _device():
    return Device()


def u16(value):
    return struct.pack(">H", value)


def u32(value):
    return struct.pack(">I", value)


@mark.parametrize(
    ("number", "path", "payload"),
    [
        (1, "Mn", b"ppc" + bytes(29)),
        (1, "Md", b"demo" + bytes(28)),
        (1, "Pad", b"\x80\0"),
        (701, "ACType", u16(2)),
        (701, "W", u16(2500)),
        (701, "W_SF", u16(3)),
        (701, "Var", struct.pack(">h", -400)),
        (701, "Var_SF", u16(3)),
        (701, "LLV", u16(20100)),
        (701, "Hz", u32(50012)),
        (701, "LNV", b"\xff\xff"),
        (701, "TotWhInj", b"\xff" * 8),
        (701, "TmpAmb", b"\x80\0"),
        (701, "Alrm", b"\xff" * 4),
        (701, "InvSt", u16(3)),
        (702, "WMax", u16(10000)),
        (702, "WChaRteMaxRtg", u16(6000)),
        (702, "VarMaxAbs", u16(3300)),
        (702, "VNom", u16(20000)),
        (702, "CtrlModes", u32(0b11000111110)),
        (703, "ES", u16(1)),
        (703, "ESVHi", u16(10900)),
        (703, "ESHzLo", u32(47500)),
        (703, "ESDlyTms", u32(60)),
        (704, "WSetMod", u16(1)),
        (704, "WMaxLimPctEna", u16(0)),
        (704, "WMaxLimPct", b"\xff\xff"),
        (704, "AntiIslEna", b"\xff\xff"),
        (705, "Ena", u16(1)),
        (705, "AdptCrvRslt", u16(1)),
        (705, "Crv.1.ActPt", u16(4)),
        (705, "Crv.1.Pt.1.V", u16(9200)),
        (705, "Crv.1.Pt.1.Var", u16(4400)),
        (705, "Crv.1.Pt.10.Var", b"\x80\0"),
        (706, "Crv.1.Pt.2.W", u16(2000)),
        (711, "Ctl.1.DbOf", u32(200)),
        (711, "Ctl.1.KUf", u16(50)),
        (712, "Crv.1.ReadOnly", u16(1)),
        (713, "WHRtg", u16(40000)),
        (713, "WH_SF", u16(2)),
        (713, "SoC", u16(5050)),
        (714, "NPrt", u16(0)),
        (714, "DCW", b"\x80\0"),
        (715, "DERHb", u32(10)),
        (715, "LocRemCtl", u16(0)),
    ],
)
def test_a_point_stands_as_its_model_says(device, number, path, payload):
    assert device.raw(number, path) == payload


def test_without_a_cycle_or_functions_nothing_is_implemented():
    bare = Device(listed=())
    bare.view = None
    assert bare.raw(701, "W") == b"\x80\0"
    assert bare.raw(705, "Ena") == u16(0)
    assert bare.raw(705, "Crv.1.ActPt") == u16(0)
    assert bare.raw(711, "Ctl.1.DbOf") == b"\xff" * 4
    assert bare.raw(713, "SoC") == b"\xff\xff"


def test_a_limit_is_staged_and_enabled(device):
    device.write(704, "WMaxLimPct", u16(5000))
    assert not device.ordered
    device.write(704, "WMaxLimPctEna", u16(1))
    assert device.ordered[Key.P_LIMIT_MAX_W] == 5e6
    assert device.raw(704, "WMaxLimPctEna") == u16(1)
    device.write(704, "WMaxLimPct", u16(2500))
    assert device.ordered[Key.P_LIMIT_MAX_W] == 2.5e6
    device.write(704, "WMaxLimPctEna", u16(0))
    assert device.ordered[Key.P_LIMIT_MAX_W] == float("inf")


def test_set_points_go_by_their_mode(device):
    device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", -3_000_000))
    assert device.ordered[Key.P_SET_W] == -3e6
    device.write(704, "WSetPct", u16(2000))
    device.write(704, "WSetMod", u16(0))
    assert device.ordered[Key.P_SET_W] == approx(2e6)
    device.write(704, "VarSetPct", struct.pack(">h", -5000))
    device.write(704, "VarSetEna", u16(1), u16(1))
    assert device.ordered[Key.Q_SET_VAR] == approx(-1.65e6)
    device.write(704, "PFWInj.PF", u16(950), u16(1))
    device.write(704, "PFWInjEna", u16(1))
    ordered = device.ordered
    assert ordered[Key.PF_SET_PU] == approx(0.95)
    assert (ordered[Key.Q_MODE_CODE], ordered[Key.EXCITATION_CODE]) == (4, 1)


def test_what_has_a_time_reverts_by_itself(device):
    device.write(704, "WMaxLimPctRvrt", u16(3000), u16(1), u32(20))
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    assert device.segment.controls.busy
    device.now_s += 5.0
    assert device.raw(704, "WMaxLimPctRvrtRem") == u32(15)
    device.now_s += 15.0
    device.segment.controls.look(device.now_s)
    assert device.ordered[Key.P_LIMIT_MAX_W] == 3e6
    assert not device.segment.controls.busy
    device.write(704, "WSetRvrtTms", u32(5))
    device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 1_000_000))
    device.now_s += 5.0
    device.segment.controls.look(device.now_s)
    assert Key.P_SET_W not in device.ordered


def test_an_order_that_has_expired_is_not_enabled(device):
    device.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    device.now_s += 601.0
    assert device.raw(704, "WMaxLimPctEna") == u16(0)


def test_the_heartbeat_and_the_commands_of_715(device):
    device.write(715, "ControllerHb", u32(70000))
    assert device.orders.heartbeat() == 70000 % 65536
    assert device.raw(715, "ControllerHb") == u32(70000)
    device.write(715, "OpCtl", u16(0))
    assert device.ordered[Key.ENABLE_CODE] == 0
    assert device.raw(715, "OpCtl") == u16(0)
    device.write(715, "AlarmReset", u16(1))
    assert device.ordered[Key.RESET_CODE] == 0


@mark.parametrize(
    ("number", "path", "raw", "code"),
    [
        (704, "WMaxLimPctEna", u16(1), ExceptionCode.ILLEGAL_VALUE),  # no limit yet
        (704, "WMaxLimPctEna", u16(7), ExceptionCode.ILLEGAL_VALUE),
        (704, "WMaxLimPct", b"\xff\xff", ExceptionCode.ILLEGAL_VALUE),
        (704, "WSet", u16(1), ExceptionCode.ILLEGAL_VALUE),  # half
        (704, "WRmp", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (704, "WSetRvrtRem", u32(1), ExceptionCode.ILLEGAL_ADDRESS),
        (702, "WMax", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (705, "AdptCrvReq", u16(1), ExceptionCode.ILLEGAL_ADDRESS),
        (715, "OpCtl", u16(2), ExceptionCode.ILLEGAL_VALUE),
    ],
)
def test_what_cannot_be_written_is_refused_and_orders_nothing(
    device, number, path, raw, code
):
    with raises(Refused) as refusal:
        device.write(number, path, raw)
    assert refusal.value.code is code
    assert not device.ordered


def test_too_much_is_refused_by_the_map_and_not_staged(device):
    with raises(Refused):
        device.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 11_000_000))
    assert not device.ordered
    assert device.raw(704, "WSet") == b"\x80\0\0\0"


def test_who_has_not_the_right_is_refused():
    trader = Device(allowed=[Key.P_SET_W])
    with raises(Refused):
        trader.write(704, "WMaxLimPctEna", u16(1), u16(5000))
    trader.write(704, "WSetEna", u16(1), u16(1), struct.pack(">i", 1_000_000))
    assert trader.ordered[Key.P_SET_W] == 1e6


def pysunspec2(port):
    client = importorskip(
        "sunspec2.modbus.client", reason="the group oracle is not installed"
    )
    device = client.SunSpecModbusClientDeviceTCP(1, "127.0.0.1", port, timeout=5)
    device.scan()
    found = [key for key in device.models if isinstance(key, int)]
    read = device.DERMeasureAC[0], device.DERCtlAC[0], device.DERCtl[0]
    measured, controls, status = read
    shown = {"W": measured.W.cvalue, "Hz": measured.Hz.cvalue,
             "V": device.DERVoltVar[0].Crv[0].Pt[0].V.cvalue}  # fmt: skip
    controls.WMaxLimPct.cvalue = 40.0
    controls.WMaxLimPctEna.value = 1
    controls.write()
    status.ControllerHb.value = 5
    status.write()
    controls.read()
    shown["limit"] = controls.WMaxLimPct.cvalue, controls.WMaxLimPctEna.value
    device.close()
    return found, shown


async def test_pysunspec2_scans_reads_and_writes_a_limit(device):
    server = ModbusServer("127.0.0.1", 0, {1: device.station})
    await server.start()
    try:
        found, shown = await asyncio.to_thread(pysunspec2, server.port)
    finally:
        await server.close()
    assert sorted(found) == list(MODELS)
    assert shown == {
        "W": 2.5e6, "Hz": approx(50.012), "V": approx(92.0),
        "limit": (approx(40.0), 1),
    }  # fmt: skip
    assert device.ordered[Key.P_LIMIT_MAX_W] == approx(4e6)
    assert device.orders.heartbeat() == 5
