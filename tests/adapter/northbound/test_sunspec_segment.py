"""The SunSpec device: byte by byte, and as pysunspec2 reads and writes it."""

import asyncio
import struct

from pytest import approx, fixture, importorskip, mark

from ppc.adapter.northbound.sunspec_values import MODELS
from ppc.communication.server.modbus_server import ModbusServer
from ppc.keys import Key
from tests.adapter.northbound.sunspec_device import Device, u16, u32


@fixture(name="device")
def _device():
    return Device()


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
