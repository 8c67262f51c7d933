"""Looking for devices: which unit ids answer, and which profile fits. Only reads."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from ppc.adapter.block import Block
from ppc.adapter.profile import DeviceProfile
from ppc.commissioning.action import expected
from ppc.commissioning.knowing import known
from ppc.commissioning.line import Answer, Line, Question
from ppc.commissioning.plausibility import Fit, fit_of
from ppc.commissioning.reading import Reading, question, read_block, readings, refused
from ppc.commissioning.subject import NotThere, Subject
from ppc.communication.driver.base import Function
from ppc.communication.errors import (
    CommunicationError,
    ExceptionCode,
    NoReply,
    NotConnected,
    Refused,
)
from ppc.datamodel.rating import EquipmentType, UnitRating

_NOT_THERE = (ExceptionCode.NO_PATH, ExceptionCode.NO_TARGET_RESPONSE)
_NOBODY_ELSE = 3
"""So many unit ids that all answer are one device that does not look at them."""
_PATIENCE = 2
"""A profile is given up after so many requests without any answer."""
_ANY = 1e5
"""In place of ratings that nobody has told yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """A unit id that answers."""

    unit: int
    latency_s: float
    says: str


class GentleLine:
    """One request at a time with a pause; what was asked once is not asked again."""

    def __init__(self, line: Line, pause_s: float) -> None:
        self._line = line
        self._pause_s = pause_s
        self._answers: dict[Question, Answer] = {}
        self.asked_count = 0

    @property
    def way(self) -> str:
        return self._line.way

    async def ask(self, question: Question) -> Answer:
        assert not question.function.writes, "a scan writes nothing"
        known = self._answers.get(question)
        if known is not None:
            return known
        await asyncio.sleep(self._pause_s)
        self.asked_count += 1
        answer = await self._line.ask(question)
        if isinstance(answer.reply, NoReply):  # once more: it may have been busy
            answer = await self._line.ask(question)
        self._answers[question] = answer
        return answer

    async def close(self) -> None:
        await self._line.close()


async def stations(
    line: Line, units: Sequence[int]
) -> AsyncIterator[tuple[int, Found | None]]:
    """Ask each unit id for one register: any answer of its own is a sign of life.

    Raises NotConnected when nobody takes the connection.
    """
    for unit in units:
        answer = await line.ask(Question(unit, Function.READ_HOLDING, 0, 1))
        reply = answer.reply
        if isinstance(reply, NotConnected):
            raise reply
        gone = isinstance(reply, Refused) and reply.code in _NOT_THERE
        silent = isinstance(reply, CommunicationError) and not isinstance(
            reply, Refused
        )
        if gone or silent:
            yield unit, None
            continue
        says = answer.trouble or f"holding 0 is {answer.payload.hex()}"
        yield unit, Found(unit, answer.latency_s, says)


def distinct(found: Sequence[Found], asked: Sequence[int]) -> Sequence[Found]:
    """Only the first, where every unit id answers the same: they are not looked at."""
    same = len({each.says for each in found}) == 1
    if same and len(found) == len(asked) > _NOBODY_ELSE:
        return found[:1]
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile, and how it fits a unit id."""

    name: str
    profile: DeviceProfile
    fit: Fit
    readings: tuple[Reading, ...] = ()


async def tried(
    line: Line, unit: int, profiles: Mapping[str, DeviceProfile]
) -> AsyncIterator[Candidate]:
    """Hold every profile against the device."""
    for name, profile in profiles.items():
        subject = Subject(name, profile, unit, _any_rating(profile))
        subject = await known(line, subject)
        if profile.of_models and not subject.models:
            yield Candidate(name, profile, Fit())
            continue
        identity = await known_by(line, subject)
        if identity is False:
            yield Candidate(name, profile, Fit(identity=False))
            continue
        found = [reading async for reading in _keyed(line, subject)]
        yield Candidate(name, profile, fit_of(found, identity), tuple(found))


def ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best first; those that nothing speaks for are left out."""
    fitting = [each for each in candidates if each.fit.score > 0.0]
    return sorted(fitting, key=lambda each: (-each.fit.score, each.name))


async def known_by(line: Line, subject: Subject) -> bool | None:
    """Whether it is known by its identity; None: the profile knows none."""
    steps = subject.profile.identity
    if not steps:
        return None
    for step in steps:
        once = step.model_copy(update={"within_s": 0.0})
        if await expected(line, subject, once):
            return False
    return True


async def _keyed(line: Line, subject: Subject) -> AsyncIterator[Reading]:
    """What control would read; given up where nothing answers.

    What is refused as a whole is asked for piece by piece only where something else of
    the profile is there, or in its first request.
    """
    blocks = subject.profile.reads
    answers: list[Answer] = []
    for block in blocks:
        silent = answers[-_PATIENCE:]
        if len(silent) == _PATIENCE and all(map(_is_silent, silent)):
            break
        answers.append(await _whole(line, subject, block))
    there = any(isinstance(answer.reply, bytes) for answer in answers)
    gone = Answer(NoReply("given up"), 0.0, 0.0)
    for i, block in enumerate(blocks):
        answer = answers[i] if i < len(answers) else gone
        if i < len(answers) and refused(answer) and (there or i == 0):
            async for reading in read_block(line, subject, block):
                yield reading
        else:
            for reading in readings(subject, block, answer):
                yield reading


def _is_silent(answer: Answer) -> bool:
    return isinstance(answer.reply, NoReply)


async def _whole(line: Line, subject: Subject, block: Block) -> Answer:
    try:
        return await line.ask(question(subject, block))
    except NotThere as error:
        return Answer(error, 0.0, 0.0)


def _any_rating(profile: DeviceProfile) -> UnitRating | None:
    if profile.type is EquipmentType.POI:
        return None
    return UnitRating(
        name="any",
        type=profile.type,
        s_max_va=_ANY,
        p_max_w=_ANY,
        p_min_w=-_ANY,
        q_max_var=_ANY,
        e_max_wh=_ANY,
    )


def plant_lines(
    name: str, candidate: Candidate, unit: int, connection: Mapping[str, object]
) -> str:
    """The entry of plant.yaml for what was found."""
    told = ", ".join(f"{key}: {value}" for key, value in connection.items())
    lines = [
        f"  {name}:",
        f"    profile: {candidate.name}",
        f"    connection: {{{told}}}",
        f"    station: {unit}",
    ]
    if candidate.profile.type is not EquipmentType.POI:
        lines.append("    # s_max_va: 0.0e+6  the type plate says")
        lines.append("    # p_max_w: 0.0e+6")
    if candidate.profile.type is EquipmentType.BESS:
        lines.append("    # e_max_wh: 0.0e+6")
    return "\n".join(lines)


def telling(candidate: Candidate, most: int = 4) -> str:
    """A few values by which a person sees whether it is so."""
    shown = [
        f"{r.name} {r.shown}"
        for r in candidate.readings
        if r.keyed and not (isinstance(r.value, float) and isnan(r.value))
    ]
    return ", ".join(shown[:most])
