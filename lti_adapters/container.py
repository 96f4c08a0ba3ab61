"""The wiring, readable top to bottom: every port and every repository is one provider.

A container belongs to one tool. Replace a part before anything is built: `LtiContainer(http=Object(fake))`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Callable, Configuration, Object, Provider, Selector
from dependency_injector.providers import ThreadSafeSingleton as Once

from lti_adapters.clock import SystemClock
from lti_adapters.http import Urllib3Http
from lti_adapters.imported import imported
from lti_adapters.key_store import CachedKeyStore
from lti_adapters.service_client import ServiceClient
from lti_adapters.settings import RegistrationSettings, Settings, load_settings, read_settings
from lti_adapters.tool import Tool
from lti_core.errors import ConfigurationError
from lti_core.messages import MESSAGE_TYPES, MessageType
from lti_core.ports import Clock, Http, KeyStore, NonceStore
from lti_storage.deployments import Deployments
from lti_storage.expiring import ExpiringStore, refuse_forgetful
from lti_storage.grant_files import FileGrants
from lti_storage.grants import Grants, NoGrants
from lti_storage.launches import Launches
from lti_storage.memory import MemoryNonces, MemoryStore
from lti_storage.nonces import Nonces
from lti_storage.registration_files import read_registrations, registrations_of_file
from lti_storage.registrations import FixedRegistrations, Registrations
from lti_storage.tool_keys import FolderToolKeys, NoToolKeys, ToolKeys

Config = str | Path | Mapping[str, Any]

BACKENDS = {"memory": "memory", "sqlite": "sql"}  # by the scheme of a storage's URL


def backend_of(url: str) -> str:
    """The backend that a URL of a storage asks for.

    Raises:
        ConfigurationError: `config.storage_unknown`.
    """
    scheme = url.partition(":")[0]  # the rest may hold a password
    if scheme not in BACKENDS:
        known = " or ".join(f"{name}://" for name in BACKENDS)
        message = f"There is no storage {scheme!r}: a storage's URL begins with {known}."
        raise ConfigurationError("config.storage_unknown", message, expected=known, found=scheme)
    return BACKENDS[scheme]


def _place_of(given: RegistrationSettings) -> str:
    """Where the registrations stand: a name of the provider `registrations`."""
    if given.file is not None:
        return "file"
    if given.document is not None:
        return "document"
    if given.url is not None:
        return _shared(backend_of(given.url), "registrations.url")
    message = 'There are no registrations: set registrations.file, as {"registrations": {"file": "tool.json"}}.'
    raise ConfigurationError("config.registrations_missing", message)


def _place_of_keys(place: str | None) -> str:
    """Where the tool's keys stand: a name of the provider `tool_keys`."""
    if place is None:
        return "none"
    return _shared(backend_of(place), "tool.keys") if "://" in place else "folder"


def _place_of_grants(place: str | None) -> str:
    """Where kept grants stand: a name of the provider `grants`."""
    if place is None:
        return "none"
    return _shared(backend_of(place), "tool.grants") if "://" in place else "file"


def _shared(backend: str, setting: str) -> str:
    if backend == "memory":
        message = f"{setting} cannot be in memory, which is empty at each start: write sqlite:////path/to/file.db."
        raise ConfigurationError("config.storage_unknown", message)
    return backend


def _in_file(path: Path) -> Registrations:
    return FixedRegistrations(registrations_of_file(path))


def _in_document(document: Mapping[str, object], folder: Path | None) -> Registrations:
    return FixedRegistrations(read_registrations(document, folder))


def _in_folder(folder: str, clock: Clock) -> ToolKeys:
    keys = FolderToolKeys(Path(folder), clock)
    keys.all()  # reading one takes milliseconds: at start, where one that cannot be read is told, and not in a login
    return keys


def _grants_in_file(file: str, clock: Clock) -> Grants:
    return FileGrants(Path(file), clock)


