"""The SunSpec device with its time and its plant in a test's hands."""

import struct
from pathlib import Path

from ppc.adapter.northbound.bank import Bank
from ppc.adapter.northbound.command_desk import CommandDesk
from ppc.adapter.northbound.command_map import CommandMap
from ppc.adapter.northbound.map_segment import MapSegment
from ppc.adapter.northbound.order_lives import OrderLives
from ppc.adapter.northbound.order_rules import Checks, OrderRules
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.refusals import Refusals
from ppc.adapter.northbound.register_map import ORDERABLE, NorthboundMap
from ppc.adapter.northbound.station import ScadaStation
from ppc.adapter.northbound.sunspec_segment import SunSpecSegment, on_the_map
from ppc.datamodel.observation import Poi, Unit
from ppc.datamodel.rating import ConnectionPoint, EquipmentType, UnitRating
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

    def __init__(self, *, allowed=ORDERABLE, listed=LISTED, take="write", **chosen):
        self.now_s, self.view, self.local = 10.0, view(), False
        belief = Belief(heartbeat_timeout_s=10.0, order_life_s=600.0)
        self.orders = OperatorOrders(belief)
        self.functions = {name: FUNCTIONS[name].Settings() for name in listed}
        refusals = Refusals("SCADA", lambda: self.now_s)
        rules = OrderRules(take=take, **chosen)
        self.bank = Bank(
            *(self.orders, Checks(rules, MAP, PLANT), rules),
            OrderLives("operator", lambda _: None),
            allowed=allowed,
        )
        self.map = MapSegment(
            *(MAP, PLANT, self.bank, refusals), in_local_mode=lambda: self.local
        )
        sequence = (lambda: self.bank.sequence + 1) if take == "commit" else None
        commands = CommandDesk(
            *("operator", self.orders, CommandMap(address=700)),
            allowed=allowed,
            functions=listed,
            view=lambda: self.view,
        )
        self.segment = SunSpecSegment(
            *(40000, PLANT, "demo"),
            order=on_the_map(self.map, MAP, sequence),
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


def u16(value):
    return struct.pack(">H", value)


def u32(value):
    return struct.pack(">I", value)
