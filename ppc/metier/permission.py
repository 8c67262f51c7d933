"""The operator's permission to run, which may have to be given anew."""


class Permission:
    """Whether the operator permits service. Silence neither gives nor takes it."""

    def __init__(self) -> None:
        self._given = True
        self._spent = False
        """Whether an event has used it up: it counts again after a 0."""

    def given(self, enable_code: float | None, *, spend: bool) -> bool:
        """Take in the order, and whether something happens now that uses it up."""
        if enable_code == 0:
            self._given = self._spent = False
        elif spend:
            self._given, self._spent = False, True
        elif enable_code is not None and not self._spent:
            self._given = True
        return self._given
