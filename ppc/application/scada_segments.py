"""What a source's station shows beside the map."""

from ppc.adapter.northbound.image_segment import ImageSegment
from ppc.adapter.northbound.published import Published, gaps, published
from ppc.adapter.northbound.segment import Segment
from ppc.configuration.loading import Configuration


class Shown:
    """All segments of one station, and what stands in them."""

    def __init__(self, configuration: Configuration, registers: Segment) -> None:
        """`registers`: the segment of the map, with the orders of the source."""
        northbound = configuration.northbound
        plant = configuration.connection_point
        self.segments: list[Segment] = [registers]
        self.published: list[Published] = published(northbound)
        for image in northbound.images:
            part = ImageSegment(image, registers, published(northbound), plant)
            self.segments.append(part)
            self.published += part.published
        self.gaps = (
            tuple(gaps(self.published)) if northbound.gaps == "not_available" else ()
        )
        """Runs that read as not available."""
