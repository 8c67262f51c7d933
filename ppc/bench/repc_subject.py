"""A textbook controller on the stand: REPC, telling the units directly.

It sees what the meter shows and writes set-points through registers like any other, in
equal parts. To compare with, and to try the bench itself on: its parameters can be made
wrong in known ways.
"""

from math import isnan, nan

from ppc.adapter.codec import BlockCodec
from ppc.adapter.command_codec import CommandCodec
from ppc.application.wiring import Connect
from ppc.bench.oracle.repc import Inputs, Model, Repc
from ppc.bench.simulated_time import SimulatedTime
from ppc.bench.subject import Modes, SubjectFactory
from ppc.communication.driver.base import Driver, Exchange, Function, Reply, Table
from ppc.configuration.loading import Configuration
from ppc.datamodel.rating import EquipmentType
from ppc.keys import Key

PERIOD_S = 0.1


class RepcSubject:
    """REPC every 100 ms. P and Q in pu of the connection point's `p_max_w`."""

    def __init__(
        self,
        configuration: Configuration,
        time: SimulatedTime,
        connect: Connect,
        parameters: Repc,
        *,
        delay_s: float = 0.0,
        q_sign: float = 1.0,
        model: type[Model] = Model,
    ) -> None:
        """`delay_s`: of its commands; `q_sign`: -1 turns its reactive power; `model`:
        another one of the same kind.
        """
        self._kind = model
        self.modes: Modes = {}
        self.baseline_w = nan
        self.alive = True
        self._time, self._point = time, configuration.connection_point
        self._parameters, self._delay_s, self._q_sign = parameters, delay_s, q_sign
        self._orders: dict[Key, float] = {}
        self._model: Model | None = None
        self._units: list[tuple[Driver, Exchange, CommandCodec]] = []
        self._connect_all(configuration, connect)
        self._tick_s = 0.007

    def _connect_all(self, configuration: Configuration, connect: Connect) -> None:
        for section in configuration.plant.devices.values():
            profile = configuration.profiles[section.variant]
            is_meter = profile.type is EquipmentType.POI
            driver = connect(section.connection, {})
            if is_meter:
                block = profile.reads[0]
                self._codec = BlockCodec(block, profile.word_order, PERIOD_S)
                function = (
                    Function.READ_INPUT
                    if block.table is Table.INPUT
                    else Function.READ_HOLDING
                )
                self._meter = driver
                self._question = Exchange(
                    section.station, function, block.address, block.count
                )
                self._question.done = self._seen
            elif profile.commands:
                commands = profile.commands[0]
                exchange = Exchange(
                    section.station,
                    Function.WRITE_MANY,
                    commands.address,
                    commands.count,
                )
                codec = CommandCodec(commands, profile.word_order)
                self._units.append((driver, exchange, codec))

    def start(self) -> None:
        """Nothing has to be opened."""

    def run(self, until_s: float) -> None:
        while self._tick_s <= until_s:
            self._time.sleep_until(self._tick_s)
            self._meter.submit(self._question)
            self._tick_s += PERIOD_S
        self._time.sleep_until(until_s)

    def order(self, key: Key, value: float) -> None:
        if isnan(value):
            self._orders.pop(key, None)
        else:
            self._orders[key] = value

    def _seen(self, reply: Reply) -> None:
        """The meter has answered: step, and tell the units."""
        if not isinstance(reply, bytes):
            return
        row = self._codec.decode(reply, self._time.now_s())
        values = dict(zip(self._codec.keys, row.values, strict=True))
        base_w, orders = self._point.p_max_w, self._orders
        at = Inputs(
            V=values[Key.V_V] / self._point.v_nominal_v,
            P=values[Key.P_W] / base_w,
            Q=values[Key.Q_VAR] / base_w,
            f=values[Key.F_HZ] / self._point.f_nominal_hz,
            Vref=orders.get(Key.V_SET_PU, 1.0),
            Qref=orders.get(Key.Q_SET_VAR, 0.0) / base_w,
            Pref=orders.get(Key.P_SET_W, 0.0) / base_w,
        )
        self._model = self._model or self._kind(self._parameters, PERIOD_S, at)
        p_pu, q_pu = self._model.step(at)
        self._time.call_later(
            self._delay_s, self._tell, p_pu * base_w, self._q_sign * q_pu * base_w
        )

    def _tell(self, p_w: float, q_var: float) -> None:
        count = len(self._units)
        wanted = {Key.P_SET_W: p_w / count, Key.Q_SET_VAR: q_var / count}
        for driver, exchange, codec in self._units:
            exchange.payload = codec.encode(wanted)
            driver.submit(exchange)


def repc(
    parameters: Repc,
    *,
    delay_s: float = 0.0,
    q_sign: float = 1.0,
    model: type[Model] = Model,
) -> SubjectFactory:
    """A subject with these parameters; see `RepcSubject` for what can be wrong."""

    def build(
        configuration: Configuration, time: SimulatedTime, connect: Connect
    ) -> RepcSubject:
        return RepcSubject(
            configuration,
            time,
            connect,
            parameters,
            delay_s=delay_s,
            q_sign=q_sign,
            model=model,
        )

    return build
