"""Settings files: TOML, or JSON, as mappings."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lti_core.errors import ConfigurationError


def read_document(path: Path) -> Mapping[str, Any]:
    """What a file holds: TOML when its name ends with .toml, else JSON.

    Raises:
        ConfigurationError: `config.settings_file_unreadable`, `config.settings_not_readable`, `config.member_twice`.
    """
    text = read_text(path)
    if is_toml(path):
        return _toml(text, path)
    document = _json(text, path)
    if not isinstance(document, Mapping):
        message = f"{path} must hold an object, that is, begin with {{ and end with }}."
        raise ConfigurationError("config.settings_not_readable", message)
    return document


def is_toml(path: Path) -> bool:
    """Whether the file is read as TOML."""
    return path.suffix.lower() == ".toml"


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        ConfigurationError: `config.settings_file_unreadable`.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or type(error).__name__}."
        raise ConfigurationError("config.settings_file_unreadable", message) from error
    except UnicodeError as error:
        message = f"{path} is not text in UTF-8."
        raise ConfigurationError("config.settings_file_unreadable", message) from error


def _toml(text: str, path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # its message names line and column
        raise ConfigurationError("config.settings_not_readable", f"{path} is not TOML: {error}.") from error


def _json(text: str, path: Path) -> object:
    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for name, value in pairs:
            if name in members:
                raise ConfigurationError("config.member_twice", f"{path}: {name!r} stands twice in one object.")
            members[name] = value
        return members

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        message = f"{path} is not JSON: {error.msg} in {where}."
        raise ConfigurationError("config.settings_not_readable", message) from error
    except RecursionError as error:
        message = f"{path} is not JSON that can be read: too many values inside one another."
        raise ConfigurationError("config.settings_not_readable", message) from error
