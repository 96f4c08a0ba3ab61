"""Aliases: the names that Django's settings give to databases and caches."""

import re

from lti_core.errors import ConfigurationError

_URL = re.compile(r"(django|django-cache)://([A-Za-z0-9_.-]{0,64})")


def alias_of(url: str) -> str:
    """The database or the cache that a URL names: `django://` is the one called "default".

    Raises:
        ConfigurationError: `config.storage_url_invalid`.
    """
    parts = _URL.fullmatch(url)
    if parts is None:
        message = "The storage URL must be django:// or django-cache://, and then may have a name of Django's settings."
        raise ConfigurationError("config.storage_url_invalid", message)
    return parts[2] or "default"
