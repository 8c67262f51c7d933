"""Where settings of control functions are changed and taken back while they run."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, replace
from datetime import datetime
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ppc.application.accounts import account, may_change
from ppc.application.parameter_rows import settings_rows
from ppc.configuration.findings import ConfigurationError, instead
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import (
    Parameters,
    Place,
    Settings,
    Version,
    Writing,
    load_over,
    place_of,
    values,
)
from ppc.core.retuning import Retuning
from ppc.metier import FUNCTIONS

logger = logging.getLogger(__name__)

_TAKEN_WITHIN_S = 5.0
_CHANGES = TypeAdapter(dict[str, dict[str, Any]])


class Refused(Exception):
    """A change that is not made; `reasons` says all that is wrong with it."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


class Unchanged(Refused):
    """It is what holds already."""


class NotTaken(Refused):
    """Control did not take it over."""


class NotWritten(Refused):
    """The disk did not take it."""


class FilesDiffer(Refused):
    """The files are not what they were at the start."""


Apply = Callable[[Configuration, Mapping[str, Retuning]], Future[None]]
"""Puts a configuration into force with these functions retuned, between two cycles."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants a change, and why."""

    uid: int
    why: str = ""
    source: str = ""
    """Of SCADA, where it is one of those."""

    @property
    def who(self) -> str:
        return self.source or account(self.uid)


class ParameterDesk:
    """Answers questions about settings, one at a time, in any thread that may wait.

    Everybody may look; a change is for the account the controller runs under, for
    that of its record, and for root.
    """

    def __init__(
        self,
        configuration: Configuration,
        parameters: Parameters,
        *,
        apply: Apply,
        event: Callable[[str], None],
    ) -> None:
        self._configuration = configuration
        self._parameters = parameters
        self._apply = apply
        self._event = event
        self._at_work = Lock()

    def reply(self, question: Mapping[str, Any], uid: int) -> dict[str, Any]:
        """To `{"ask": "settings"}`, `{"ask": "set", ...}`, `{"ask": "revert", ...}`."""
        plant_file = str(self._configuration.path.resolve())
        if question.get("plant_file", plant_file) != plant_file:
            return {"error": [f"the controller here runs {plant_file}"]}
        try:
            return self._reply(question, Order(uid, str(question.get("why") or "")))
        except ValidationError:
            return {"error": ["changes: {FUNCTION: {SETTING: VALUE}} is needed"]}
        except Refused as refused:
            return {"error": list(refused.reasons)}

    def _reply(self, question: Mapping[str, Any], order: Order) -> dict[str, Any]:
        match question.get("ask"):
            case "settings":
                rows = settings_rows(self._configuration, self._parameters)
                return {"settings": list(rows)}
            case "set":
                changes = _CHANGES.validate_python(question.get("changes"))
                return {"changed": self.set(changes, order).model_dump()}
            case "revert":
                number = question.get("number")
                return {"changed": self.revert(number, order).model_dump()}
        raise Refused("ask is one of settings, set, revert")

    def set(self, changes: Settings, order: Order) -> Version:
        """Change settings now and for every start to come. Raises Refused."""
        with self._at_work:
            return self._set(changes, order)

    def revert(self, number: object, order: Order) -> Version:
        """Take one version back, now and for every start to come. Raises Refused."""
        with self._at_work:
            return self._revert(number, order)

    def _set(self, changes: Settings, order: Order) -> Version:
        self._permit(order)
        places = [(f, s) for f, settings in changes.items() for s in settings]
        functions = dict(self._configuration.functions)
        unknown = [
            f"{function}: is not listed in {self._configuration.path}"
            + instead(function, functions)
            for function in changes
            if function not in functions
        ]
        known = {f: dict(s) for f, s in changes.items() if f in functions}
        if not places:
            raise Refused("nothing is to be changed")
        version = self._version(order, after=known)
        try:
            after = load_over(self._configuration.path, self._parameters.with_(version))
        except ConfigurationError as error:
            raise Refused(*unknown, *_reasons(error)) from None
        if unknown:
            raise Refused(*unknown)
        return self._make(version, after, places)

    def _revert(self, number: object, order: Order) -> Version:
        self._permit(order)
        try:
            gone = self._parameters.revertible(number, self._plant)
        except ValueError as error:
            raise Refused(str(error)) from None
        version = self._version(order, reverts=gone.number, after={})
        try:
            after = load_over(self._configuration.path, self._parameters.with_(version))
        except ConfigurationError as error:
            raise Refused(*_reasons(error)) from None
        places = [(f, s) for f, settings in gone.after.items() for s in settings]
        return self._make(version, after, places)

    @property
    def _plant(self) -> str:
        return self._configuration.plant.plant.name

    def _permit(self, order: Order) -> None:
        if not may_change(order.uid, self._parameters.folder.parent):
            us = account(os.getuid())
            raise Refused(f"{order.who} may not change settings, only {us} and root")

    def _version(
        self, order: Order, *, after: Settings, reverts: int | None = None
    ) -> Version:
        return Version(
            number=self._parameters.next_number,
            when=datetime.now().astimezone().isoformat(timespec="milliseconds"),
            who=order.who,
            why=order.why,
            plant=self._plant,
            reverts=reverts,
            before={},
            after={f: dict(s) for f, s in after.items()},
        )

    def _make(
        self, version: Version, after: Configuration, places: list[Place]
    ) -> Version:
        """Write it, have control take it over, and count it from then on."""
        before = self._configuration
        if reasons := list(_aside(before, after, set(places))):
            raise FilesDiffer(*reasons)
        version = version.model_copy(
            update={
                "before": values(before.functions, places),
                "after": values(after.functions, places),
            }
        )
        if version.before == version.after:
            raise Unchanged("nothing would change: that is what holds already")
        try:
            writing = Writing(self._parameters, version)
        except OSError as error:
            raise NotWritten(f"cannot be written down: {error}") from None
        try:
            _await(self._apply(after, _retunings(before, after)))
        except BaseException:
            writing.drop()
            raise
        writing.keep()
        self._configuration = after
        self._parameters = self._parameters.with_(version)
        logger.info("parameters %s", version)
        self._event(str(version))
        return version


