"""The container: what it wires, for every storage, and how it explains what is missing."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import Barrier, Thread
from types import ModuleType
from typing import Any

import pytest
from dependency_injector.providers import Object, Provider
from flask import Flask
from flask_caching import Cache

from lti_adapters.container import LtiContainer
from lti_adapters.imported import imported
from lti_adapters.places import BACKENDS
from lti_adapters.settings import Settings, load_settings
from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.keys import new_private_key
from lti_core.services.grant import ServiceGrant
from tests.fakes import NOON, PLATFORM_KEY, TOOL_PEM, FakeHttp, FakeKeys, FakeNonces, FixedClock
from tests.servers.django import database

DOCUMENT = {
    "https://lms.example": {
        "client_id": "tool-1",
        "auth_login_url": "https://lms.example/auth",
        "auth_token_url": "https://lms.example/token",
        "key_set": {"keys": [dict(PLATFORM_KEY.public)]},
        "deployment_ids": ["dep-1"],
        "private_key": TOOL_PEM,
    }
}
HERE = {  # storages that need no server
    "memory": "memory://",
    "sqlite": "sqlite:///{folder}/kept.db",
    "django": "django://",
    "django-cache": "django-cache://",
    "flask-caching": "flask-caching://",
}
AWAY = {  # servers that nobody has started: to make a store asks none
    "postgresql": "postgresql://tool:pa55word@127.0.0.1:1/kept",
    "mysql": "mysql://tool:pa55word@127.0.0.1:1/kept",
    "redis": "redis://127.0.0.1:1/0",
    "rediss": "rediss://127.0.0.1:1/0",
    "unix": "unix:///nowhere/redis.sock",
    "memcached": "memcached://127.0.0.1:1",
}
LISTING = ("sql", "redis", "django")  # backends that hold registrations, keys and grants, too


def container_with(values: dict[str, Any], **parts: Provider[Any]) -> Any:
    container: Any = LtiContainer(**parts)
    container.config.from_dict({"registrations": {"document": DOCUMENT}, **values})
    return container


def container_at(scheme: str, url: str) -> Any:
    """The container of a tool that keeps there whatever can be kept there."""
    values: dict[str, Any] = {"storage": {"url": url}}
    if BACKENDS[scheme] in LISTING:
        values |= {"registrations": {"url": url}, "tool": {"keys": url, "grants": url}}
    app = Flask("tool")
    Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    return container_with(values, flask_extensions=Object(app.extensions))


def check_places(scheme: str, built: dict[str, Any]) -> None:
    package = f"lti_storage.{BACKENDS[scheme].removesuffix('_cache')}"
    lists = {"registrations": "Registrations", "tool_keys": "ToolKeys", "grants": "Grants"}
    assert type(built["store"]).__module__.startswith(package)
    for name, kind in lists.items() if BACKENDS[scheme] in LISTING else ():
        found = type(built[f"listed_{name}"])
        assert (found.__module__.startswith(package), found.__name__.endswith(kind)) == (True, True), found


def test_every_storage_is_among_those_that_are_built() -> None:
    assert {*HERE, *AWAY} == set(BACKENDS)


@pytest.mark.parametrize("scheme", AWAY)
def test_every_provider_is_built_though_its_server_is_away_but_for_those_that_ask_it(scheme: str) -> None:
    container = container_at(scheme, AWAY[scheme])
    asking = {"nonces", "tool"}  # what forgets is refused at start
    check_places(scheme, {name: make() for name, make in container.providers.items() if name not in asking})
    for name in asking:
        with pytest.raises(StorageFailed) as failure:
            container.providers[name]()
        assert failure.value.code == "storage.unavailable"


@pytest.mark.parametrize("scheme", HERE)
def test_every_provider_is_built_with_every_storage(scheme: str, tmp_path: Path) -> None:
    url = database(f"sqlite://{tmp_path}/kept.db") if scheme == "django" else HERE[scheme].format(folder=tmp_path)
    container = container_at(scheme, url)
    built = {name: provider() for name, provider in container.providers.items()}
    assert set(built) >= {"settings", "clock", "http", "registrations", "keys", "tool_keys", "store", "nonces", "tool"}
    assert None not in built.values()
    check_places(scheme, built)
    tool = built["tool"]
    assert tool.nonces is built["nonces"]
    assert tool.registrations is built["registrations"]
    assert tool.settings is built["settings"]
    assert tool.nonces.use("n1", NOON + timedelta(days=36500), "h1")
    assert not tool.nonces.use("n1", NOON + timedelta(days=36500), "h1")


def test_registrations_come_from_a_file_a_document_or_a_database(tmp_path: Path) -> None:
    (tmp_path / "private.pem").write_text(TOOL_PEM)
    entry = {**DOCUMENT["https://lms.example"], "private_key_file": "private.pem", "private_key": None}
    file = tmp_path / "settings.json"
    file.write_text(f'{{"registrations": {{"document": {json.dumps({"https://lms.example": entry})}}}}}')
    container: Any = LtiContainer(settings=Object(load_settings(file)))
    assert container.registrations().find("https://lms.example", "tool-1").private_key == TOOL_PEM

    old = tmp_path / "tool.json"
    old.write_text(json.dumps({"https://lms.example": entry}))
    container = LtiContainer(settings=Object(load_settings(old)))
    (registration,) = container.registrations().all()
    assert registration.private_key == TOOL_PEM

    url = f"sqlite:///{tmp_path}/registrations.db"
    container = LtiContainer()
    container.config.from_dict({"registrations": {"url": url}})
    container.listed_registrations().add(registration)
    other: Any = LtiContainer()
    other.config.from_dict({"registrations": {"url": url}})
    assert other.registrations().all() == (registration,)


@pytest.mark.parametrize("place", ["{folder}/keys", "sqlite:///{folder}/keys.db"])
def test_the_tools_keys_stand_in_a_folder_or_a_database(place: str, tmp_path: Path) -> None:
    container = container_with({"tool": {"keys": place.format(folder=tmp_path)}})
    key = container.tool_keys().add(new_private_key())
    assert key.kid in {public["kid"] for public in container.tool().public_keys()["keys"]}


@pytest.mark.parametrize("place", ["{folder}/grants.json", "sqlite:///{folder}/grants.db"])
def test_kept_grants_stand_in_a_file_or_a_database(place: str, tmp_path: Path) -> None:
    values = {"tool": {"grants": place.format(folder=tmp_path)}}
    grant = ServiceGrant(issuer="https://lms.example", client_id="tool-1", deployment_id="dep-1")
    container_with(values).tool().grants.keep(grant)
    assert container_with(values).grants().all() == (grant,)


def test_without_a_place_for_grants_there_are_none_and_none_is_kept() -> None:
    grants = container_with({}).grants()
    assert grants.all() == ()
    with pytest.raises(ConfigurationError) as refused:
        grants.keep(ServiceGrant(issuer="https://lms.example", client_id="tool-1", deployment_id="dep-1"))
    assert refused.value.code == "config.grants_missing"


def test_grants_are_not_kept_in_memory() -> None:
    with pytest.raises(ConfigurationError) as refused:
        container_with({"tool": {"grants": "memory://"}}).grants()
    assert "tool.grants cannot be in memory" in refused.value.message


def test_without_a_place_for_keys_there_are_none() -> None:
    assert container_with({}).tool_keys().all() == ()


def test_a_tests_own_parts_replace_ours() -> None:
    clock, nonces, keys = FixedClock(), FakeNonces(), FakeKeys()
    http = FakeHttp(lambda request: pytest.fail("no request is needed"))
    parts = {"clock": clock, "nonces": nonces, "keys": keys, "http": http, "message_types": {}}
    container = container_with({}, **{name: Object(part) for name, part in parts.items()})
    tool = container.tool()
    assert (tool.clock, tool.nonces, tool.keys, tool.message_types) == (clock, nonces, keys, {})
    assert container.http() is http


@pytest.mark.parametrize(
    "name", ["registrations", "store", "launches", "deployments", "tool_keys", "grants", "settings"]
)
def test_each_repository_can_be_replaced(name: str) -> None:
    ours = container_with({}).providers[name]()
    container = container_with({}, **{name: Object(ours)})
    assert container.providers[name]() is ours
    container.tool()


class Forgetful:
    """A store that keeps nothing, as a cache that is switched off."""

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        return True

    def get(self, key: str) -> str | None:
        return None

    def set(self, key: str, value: str, expires_at: datetime) -> None: ...

    def delete(self, key: str) -> None: ...


def test_a_store_that_forgets_is_refused_at_start() -> None:
    with pytest.raises(ConfigurationError) as refused:
        container_with({}, store=Object(Forgetful())).tool()
    assert refused.value.code == "config.storage_forgets"


def test_nonces_are_kept_in_the_store_that_a_program_brings(tmp_path: Path) -> None:
    """Whatever the storage setting says: in the memory of one process they would not stop a replay in another."""
    store = container_with({"storage": {"url": f"sqlite:///{tmp_path}/kept.db"}}).store()
    first, second = (container_with({}, store=Object(store)).nonces() for _ in range(2))
    assert first.use("n1", NOON + timedelta(days=36500), "h1")
    assert not second.use("n1", NOON + timedelta(days=36500), "h1")


def test_many_threads_get_one_tool() -> None:
    container, tools, start = container_with({}), [], Barrier(16)

    def build() -> None:
        start.wait()
        tools.append(container.tool())

    threads = [Thread(target=build) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(tool) for tool in tools}) == 1


def test_two_containers_share_nothing() -> None:
    assert container_with({}).store() is not container_with({}).store()


@pytest.mark.parametrize(
    ("values", "code", "sentence"),
    [
        ({"storage": {"url": "redis-cluster://u:secret@h"}}, "config.storage_unknown", "'redis-cluster'"),
        ({"storage": {"url": "kept.db"}}, "config.storage_unknown", "begins with memory:// or sqlite://"),
        ({"storge": {"url": "memory://"}}, "config.setting_unknown", 'Write "storage"'),
        ({"http": {"total": "30"}}, "config.setting_invalid", "http.total must be a number of seconds"),
        ({"tool": {"keys": "memory://"}}, "config.storage_unknown", "tool.keys cannot be in memory"),
        ({"registrations": {"url": "memory://"}}, "config.storage_unknown", "registrations.url cannot be in memory"),
        ({"registrations": {}}, "config.registrations_missing", "set registrations.file"),
        *(
            (
                {"registrations": {}, "storage": {"url": f"{cache}://secret"}},
                "config.registrations_missing",
                f"or registrations.url; {cache}:// is a cache and can hold none.",
            )
            for cache in ("memcached", "django-cache", "flask-caching")
        ),
    ],
)
def test_a_mistake_is_one_good_sentence(values: dict[str, Any], code: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        container_with_only({"registrations": {"document": DOCUMENT}, **values}).tool()
    assert refused.value.code == code
    assert sentence in refused.value.message
    assert "secret" not in refused.value.message


def container_with_only(values: dict[str, Any]) -> Any:
    container: Any = LtiContainer()
    container.config.from_dict(values)
    return container


def test_a_container_without_any_setting_says_what_is_missing() -> None:
    container: Any = LtiContainer()
    assert container.settings() == Settings()
    with pytest.raises(ConfigurationError) as refused:
        container.tool()
    assert refused.value.code == "config.registrations_missing"


class Missing(MetaPathFinder):
    """Finds that a package is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


@pytest.mark.parametrize(
    ("scheme", "package", "extra"),
    [
        ("sqlite", "sqlalchemy", "sql"),
        ("redis", "redis", "redis"),
        ("memcached", "pymemcache", "memcached"),
        ("django", "django", "django"),
        ("django-cache", "django", "django"),
        ("flask-caching", "flask_caching", "flask-caching"),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str, package: str, extra: str
) -> None:
    ours = f"lti_storage.{BACKENDS[scheme].removesuffix('_cache')}"
    for name in [name for name in sys.modules if f"{name}.".startswith((f"{package}.", f"{ours}."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(package), *sys.meta_path])
    with pytest.raises(ConfigurationError) as refused:
        container_with({"storage": {"url": (HERE | AWAY)[scheme].format(folder=tmp_path)}}).tool()
    assert refused.value.code == "config.extra_missing"
    assert f"pip install 'lti-advantage-tool[{extra}]'" in refused.value.message
    container_with({}).tool()  # nobody needs it for memory


def test_a_fault_of_our_own_is_not_taken_for_a_missing_extra() -> None:
    with pytest.raises(ModuleNotFoundError):
        imported("lti_storage.nothing:Store", extra="sql")()