def _nonces_in(store: ExpiringStore, clock: Clock) -> NonceStore:
    """Used nonces are kept where all processes see them; memory has a store of its own for them, which evicts none."""
    if isinstance(store, MemoryStore):
        return MemoryNonces(clock)
    refuse_forgetful(store, clock)
    return Nonces(store)


class LtiContainer(DeclarativeContainer):
    """One tool's parts. Give `config` a mapping of settings, or `settings=Object(load_settings(path))`."""

    config = Configuration(default={})
    settings: Provider[Settings] = Once(read_settings, config)

    # the ways out of the core
    clock: Provider[Clock] = Once(SystemClock)
    http: Provider[Http] = Once(
        Urllib3Http,
        connect=settings.provided.http.connect,
        read=settings.provided.http.read,
        total=settings.provided.http.total,
        max_bytes=settings.provided.http.max_bytes,
    )

    # what the tool is told: its platforms, and its own keys
    registrations: Provider[Registrations] = Selector(
        Callable(_place_of, settings.provided.registrations),
        file=Once(_in_file, settings.provided.registrations.file),
        document=Once(_in_document, settings.provided.registrations.document, settings.provided.registrations.folder),
        sql=Once(imported("lti_storage.sql:SqlRegistrations", extra="sql"), settings.provided.registrations.url),
    )
    tool_keys: Provider[ToolKeys] = Selector(
        Callable(_place_of_keys, settings.provided.tool.keys),
        none=Once(NoToolKeys),
        folder=Once(_in_folder, settings.provided.tool.keys, clock),
        sql=Once(imported("lti_storage.sql:SqlToolKeys", extra="sql"), settings.provided.tool.keys, clock),
    )
    keys: Provider[KeyStore] = Once(
        CachedKeyStore,
        http=http,
        clock=clock,
        registrations=registrations,
        tool_keys=tool_keys,
        state_secrets=settings.provided.state.secrets,
        cache_lifetime=settings.provided.keys.cache_lifetime,
    )

    # what the tool remembers, by the scheme of the storage's URL
    store: Provider[ExpiringStore] = Selector(
        Callable(backend_of, settings.provided.storage.url),
        memory=Once(MemoryStore, clock),
        sql=Once(imported("lti_storage.sql:SqlStore", extra="sql"), settings.provided.storage.url, clock),
    )
    nonces: Provider[NonceStore] = Once(_nonces_in, store, clock)
    launches: Provider[Launches] = Once(Launches, store, clock, settings.provided.launches.lifetime)
    deployments: Provider[Deployments] = Once(Deployments, store, clock)

    # the platforms' services, and what they let the tool do without a user
    grants: Provider[Grants] = Selector(
        Callable(_place_of_grants, settings.provided.tool.grants),
        none=Once(NoGrants),
        file=Once(_grants_in_file, settings.provided.tool.grants, clock),
        sql=Once(imported("lti_storage.sql:SqlGrants", extra="sql"), settings.provided.tool.grants),
    )
    service_client: Provider[ServiceClient] = Once(
        ServiceClient, http=http, keys=keys, clock=clock, registrations=registrations
    )

    # the use cases
    message_types: Provider[Mapping[str, MessageType]] = Object(MESSAGE_TYPES)
    tool: Provider[Tool] = Once(
        Tool,
        registrations=registrations,
        keys=keys,
        nonces=nonces,
        launches=launches,
        deployments=deployments,
        clock=clock,
        services=service_client,
        grants=grants,
        settings=settings,
        message_types=message_types,
    )


def container_of(config: Config | None) -> Any:
    """The container of a tool that is configured so: by a settings file, a registrations file, or settings.

    Raises:
        ConfigurationError: `config.missing`, and with the codes of the settings.
    """
    if config is None:
        message = 'Give Lti(..., config="tool.json"), or set LTI in the settings of your application.'
        raise ConfigurationError("config.missing", message)
    if isinstance(config, Mapping):
        container = LtiContainer()
        container.config.from_dict(dict(config))
        return container
    return LtiContainer(settings=Object(load_settings(Path(config))))