def _reasons(error: ConfigurationError) -> Iterator[str]:
    for finding in error.findings:
        function, setting = place_of(finding)
        place = ".".join(filter(None, (function, setting))) or finding.path
        yield ": ".join(filter(None, (place, finding.reason)))


def _aside(
    before: Configuration, after: Configuration, asked: set[Place]
) -> Iterator[str]:
    """What else would change, because the files are not what they were at the start."""
    differ = [
        (function, each.name)
        for (function, old), (_, new) in zip(
            before.functions, after.functions, strict=False
        )
        if type(old) is type(new)
        for each in fields(old)
        if getattr(old, each.name) != getattr(new, each.name)
    ]
    names = [name for name, _ in before.functions]
    if (
        _but_settings(before) != _but_settings(after)
        or names != [name for name, _ in after.functions]
        or not set(differ) <= asked
    ):
        yield (
            f"{before.path}, or a file it names, is not what it was at the start: "
            "start the controller anew first"
        )


def _but_settings(configuration: Configuration) -> Configuration:
    plant = configuration.plant.model_copy(update={"functions": ()})
    return replace(configuration, plant=plant, functions=())


def _retunings(before: Configuration, after: Configuration) -> dict[str, Retuning]:
    """Of the functions whose settings differ."""
    plant, old = before.connection_point, dict(before.functions)
    return {
        name: Retuning(FUNCTIONS[name](old[name], plant), FUNCTIONS[name](new, plant))
        for name, new in after.functions
        if new != old[name]
    }


def _await(taken: Future[None]) -> None:
    try:
        taken.result(_TAKEN_WITHIN_S)
    except TimeoutError:
        if taken.cancel():
            raise NotTaken("control did not take it over: it does not run") from None
        taken.result(_TAKEN_WITHIN_S)
