"""Places: where the URL of a setting leads, and what can be kept there."""

from lti_adapters.settings import RegistrationSettings
from lti_core.errors import ConfigurationError

DATABASE = "sqlite:////path/to/file.db"
_DATABASES = f"{DATABASE}, postgresql://, mysql:// or redis://"
BACKENDS = {  # by the scheme of a storage's URL
    "memory": "memory",
    "sqlite": "sql",
    "postgresql": "sql",
    "mysql": "sql",
    "redis": "redis",
    "rediss": "redis",
    "unix": "redis",
    "memcached": "memcached",
    "django": "django",
    "django-cache": "django_cache",
    "flask-caching": "flask_caching",
}
_CACHES = ("memcached", "django_cache", "flask_caching")
_SHOWN = ("memory", "sqlite", "postgresql", "mysql", "redis", "memcached", "django", "django-cache", "flask-caching")


def backend_of(url: str) -> str:
    """The backend that a URL of a storage asks for.

    Raises:
        ConfigurationError: `config.storage_unknown`.
    """
    scheme = url.partition(":")[0]  # the rest may hold a password
    if scheme not in BACKENDS:
        known = " or ".join(f"{name}://" for name in _SHOWN)
        message = f"There is no storage {scheme!r}: a storage's URL begins with {known}."
        raise ConfigurationError("config.storage_unknown", message, expected=known, found=scheme)
    return BACKENDS[scheme]


def place_of_registrations(given: RegistrationSettings, storage: str) -> str:
    """Where the registrations stand: "file", "document", or a backend.

    Args:
        storage: the setting `storage.url`.

    Raises:
        ConfigurationError: `config.registrations_missing`; as `place_of_list`.
    """
    if given.file is not None:
        return "file"
    if given.document is not None:
        return "document"
    if given.url is not None:
        return _listing(backend_of(given.url), "registrations.url")
    message = 'There are no registrations: set registrations.file, as {"registrations": {"file": "tool.json"}}.'
    if backend_of(storage) in _CACHES:
        message = f"{message[:-1]}, or registrations.url; {storage.partition(':')[0]}:// is a cache and can hold none."
    raise ConfigurationError("config.registrations_missing", message)


def place_of_list(place: str | None, setting: str, file: str) -> str:
    """Where the tool's keys or grants stand: "none", `file`, or a backend.

    Raises:
        ConfigurationError: `config.storage_unknown` when nothing can be listed or kept there.
    """
    if place is None:
        return "none"
    return _listing(backend_of(place), setting) if "://" in place else file


def _listing(backend: str, setting: str) -> str:
    if backend == "memory":
        message = f"{setting} cannot be in memory, which is empty at each start: write {_DATABASES}."
        raise ConfigurationError("config.storage_unknown", message)
    if backend in _CACHES:
        message = f"{setting} cannot be in a cache, which forgets: write {_DATABASES}."
        raise ConfigurationError("config.storage_unknown", message)
    return backend
