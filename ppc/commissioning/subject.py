"""A device as tools see it: its profile, its station, and all requests to read it."""

from dataclasses import dataclass
from functools import cached_property

from ppc.adapter.block import Block
from ppc.adapter.block_image import BlockImage
from ppc.adapter.planner import planned
from ppc.adapter.point import Point
from ppc.adapter.point_codec import rating_bases
from ppc.adapter.profile import DeviceProfile, Requests
from ppc.adapter.sunspec.chain import FoundModel
from ppc.adapter.sunspec.resolution import Target, why_not, wire_address
from ppc.communication.errors import CommunicationError
from ppc.configuration.loading import Configuration
from ppc.datamodel.rating import UnitRating


class NotThere(CommunicationError):
    """The device has no such SunSpec model."""


@dataclass(frozen=True)
class Subject:
    """One device."""

    name: str
    profile: DeviceProfile
    station: int
    rating: UnitRating | None = None
    models: tuple[FoundModel, ...] = ()
    """The SunSpec models it was found to have."""

    def place(self, target: Target, count: int) -> int:
        """Where registers of the profile are on the wire. Raises NotThere."""
        address = wire_address(self.models, target, count)
        if address is None:
            raise NotThere(why_not(self.models, target, count))
        return address

    @cached_property
    def requests(self) -> tuple[Block, ...]:
        """Those of control, then those for the points that are for people only."""
        return self.profile.reads + self.profile.for_people

    def moved(self, point: Point) -> int:
        """How much further on the wire a point is than its profile says."""
        for block in self.requests:
            if point.models and point in block.points:
                return self.place(block, block.count) - block.address
        return 0

    def image(self, block: Block) -> BlockImage:
        """How the registers of the block are understood."""
        profile = self.profile
        return BlockImage(
            block,
            profile.word_order,
            profile.byte_order,
            rating_bases(self.rating),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All that can be read, by name or key."""
        return tuple(name for block in self.requests for name in names_of(block))


def names_of(block: Block) -> tuple[str, ...]:
    """What the block gives: its points, then its sums."""
    points = tuple(point.label for point in block.points)
    return points + tuple(each.key.value for each in block.sums)


def one_by_one(block: Block) -> tuple[Block, ...]:
    """The same points, in requests as small as they can be."""
    groups: list[set[str]] = []
    for names in (
        *({point.label, *point.needs} for point in block.points),
        *(set(each.of) for each in block.sums),
    ):
        joined = [group for group in groups if group & names]
        groups = [group for group in groups if not group & names]
        groups.append(names.union(*joined))
    found: list[Block] = []
    for group in groups:
        points = [
            point.model_copy(update={"table": block.table})
            for point in block.points
            if point.label in group
        ]
        sums = [each for each in block.sums if set(each.of) <= group]
        found += planned(points, sums, Requests())
    return tuple(sorted(found, key=lambda part: part.address))


def subject_of(configuration: Configuration, name: str) -> Subject:
    """The device of this name in plant.yaml. KeyError where there is none."""
    section = configuration.plant.devices[name]
    return Subject(
        name,
        configuration.profiles[section.variant],
        section.station,
        configuration.ratings.get(name),
    )
