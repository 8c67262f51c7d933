"""An InfluxDB over HTTP, of version 1 (`/write`) or 2 (`/api/v2/write`).

Source: InfluxDB documentation, "API reference", from memory.
"""

import gzip
import ssl
from base64 import b64encode
from collections.abc import Sequence
from email.message import Message
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from ppc.configuration.export import InfluxSection, SecretMissing

_REFUSED = (400, 413, 422)
"""Points that the target will not take, however often they come."""
_LONGEST_S = 300.0
_SAID = 300
"""Signs of an answer that are told."""


class Away(Exception):
    """The target did not take it now: it will be tried again."""

    def __init__(self, reason: str, rest_s: float = 0.0) -> None:
        super().__init__(reason)
        self.rest_s = rest_s
        """How long it asks not to be asked."""


class Refused(Exception):
    """The target says that it is the points that are wrong."""


class Influx:
    """One target."""

    def __init__(self, section: InfluxSection) -> None:
        self._section = section
        url = section.url.rstrip("/")
        if section.database is not None:
            asked = {"db": section.database, "precision": "ns"}
            if section.retention_policy:
                asked["rp"] = section.retention_policy
            self._url = f"{url}/write?{urlencode(asked)}"
        else:
            asked = {"org": section.org or "", "bucket": section.bucket or ""}
            self._url = f"{url}/api/v2/write?{urlencode(asked)}&precision=ns"

    def send(self, points: Sequence[bytes]) -> None:
        """Have points written, and wait for the answer. Raises Away, Refused."""
        body = gzip.compress(b"".join(points), compresslevel=3)
        try:
            request = Request(self._url, body, self._headers(), method="POST")  # noqa: S310 (http only, as checked)
            with urlopen(  # noqa: S310
                request, timeout=self._section.timeout_s, context=self._context()
            ) as answer:
                answer.read()
        except HTTPError as error:
            with error:
                said = error.read(_SAID).decode(errors="replace").strip()
            reason = f"{error.code} {error.reason} {said}"
            if error.code in _REFUSED:
                raise Refused(reason) from None
            raise Away(reason, _rest_s(error.headers)) from None
        except URLError as error:
            raise Away(f"{error.reason}") from None
        except (OSError, HTTPException, SecretMissing) as error:
            raise Away(f"{error}") from None

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/plain"}
        secret = self._section.secret()
        if secret is not None and self._section.database is None:
            headers["Authorization"] = f"Token {secret}"
        elif secret is not None or self._section.user is not None:
            pair = f"{self._section.user or ''}:{secret or ''}".encode()
            headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
        return headers

    def _context(self) -> ssl.SSLContext | None:
        if not self._url.startswith("https"):
            return None
        return ssl.create_default_context(cafile=self._section.ca_file)


def _rest_s(headers: Message) -> float:
    """`Retry-After` in seconds; 0 where it is absent, or a date."""
    told = headers.get("Retry-After", "")
    return min(float(told), _LONGEST_S) if told.isdecimal() else 0.0
