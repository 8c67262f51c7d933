"""Accounts of this machine, and who of them may change what the controller does."""

import os
import pwd
from contextlib import suppress
from pathlib import Path


def account(uid: int) -> str:
    """The name of an account."""
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return f"uid {uid}"


def may_change(uid: int, folder: Path) -> bool:
    """The account the controller runs under, that of its record `folder`, and root."""
    return uid in {0, os.getuid(), _owner(folder)}


def _owner(folder: Path) -> int:
    with suppress(OSError):
        return folder.stat().st_uid
    return os.getuid()
