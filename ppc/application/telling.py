"""What is wrong with a device, said once per change."""

import logging

logger = logging.getLogger(__name__)


class Telling:
    """Remembers for each matter what was said last."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.troubles: dict[str, str] = {}
        """What is wrong now, by matter."""

    def trouble(self, matter: str, why: str) -> None:
        """Say that something is wrong, unless it was said before."""
        if self.troubles.get(matter) != why:
            logger.warning("%s: %s: %s", self._name, matter, why)
        self.troubles[matter] = why

    def well(self, matter: str) -> None:
        """Say that it is not wrong any more, if it was."""
        if self.troubles.pop(matter, None) is not None:
            logger.warning("%s: %s: well again", self._name, matter)
