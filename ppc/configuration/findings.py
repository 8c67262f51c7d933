"""What is wrong with a configuration: every finding with its file, place and reason."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import yaml
from pydantic import ConfigDict, ValidationError, create_model


class Finding(NamedTuple):
    """One thing that is wrong."""

    file: str
    path: str
    """Dotted place within the file, "" for the whole of it."""
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


class ConfigurationError(Exception):
    """The configuration cannot be used; `findings` says all that is wrong with it."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


_MERGE = "tag:yaml.org,2002:merge"


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML in which an entry that stands twice is an error, not silently the last."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002
    ) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key_node.tag == _MERGE:
                continue
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:  # noqa: ANN401
    """The content of a YAML file. Raises ConfigurationError."""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506 (a SafeLoader)
    except OSError as error:
        raise ConfigurationError(
            [Finding(str(path), "", f"cannot be read: {error.strerror}")]
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = error.problem or str(error)
        raise ConfigurationError([Finding(str(path), place, reason)]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError([Finding(str(path), "", str(error))]) from error


def explain(error: ValidationError, file: str, prefix: str = "") -> Iterator[Finding]:
    """The findings of pydantic, in words for whoever wrote the file."""
    for each in error.errors():
        place = ".".join(str(part) for part in each["loc"])
        path = ".".join(part for part in (prefix, place) if part)
        reason = each["msg"].removeprefix("Value error, ")
        given = each.get("input")
        if each["type"] == "extra_forbidden":
            reason = "unknown entry: misspelt?"
        elif each["type"] == "missing":
            reason = "is missing"
        elif not isinstance(given, dict | list) and each["type"] != "value_error":
            reason = f"{reason}, not {given!r}"
        yield Finding(file, path, reason)


def build(kind: type[Any], options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """An instance of the settings dataclass `kind` from options of a file.

    Raises:
        pydantic.ValidationError: an option is unknown, missing or of the wrong type.
        ValueError: a value is out of range; the sentence names it.
    """
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for unknown in set(options) - set(names):
        near = get_close_matches(str(unknown), names, 1)
        meant = f": did you mean {near[0]}?" if near else f": it has {', '.join(names)}"
        raise ValueError(f"there is no setting {unknown!r}{meant}")
    definitions: dict[str, Any] = {
        f.name: (hints[f.name], ... if f.default is MISSING else f.default)
        for f in fields(kind)
    }
    model = create_model(
        kind.__name__, __config__=ConfigDict(extra="forbid"), **definitions
    )
    checked = model.model_validate(dict(options))
    return kind(**{name: getattr(checked, name) for name in names})
