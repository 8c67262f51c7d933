"""A full disk, as the recorder lives with it."""

import logging
from collections.abc import Callable
from pathlib import Path

from ppc.database.ballast import NAME, Ballast, is_full
from ppc.database.room import free_bytes

logger = logging.getLogger(__name__)

_LEAST_BYTES = 4_000_000
"""What is to be free at any time where there is no ballast, or a small one: today's WAL
and that of trend.db."""
_NOTHING_BYTES = 64_000
"""With less no file can be opened: SQLite needs 32 kB beside it."""


class Space:
    """The writer tells what was refused; the keeper looks whether it is over.

    While the disk is full only durable rows are written, on the room of the ballast;
    `lost` tells how many rows were lost so far.
    """

    def __init__(
        self, directory: Path, *, ballast_bytes: int, lost: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._ballast = Ballast(directory / NAME, ballast_bytes)
        self._reserve_bytes = max(ballast_bytes, _LEAST_BYTES)
        self._lost = lost
        self._lost_before_count = 0
        self._is_laid = False
        self._trouble = ""
        self.is_full = False

    @property
    def is_short(self) -> bool:
        """Whether room should be made before it is too late. Raises OSError."""
        wanted_bytes = self._reserve_bytes
        if not self._is_laid:
            wanted_bytes += self._ballast.size_bytes
        return free_bytes(self._directory) < wanted_bytes

    def refused(self, failure: BaseException | None) -> bool:
        """Hears what a write failed with. True: the disk is full, and room was made
        for what is durable.
        """
        if failure is None or not (is_full(failure) or self._is_nothing_left()):
            return False
        if not self.is_full:
            self._lost_before_count = self._lost()
            self.is_full = True
            logger.error(
                "the disk of the record is full: samples are left out, "
                "events, commands and energy are written on"
            )
        self._is_laid = False
        return self._ballast.drop()

    def restore(self) -> None:
        """Lay the ballast, for the first time or again, where there is room for it and
        as much; then samples are written again.
        """
        if self._is_laid:
            return
        try:
            if self.is_short:
                return
            self._ballast.lay()
        except OSError as error:
            if str(error) != self._trouble:
                logger.warning("no ballast for the record: %s", error)
            self._trouble = str(error)
            return
        self._is_laid, self._trouble = True, ""
        if self.is_full:
            self.is_full = False
            logger.warning(
                "there is room on the disk again: samples are written; %d rows lost",
                self._lost() - self._lost_before_count,
            )

    def _is_nothing_left(self) -> bool:
        try:
            return free_bytes(self._directory) < _NOTHING_BYTES
        except OSError:
            return False
