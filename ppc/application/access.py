"""Who stands before which station: everybody else finds nobody there."""

import logging
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from ppc.communication.server.base import Caller, Directory, Station
from ppc.configuration.scada import SERIAL

logger = logging.getLogger(__name__)

_KNOWN_MOST = 1024
"""Callers whose way is remembered."""
_STRANGERS_TOLD = 32

Networks = Sequence[IPv4Network | IPv6Network]


class Mark(NamedTuple):
    """What a caller is known by: all of it must hold; None or empty: does not matter.

    `own_port`: nobody else is known by it.
    """

    units: Sequence[int] | None = None
    port: int | str | None = None
    networks: Networks = ()
    role: str | None = None
    own_port: bool = False

    def met_by(self, caller: Caller, unit: int) -> bool:
        """Whether the caller, asking for this unit id, is who is meant."""
        port = caller.port if caller.host else SERIAL
        return (
            (self.units is None or unit in self.units)
            and self.port in (None, port)
            and self.role in (None, caller.role)
            and (not self.networks or within(caller.host, self.networks))
        )

    def trusts(self, caller: Caller) -> bool:
        """Whether more than a number in his request says who he is.

        A network, a role or a port of his own does; and so it does to be at this
        machine, or on a serial line.
        """
        told = bool(self.networks) or self.role is not None or self.own_port
        return told or not caller.host or _near(caller.host)


class Entry(NamedTuple):
    """One who may come in, and what he finds."""

    mark: Mark
    station: Station
    """For whom it is certain to be him."""
    shown: Station
    """For whom it is not."""


def directory(entries: Sequence[Entry], readers: Networks, plain: Station) -> Directory:
    """The way from callers to stations: the first whose mark is met is who calls.

    Who is none of them finds `plain` when he calls from `readers`, else nobody: that
    is told, of 32 addresses at most.
    """
    told: set[str] = set()

    @lru_cache(_KNOWN_MOST)
    def find(caller: Caller, unit: int) -> Station | None:
        for mark, station, shown in entries:
            if mark.met_by(caller, unit):
                return station if mark.trusts(caller) else shown
        if readers and within(caller.host, readers):
            return plain
        known = caller.host in told or not caller.host  # others share a serial line
        if not known and len(told) < _STRANGERS_TOLD:
            told.add(caller.host)
            logger.warning("%s is no source at unit id %d", caller.host, unit)
        return None

    return find


def within(host: str, networks: Networks) -> bool:
    """Whether the address lies in one of the networks; "" lies in none."""
    address = _address(host)
    return address is not None and any(address in network for network in networks)


def _near(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """IPv4 also where a socket of IPv6 tells it. None: it is no address."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
