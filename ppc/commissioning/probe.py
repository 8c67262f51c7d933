"""One device, looked at as a whole: reached, known, every point, how fast."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from ppc.commissioning.knowing import known
from ppc.commissioning.line import Answer, Line, Question
from ppc.commissioning.reading import ABSENT, GOOD, Reading, read
from ppc.commissioning.scan import known_by
from ppc.commissioning.subject import Subject
from ppc.commissioning.watching import percentile
from ppc.communication.errors import CommunicationError, Refused

ROUNDS = 20


@dataclass(slots=True)
class Looked:
    """What was found out about a device."""

    name: str
    profile: str
    way: str
    identity: bool | None = None
    """None: the profile knows none."""
    readings: list[Reading] = field(default_factory=list)
    """Of the first round."""
    latencies_s: list[float] = field(default_factory=list)
    asked_count: int = 0
    failed_count: int = 0
    refused_count: int = 0
    trouble: str = ""
    """The last failure."""

    @property
    def reached(self) -> bool:
        """Whether it answered at all."""
        return self.asked_count > self.failed_count

    @property
    def bad(self) -> list[Reading]:
        """Points that control cannot use, though the profile promises them."""
        return [r for r in self.readings if r.keyed and r.quality not in (GOOD, ABSENT)]

    @property
    def refused(self) -> list[Reading]:
        """Points the device does not have."""
        return [r for r in self.readings if r.quality.startswith("refused")]

    @property
    def sound(self) -> bool:
        return self.reached and self.identity is not False and not self.bad

    def at(self, share: float) -> float:
        """A percentile of the latency."""
        return percentile(self.latencies_s, share)

    def count(self, quality: str) -> int:
        return sum(reading.quality == quality for reading in self.readings)


class _Counting:
    """A line that counts what comes of its questions."""

    def __init__(self, line: Line, looked: Looked) -> None:
        self._line, self._looked = line, looked

    @property
    def way(self) -> str:
        return self._line.way

    async def ask(self, question: Question) -> Answer:
        answer = await self._line.ask(question)
        looked = self._looked
        looked.asked_count += 1
        if isinstance(answer.reply, Refused):
            looked.refused_count += 1
        elif isinstance(answer.reply, CommunicationError):
            looked.failed_count += 1
            looked.trouble = str(answer.reply)
            return answer
        looked.latencies_s.append(answer.latency_s)
        return answer

    async def close(self) -> None:
        """The line is not ours."""


async def look(line: Line, subject: Subject, profile: str, rounds: int) -> Looked:
    """Read all points, and again what control reads, for the latency."""
    looked = Looked(subject.name, profile, line.way)
    counting = _Counting(line, looked)
    subject = await known(counting, subject)
    looked.readings = [reading async for reading in read(counting, subject)]
    if not looked.reached:
        return looked
    looked.identity = await known_by(counting, subject)
    keyed = [r.name for r in looked.readings if r.keyed and r.registers]
    for _ in range(rounds - 1):
        if keyed:
            _ = [reading async for reading in read(counting, subject, keyed)]
    return looked


async def values_of(
    line: Line, subject: Subject, names: Sequence[str]
) -> dict[str, float]:
    """Those that can be used, and the moment they were asked for as `at_s`."""
    found: dict[str, float] = {"at_s": monotonic()}
    async for reading in read(line, subject, names):
        if reading.quality == GOOD and not isinstance(reading.value, str):
            found[reading.name] = reading.value
    return found
