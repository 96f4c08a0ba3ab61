"""What the value of a setting must be. Each marker makes cattrs read a field of `settings` strictly.

An error is a sentence that lacks its beginning, the name of the setting: `settings` puts it there.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cattrs import override

from lti_adapters.pages.texts import texts_with
from lti_core.errors import ConfigurationError

SHORTEST_SECRET = 32
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def text(example: str) -> Any:
    """Marks a text that is not empty."""
    return _read_by(lambda value: _text(value, example))


def text_or_none(example: str) -> Any:
    """Marks a text that is not empty, or null."""
    return _read_by(lambda value: None if value is None else _text(value, example))


def path_or_none(example: str) -> Any:
    """Marks the name of a file, or null."""
    return _read_by(lambda value: None if value is None else Path(_text(_plain(value), example)))


def seconds(least: float, most: float, example: float) -> Any:
    """Marks a number of seconds, read into a float."""
    return _read_by(lambda value: float(_seconds(value, least, most, example)))


def duration(least: float, most: float, example: float) -> Any:
    """Marks a number of seconds, read into a timedelta."""
    return _read_by(lambda value: timedelta(seconds=_seconds(value, least, most, example)))


def size(least: int, most: int) -> Any:
    """Marks a whole number of bytes."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            message = f"must be a whole number of bytes from {least} to {most}, without quotes."
            raise ConfigurationError("config.setting_invalid", message, found=value)
        return value

    return _read_by(read)


def _read_by(read: Callable[[Any], object]) -> Any:
    return override(struct_hook=lambda value, _: read(value))


def _plain(value: object) -> object:
    """The name of a path that a program gave."""
    return str(value) if isinstance(value, Path) else value


def _text(value: object, example: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError("config.setting_invalid", f'must be a text in quotes, as "{example}".')
    return value


def _seconds(value: Any, least: float, most: float, example: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        message = f"must be a number of seconds from {least} to {most}, without quotes, as {example}."
        raise ConfigurationError("config.setting_invalid", message, found=value)
    return value


def _origin(value: object) -> str | None:
    """Scheme and host; what adapters put before a path."""
    if value is None:
        return None
    url = _text(value, "https://tool.example")
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or url.rstrip("/") != f"{parts.scheme}://{parts.netloc}" or not _is_web_address(url):
        message = 'must be where the tool is, without a path, as "https://tool.example".'
        raise ConfigurationError("config.setting_invalid", message, found=url)
    return url.rstrip("/")


def _urls(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(url, str) and _is_web_address(url) for url in value):
        message = 'must be a list of addresses, as ["https://tool.example/lti/launch", "https://tool.example/quiz/*"].'
        raise ConfigurationError("config.setting_invalid", message, found=value)
    return tuple(value)


def _is_web_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and url.isprintable() and " " not in url and "@" not in url


def _secrets(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(secret, str) for secret in value):
        message = "must be a list of texts, the newest secret first."
        raise ConfigurationError("config.setting_invalid", message)
    if any(len(secret) < SHORTEST_SECRET for secret in value):
        message = (
            f"has a secret of fewer than {SHORTEST_SECRET} characters: make one with"
            " python -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
        raise ConfigurationError("config.state_secret_short", message)
    return tuple(value)


def _document(value: object) -> Mapping[str, Any] | None:
    if value is not None and not isinstance(value, Mapping):
        message = 'must be an object of issuers, as {"https://platform.example": [{"client_id": "..."}]}.'
        raise ConfigurationError("config.setting_invalid", message)
    return value


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(part, str) for pair in value.items() for part in pair):
        message = 'must be an object of texts, as {"heading.launch": "This did not work"}.'
        raise ConfigurationError("config.setting_invalid", message)
    texts_with(value)
    return value


def _language(value: object) -> str:
    tag = _text(value, "en")
    if not _LANGUAGE.fullmatch(tag):
        message = 'must be a language tag, as "en" or "pt-BR".'
        raise ConfigurationError("config.setting_invalid", message, found=tag)
    return tag


ORIGIN_OR_NONE = _read_by(_origin)
URLS = _read_by(_urls)
SECRETS = _read_by(_secrets)
DOCUMENT_OR_NONE = _read_by(_document)
TEXTS = _read_by(_texts)
LANGUAGE = _read_by(_language)
