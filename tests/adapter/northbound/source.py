"""A source's bank with its time in a test's hands."""

from pathlib import Path

from pytest import raises

from ppc.adapter.northbound.bank import Bank
from ppc.adapter.northbound.echo import echo
from ppc.adapter.northbound.order_code import OrderRefused
from ppc.adapter.northbound.order_lives import OrderLives
from ppc.adapter.northbound.order_rules import Checks, OrderRules
from ppc.adapter.northbound.orders import Belief, OperatorOrders
from ppc.adapter.northbound.register_map import NorthboundMap
from ppc.datamodel.rating import ConnectionPoint
from ppc.keys import Key

MAP = NorthboundMap.load(
    Path(__file__).parents[3] / "config" / "northbound" / "scada.yaml"
)
PLANT = ConnectionPoint(
    v_nominal_v=20e3, f_nominal_hz=50.0, p_max_w=10e6, p_min_w=-6e6, q_max_var=3.3e6
)


class Source:
    """A bank, its time, and the lives of its orders."""

    def __init__(self, belief=None, rules=None, **more):
        usual = {"heartbeat_timeout_s": 10.0, "order_life_s": 60.0}
        self.now_s = 0.0
        self.steps = []
        self.orders = OperatorOrders(Belief(**usual | (belief or {})))
        rules = OrderRules(**(rules or {}))
        lives = OrderLives("trader", self.steps.append)
        checks = Checks(rules, MAP, PLANT)
        self.bank = Bank(self.orders, checks, rules, lives, **more)

    def write(self, **values):
        given = {Key(name): value for name, value in values.items()}
        try:
            self.bank.write(given, self.now_s)
        except OrderRefused as refusal:
            self.bank.note(refusal, 400, self.now_s)
            raise

    def refused(self, why, **values):
        before = self.orders.received(self.now_s)
        with raises(OrderRefused) as refusal:
            self.write(**values)
        assert refusal.value.why is why
        assert self.orders.received(self.now_s) == before

    def shown(self, name, *, in_charge=True):
        return echo(self.bank, self.now_s, in_charge=in_charge)[Key(name)]

    @property
    def counts(self):
        told = self.orders.received(self.now_s)
        return {key.value: value for key, value in told.items()}

    @property
    def lived(self):
        return [(s.key, s.number, s.value, s.state) for s in self.steps]
