"""The wiring, readable top to bottom: every port and every repository is one provider.

A container belongs to one tool. Replace a part before anything is built: `LtiContainer(http=Object(fake))`.
"""

from collections.abc import Callable as Build
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
from lti_adapters.places import backend_of, place_of_list, place_of_registrations
from lti_adapters.services.client import ServiceClient
from lti_adapters.services.sealed_grants import SealedGrants
from lti_adapters.settings import Settings, load_settings, read_settings
from lti_adapters.tool import Tool
from lti_core.errors import ConfigurationError
from lti_core.messages import MESSAGE_TYPES, MessageType
from lti_core.ports import Clock, Http, KeyStore, NonceStore
from lti_storage.cached import CachedRegistrations, CachedToolKeys
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


def _in_file(path: Path) -> Registrations:
    return FixedRegistrations(registrations_of_file(path))


def _in_document(document: Mapping[str, object], folder: Path | None) -> Registrations:
    return FixedRegistrations(read_registrations(document, folder))


def _kept_for_seconds(registrations: Registrations, clock: Clock) -> Registrations:
    is_fixed = isinstance(registrations, FixedRegistrations)
    return registrations if is_fixed else CachedRegistrations(registrations, clock)


def _keys_kept_for_seconds(keys: ToolKeys, clock: Clock) -> ToolKeys:
    return keys if isinstance(keys, NoToolKeys | FolderToolKeys) else CachedToolKeys(keys, clock)


def _in_folder(folder: str, clock: Clock) -> ToolKeys:
    keys = FolderToolKeys(Path(folder), clock)
    keys.all()  # reading one takes milliseconds: at start, where one that cannot be read is told, and not in a login
    return keys


def _grants_in_file(file: str, clock: Clock) -> Grants:
    return FileGrants(Path(file), clock)


def _in_flask_cache(extensions: Mapping[str, object], clock: Clock) -> ExpiringStore:
    cache = imported("lti_storage.flask_caching:cache_of", extra="flask-caching")(extensions)
    store: ExpiringStore = imported("lti_storage.flask_caching:FlaskCachingStore", extra="flask-caching")(cache, clock)
    return store


def _of_django(place: str) -> Build[..., Any]:
    """What stands there in the package for Django; its modules can be imported in a Django project only."""
    enter = imported("lti_storage.django.project:enter", extra="django")
    made = imported(f"lti_storage.django.{place}", extra="django")

    def call(*args: Any) -> Any:
        enter()
        return made(*args)

    return call


def is_of_one_process(store: ExpiringStore) -> bool:
    """Whether other processes cannot see what is kept there."""
    return isinstance(store, MemoryStore) or bool(getattr(store, "of_one_process", False))


def _nonces_in(store: ExpiringStore, clock: Clock) -> NonceStore:
    """Used nonces are kept where all processes see them; memory has a store of its own for them, which evicts none."""
    if is_of_one_process(store):
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

    # what the tool is told: its platforms, and its own keys; those of a shared store are read again every few seconds
    listed_registrations: Provider[Registrations] = Selector(
        Callable(place_of_registrations, settings.provided.registrations, settings.provided.storage.url),
        file=Once(_in_file, settings.provided.registrations.file),
        document=Once(_in_document, settings.provided.registrations.document, settings.provided.registrations.folder),
        sql=Once(imported("lti_storage.sql:SqlRegistrations", extra="sql"), settings.provided.registrations.url),
        redis=Once(
            imported("lti_storage.redis:RedisRegistrations", extra="redis"), settings.provided.registrations.url
        ),
        django=Once(
            _of_django("registrations:DjangoRegistrations"),
            settings.provided.registrations.url,
        ),
    )
    registrations: Provider[Registrations] = Once(_kept_for_seconds, listed_registrations, clock)
    listed_tool_keys: Provider[ToolKeys] = Selector(
        Callable(place_of_list, settings.provided.tool.keys, "tool.keys", "folder"),
        none=Once(NoToolKeys),
        folder=Once(_in_folder, settings.provided.tool.keys, clock),
        sql=Once(imported("lti_storage.sql:SqlToolKeys", extra="sql"), settings.provided.tool.keys, clock),
        redis=Once(imported("lti_storage.redis:RedisToolKeys", extra="redis"), settings.provided.tool.keys),
        django=Once(_of_django("tool_keys:DjangoToolKeys"), settings.provided.tool.keys),
    )
    tool_keys: Provider[ToolKeys] = Once(_keys_kept_for_seconds, listed_tool_keys, clock)
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
    flask_extensions: Provider[Mapping[str, object]] = Object({})  # those of the application, with flask-caching://
    store: Provider[ExpiringStore] = Selector(
        Callable(backend_of, settings.provided.storage.url),
        memory=Once(MemoryStore, clock),
        sql=Once(imported("lti_storage.sql:SqlStore", extra="sql"), settings.provided.storage.url, clock),
        redis=Once(imported("lti_storage.redis:RedisStore", extra="redis"), settings.provided.storage.url, clock),
        memcached=Once(
            imported("lti_storage.memcached:MemcachedStore", extra="memcached"), settings.provided.storage.url, clock
        ),
        django=Once(_of_django("store:DjangoStore"), settings.provided.storage.url, clock),
        django_cache=Once(_of_django("cache:DjangoCacheStore"), settings.provided.storage.url, clock),
        flask_caching=Once(_in_flask_cache, flask_extensions, clock),
    )
    nonces: Provider[NonceStore] = Once(_nonces_in, store, clock)
    launches: Provider[Launches] = Once(Launches, store, clock, settings.provided.launches.lifetime)
    deployments: Provider[Deployments] = Once(Deployments, store, clock)

    # the platforms' services, and what they let the tool do without a user
    listed_grants: Provider[Grants] = Selector(
        Callable(place_of_list, settings.provided.tool.grants, "tool.grants", "file"),
        none=Once(NoGrants),
        file=Once(_grants_in_file, settings.provided.tool.grants, clock),
        sql=Once(imported("lti_storage.sql:SqlGrants", extra="sql"), settings.provided.tool.grants),
        redis=Once(imported("lti_storage.redis:RedisGrants", extra="redis"), settings.provided.tool.grants),
        django=Once(_of_django("grants:DjangoGrants"), settings.provided.tool.grants),
    )
    grants: Provider[Grants] = Once(SealedGrants, listed_grants, registrations, keys)
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
