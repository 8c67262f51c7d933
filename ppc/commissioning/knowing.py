"""What must be asked before the registers of a device can be understood."""

from dataclasses import replace

from ppc.adapter.point import Point
from ppc.adapter.point_codec import PointCodec
from ppc.adapter.profile import OrderFrom
from ppc.adapter.register_type import WordOrder
from ppc.adapter.sunspec.chain import BrokenChain, FoundModel, NoSunSpec, discover
from ppc.application.requests import registers
from ppc.commissioning.line import Line, Question
from ppc.commissioning.subject import Subject
from ppc.communication.driver.base import READ_BY, Function
from ppc.communication.errors import CommunicationError


async def known(line: Line, subject: Subject) -> Subject:
    """The subject with its SunSpec models, and with the word order it tells.

    What cannot be found out is left as the profile has it.
    """
    if subject.profile.of_models:
        try:
            subject = replace(subject, models=await models(line, subject.station))
        except (NoSunSpec, CommunicationError):
            return subject
    rule = subject.profile.word_order_from
    if rule is None:
        return subject
    order = await _order(line, subject, rule)
    if order is None:
        return subject
    profile = subject.profile.model_copy(update={"word_order": order})
    return replace(subject, profile=profile)


async def models(line: Line, station: int) -> tuple[FoundModel, ...]:
    """The SunSpec models of a station; where the chain breaks off, those before.

    Raises NoSunSpec, NotConnected.
    """

    async def read(address: int, count: int) -> bytes:
        asked = Question(station, Function.READ_HOLDING, address, count)
        return (await line.ask(asked)).payload

    try:
        return await discover(read)
    except BrokenChain as broken:
        return broken.found


async def _order(line: Line, subject: Subject, rule: OrderFrom) -> WordOrder | None:
    size = rule.type.size
    asked = Question(subject.station, READ_BY[rule.table], rule.address, size)
    reply = (await line.ask(asked)).reply
    if isinstance(reply, CommunicationError):
        return None
    codec = PointCodec(Point(name="order", address=0, type=rule.type), 0)
    raw = codec.raw(registers(rule.table, reply, size))
    return next((o for value, o in rule.among.items() if value == raw), None)
