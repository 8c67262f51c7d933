"""What was in force when something was last written down."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from ppc.database.connection import address
from ppc.database.daily import daily_files
from ppc.database.schema import KINDS

logger = logging.getLogger(__name__)

_BUSY_S = 1.0
_NEWEST = f"SELECT what, digest FROM {KINDS['configurations'].name} ORDER BY seq"  # noqa: S608


def last_digests(directory: Path) -> dict[str, str]:
    """The digest written last, by what it is of. To be asked before anything is
    written. A file that cannot be read is left out.
    """
    found: dict[str, str] = {}
    for path in daily_files(directory):
        try:
            with closing(
                sqlite3.connect(address(path), uri=True, timeout=_BUSY_S)
            ) as connection:
                found |= dict(connection.execute(_NEWEST).fetchall())
        except (sqlite3.Error, OSError) as error:
            logger.info("%s tells no configurations: %s", path.name, error)
    return found
