"""Settings that several faults hold at once."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any


class Held:
    """The newest fault counts; when the last lets go, what was before comes back."""

    def __init__(self) -> None:
        self._numbers = count()
        self._claims: dict[tuple[int, str], dict[int, Any]] = {}
        self._before: dict[tuple[int, str], Any] = {}

    def set(self, owner: object, name: str, value: object) -> Callable[[], None]:
        """Hold an attribute; what is returned lets go of it."""
        before = getattr(owner, name)
        return self.hold(owner, name, value, before, partial(setattr, owner, name))

    def hold(
        self,
        owner: object,
        name: str,
        value: Any,  # noqa: ANN401
        before: Any,  # noqa: ANN401
        apply: Callable[[Any], None],
    ) -> Callable[[], None]:
        """Hold what `apply` sets; what is returned lets go of it."""
        place, number = (id(owner), name), next(self._numbers)
        claims = self._claims.setdefault(place, {})
        if not claims:
            self._before[place] = before
        claims[number] = value
        apply(value)

        def undo() -> None:
            newest = next(reversed(claims)) == number
            del claims[number]
            if newest:
                left = next(reversed(claims.values()), self._before[place])
                apply(left)

        return undo
