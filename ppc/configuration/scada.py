"""`scada` of plant.yaml: where the plant is asked, by whom, and who may order what."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from ppc.adapter.northbound.order_rules import Policy, Take
from ppc.adapter.northbound.register_map import DATED, GRANTABLE, ORDERABLE, ORDERS
from ppc.adapter.strict import Address, Strict
from ppc.configuration.listeners import ListenerSection
from ppc.configuration.scada_limits import LimitsSection
from ppc.keys import Key

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Networks = tuple[Annotated[IPv4Network | IPv6Network, PlainValidator(ip_network)], ...]
Unit = Annotated[int, Field(ge=0, le=255)]

LOCAL = "local"
"""The name of the source at the plant: the only one that can take charge there."""
SERIAL = "serial"
"""What stands for the port of a serial line."""


class SourceSection(Strict):
    """One who orders, and what he is known by: all that is told of him must hold."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """`local` is who stands at the plant; the others are remote."""
    unit: Unit | None = None
    """His Modbus unit id. Left out: any."""
    port: Address | Literal["serial"] | None = None
    """The port of ours he comes in by. Left out: any."""
    from_: Networks = Field(default=(), alias="from")
    """Where he calls from. Left out: anywhere."""
    role: Annotated[str, Field(min_length=1)] | None = None
    """What his certificate calls him. Left out: anything, or nothing."""
    read: bool = True
    """Whether he may read."""
    keys: tuple[Key, ...] | None = None
    """What he may write. Left out: all orders (`local_code` only `local`); that he may
    have curves adopted must be said (`curves_code`).
    """
    heartbeat_timeout_s: Positive | None = None
    """How soon his loss is noticed. Left out: that of `scada`."""
    order_life_s: Positive | None = None
    """Left out: that of `scada`."""
    reset_s: NotNegative = 0.0
    """How long his heartbeat must be steady again after a loss before he counts."""
    fallback: Literal["none", "hold", "default"] | None = None
    """What stands in for orders that expired: nothing, the last ones, `default`.
    Left out: the last limits, and a block."""
    default: dict[Key, float] = Field(default_factory=dict)
    take: Take | None = None
    """Left out: that of `scada`; so are the next two."""
    policy: Policy | None = None
    rate_pu_per_s: dict[Key, Positive] | None = None

    @property
    def allowed(self) -> frozenset[Key]:
        """The keys he may write."""
        given = frozenset(ORDERABLE if self.keys is None else self.keys)
        return given if self.name == LOCAL else given - {Key.LOCAL_CODE}

    @property
    def known_by(self) -> str:
        """What he is known by, for people."""
        told = (
            ("station", self.unit),
            ("port", self.port),
            ("role", self.role),
            ("from", ", ".join(map(str, self.from_)) or None),
        )
        return ", ".join(f"{what} {which}" for what, which in told if which is not None)

    @model_validator(mode="after")
    def _known_by_something(self) -> Self:
        told = (self.unit, self.port, self.role)
        if not self.from_ and all(each is None for each in told):
            raise ValueError("needs a unit, a port, a role or `from` to be known by")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for key in self.keys or ():
            if key not in GRANTABLE:
                raise ValueError(f"keys: {key} is no order")
            if key not in self.allowed:
                raise ValueError(f"keys: {key} is for the source {LOCAL} only")
        wanted = {Key.P_SET_W, *DATED}
        if self.allowed.intersection(DATED) and not wanted <= self.allowed:
            raise ValueError(f"keys: {', '.join(sorted(wanted))} go together")
        if (self.fallback == "default") != bool(self.default):
            raise ValueError("fallback default needs `default`, and nothing else does")
        for key in self.default:
            if key not in self.allowed or key not in ORDERS:
                raise ValueError(f"default: {key} is no order this source may give")
        return self

    def covers(self, other: "SourceSection") -> bool:
        """Whether whoever is known as `other` would be known as this one, too."""
        for mine, his in (
            (self.unit, other.unit),
            (self.port, other.port),
            (self.role, other.role),
        ):
            if mine is not None and mine != his:
                return False
        return not self.from_ or (
            len(other.from_) > 0
            and all(
                any(_within(his, mine) for mine in self.from_) for his in other.from_
            )
        )


class ScadaSection(Strict):
    """The Modbus server the grid operator's SCADA speaks to."""

    map: str = "scada"
    """File in config/northbound."""
    host: str = "127.0.0.1"
    port: Address = 5502
    listeners: tuple[ListenerSection, ...] = ()
    """All ways in. Left out: one, at `host` and `port`."""
    limits: LimitsSection = LimitsSection()
    """What one client may take of each of them."""
    station: Annotated[int, Field(ge=1, le=247)] = 1
    heartbeat_timeout_s: Positive = 10.0
    """Once SCADA's heartbeat has been seen, all orders expire when it stands still
    for this long."""
    order_life_s: Positive = 60.0
    """Life of an order written without any heartbeat."""
    take: Take = "write"
    """Whether a set-point counts when it is written, or when `sequence_code` is."""
    policy: Policy = "reject"
    """Of a set-point out of range or too fast: refused, or taken as far as allowed."""
    rate_pu_per_s: dict[Key, Positive] = Field(default_factory=dict)
    """How far apart successive values of a set-point may be, for the time between."""
    from_: Networks = Field(default=(), alias="from")
    """Where the only operator calls from, where no sources are listed. Left out:
    anyone may read, and only this machine write."""
    sources: tuple[SourceSection, ...] = ()
    """Who orders, the highest first. Left out: one operator, at `station`, 0 and 255.
    """
    readers: Networks = ()
    """Who else may read, at any unit id: the plant, but no orders."""

    @property
    def ways_in(self) -> tuple[ListenerSection, ...]:
        """Where the server listens."""
        return self.listeners or (ListenerSection(host=self.host, port=self.port),)

    def own_port(self, source: SourceSection) -> bool:
        """Whether nobody else is known by the port of one of the sources."""
        others = [each.port for each in self.sources if each is not source]
        return source.port is not None and not {None, source.port} & set(others)

    @property
    def first_unit(self) -> int:
        """Where whoever stands highest is found."""
        if not self.sources:
            return self.station
        unit = self.sources[0].unit
        return 1 if unit is None else unit

    @property
    def ends(self) -> Mapping[tuple[str, int], tuple[str, ...]]:
        """Host and port of each TCP listener, and where it is told."""
        return {
            (way.host, way.port): ("listeners", str(i), "port")
            if self.listeners
            else ("port",)
            for i, way in enumerate(self.ways_in)
            if way.serial is None
        }


def _within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False
