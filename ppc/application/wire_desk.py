"""Where other programs of this machine ask devices something through the controller.

A device may serve one connection only, and that one is the controller's. What is asked
here goes after all that control asks.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

from pydantic import Field, ValidationError

from ppc.adapter.profile import DeviceProfile
from ppc.adapter.strict import Address, Strict
from ppc.adapter.sunspec.chain import FoundModel
from ppc.adapter.sunspec.resolution import Target, wire_address
from ppc.application.accounts import account, may_change
from ppc.application.aggregation import Aggregation
from ppc.application.device import FieldDevice
from ppc.application.wire_tap import Traced, WireTap
from ppc.communication.driver.base import Driver, Exchange, Function, Priority, Reply
from ppc.communication.errors import CommunicationError, Refused
from ppc.configuration.loading import Configuration

Loop = asyncio.AbstractEventLoop

logger = logging.getLogger(__name__)

_ANSWERED_WITHIN_S = 4.0
"""What waits longer is given up: others want to ask the controller, too."""


class Wanted(Strict):
    """The exchange that is asked for."""

    function: Function
    address: Address
    count: Annotated[int, Field(ge=1, le=2000)]
    payload: Annotated[str, Field(pattern=r"^([0-9a-f]{2})*$")] = ""
    """What is written, in hexadecimal figures."""
    write_address: Address = 0
    """Where it is written, if it is read and written in one."""
    station: Annotated[int, Field(ge=0, le=255)] | None = None
    """Another one on the same connection, to be read. Left out: the device's."""


class WireDesk:
    """Answers `{"ask": "exchange", "device": NAME, "exchange": {...}}`, and
    `{"ask": "trace", "device": NAME, "after": NUMBER}`.

    Everybody may read; writing is for those who may change settings. What control
    writes itself is not written without `"force": true`.
    """

    def __init__(
        self,
        configuration: Configuration,
        folder: Path,
        reach: Callable[[], tuple[Aggregation | None, Loop | None]],
        *,
        event: Callable[[str], None],
    ) -> None:
        """`folder`: of the record. `reach`: the field and the loop it lives in."""
        self._configuration = configuration
        self._folder = folder
        self._reach = reach
        self._taps: dict[Driver, WireTap] = {}
        self._event = event

    def reply(self, question: Mapping[str, Any], uid: int) -> dict[str, Any]:
        """To a question, of the account (uid) who asks."""
        plant_file = str(self._configuration.path.resolve())
        if question.get("plant_file", plant_file) != plant_file:
            return {"error": [f"the controller here runs {plant_file}"]}
        name = question.get("device")
        field, loop = self._reach()
        devices = field.devices if field else ()
        device = next((d for d in devices if d.name == name), None)
        if device is None or loop is None:
            return {"error": [f"there is no device {name}"]}
        if question.get("ask") == "trace":
            return self._trace(loop, device, question.get("after"))
        try:
            wanted = Wanted.model_validate(question.get("exchange"))
        except ValidationError as error:
            return {
                "error": [f"exchange: {e['loc']}: {e['msg']}" for e in error.errors()]
            }
        if wanted.function.writes:
            forced = question.get("force") is True
            reasons = list(self._objections(device, wanted, uid, forced=forced))
            if reasons:
                return {"error": reasons}
        return self._exchanged(loop, device, wanted, uid)

    def _trace(self, loop: Loop, device: FieldDevice, after: object) -> dict[str, Any]:
        """What went to and from the device since then; from the first call on."""
        found: Future[list[Traced]] = Future()

        def look() -> None:
            tap = self._taps.get(device.driver)
            if tap is None or not tap.listens:
                tap = self._taps[device.driver] = WireTap(device.driver, monotonic)
            number = after if isinstance(after, int) else 0
            found.set_result(tap.after(number, device.party.station))

        loop.call_soon_threadsafe(look)
        talks = found.result(_ANSWERED_WITHIN_S)
        return {"now_s": monotonic(), "talks": [talk.as_dict() for talk in talks]}

    def _objections(
        self, device: FieldDevice, wanted: Wanted, uid: int, *, forced: bool
    ) -> Iterator[str]:
        name = device.name
        if not may_change(uid, self._folder):
            yield f"{account(uid)} may not write to devices"
        section = self._configuration.plant.devices[name]
        own_station = device.party.station
        if wanted.station not in {None, own_station}:
            yield f"{name} has station {own_station}: another one is only read"
        profile = self._configuration.profiles[section.variant]
        own = commanded(profile, device.party.models)
        touched = range(wanted.address, wanted.address + wanted.count)
        if not forced and own.intersection(touched):
            yield (
                f"{name}: the controller itself writes these registers; it would "
                "write again at once. --force does it all the same"
            )

    def _exchanged(
        self,
        loop: Loop,
        device: FieldDevice,
        wanted: Wanted,
        uid: int,
    ) -> dict[str, Any]:
        station = device.party.station
        settled: Future[Reply] = Future()
        asked_s = monotonic()
        exchange = Exchange(
            station if wanted.station is None else wanted.station,
            wanted.function,
            wanted.address,
            wanted.count,
            Priority.SLOW,
            payload=bytes.fromhex(wanted.payload),
            expires_s=asked_s + _ANSWERED_WITHIN_S,
            done=settled.set_result,
            write_address=wanted.write_address,
        )

        def submit() -> None:
            try:
                device.driver.submit(exchange)
            except ValueError as error:  # a request that cannot be made
                settled.set_exception(error)

        loop.call_soon_threadsafe(submit)
        try:
            reply = settled.result(_ANSWERED_WITHIN_S)
        except TimeoutError:
            return {"error": [f"{device.name}: no time for it on this connection"]}
        except ValueError as error:
            return {"error": [f"{device.name}: {error}"]}
        if wanted.function.writes:
            self._tell(device.name, wanted, uid, reply)
        return {**told(reply), "latency_s": monotonic() - asked_s}

    def _tell(self, name: str, wanted: Wanted, uid: int, reply: Reply) -> None:
        came = f": {reply}" if isinstance(reply, CommunicationError) else ""
        text = (
            f"{account(uid)} wrote {wanted.payload} to {name}, function "
            f"{wanted.function:d}, address {wanted.address}{came}"
        )
        logger.info("by hand: %s", text)
        self._event(text)


def commanded(
    profile: DeviceProfile, models: Iterable[FoundModel] = ()
) -> frozenset[int]:
    """Addresses, as on the wire, of the registers that the controller keeps writing."""
    found = tuple(models)
    places: set[int] = set()
    targets: list[tuple[Target, int]] = [(g, g.count) for g in profile.commands]
    if profile.heartbeat is not None:
        targets.append((profile.heartbeat, profile.heartbeat.type.size))
    for target, count in targets:
        first = wire_address(found, target, count)
        if first is not None:
            places.update(range(first, first + count))
    return frozenset(places)


def told(reply: Reply) -> dict[str, Any]:
    """A reply as JSON."""
    if not isinstance(reply, CommunicationError):
        return {"payload": reply.hex()}
    code = reply.code if isinstance(reply, Refused) else None
    kind = type(reply).__name__
    return {"failed": {"kind": kind, "text": str(reply), "code": code}}
