"""Whole launches on real stores: what they ask of the store, and what happens when it is away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dependency_injector.providers import Object
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from lti_adapters.container import LtiContainer
from lti_adapters.flask import Lti
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.ports import Clock
from lti_storage.expiring import ExpiringStore
from tests.contracts.backends import BACKENDS, Backend, named, open_store
from tests.contracts.conftest import Servers
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY
from tests.servers.process import Server

Counting = Callable[[], int]  # how many statements were run since the last call


def name_of(backend: Backend) -> str:
    return backend.name


@pytest.fixture
def platform() -> SimulatedPlatform:
    return SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)


def client_of(platform: SimulatedPlatform, store: ExpiringStore) -> FlaskClient:
    """The browser of a tool that keeps everything in that store."""
    container = LtiContainer(http=Object(platform.http), store=Object(store))
    container.config.from_dict(platform.config)
    app = Flask(__name__)
    lti = Lti()
    lti.init_app(app, container=container)
    lti.resource_link(lambda launch: "opened")
    return app.test_client()


def login(platform: SimulatedPlatform, client: FlaskClient) -> int:
    """The status of the tool's answer to a login."""
    began = platform.initiate(platform.resource_link())
    return client.post("/lti/login", base_url=platform.tool_url, data=dict(began)).status_code


@contextmanager
def counting_in_sqlite(_: object) -> Iterator[Counting]:
    seen: list[str] = []

    def trace(connection: Any, record: object) -> None:
        connection.set_trace_callback(seen.append)

    event.listen(QueuePool, "connect", trace)
    try:
        yield lambda: len([seen.pop() for _ in range(len(seen))])
    finally:
        event.remove(QueuePool, "connect", trace)


@contextmanager
def counting_in_postgresql(server: Any) -> Iterator[Counting]:
    log = server.process.folder / "output.log"

    def statements() -> int:
        nonlocal read
        lines = log.read_text()[read:]
        read += len(lines)
        return lines.count("LOG:  execute") + lines.count("LOG:  statement")

    read = len(log.read_text())
    yield statements


_COUNTED = "SHOW GLOBAL STATUS WHERE Variable_name RLIKE '^Com_(select|insert|update|delete|replace)'"


@contextmanager
def counting_in_mariadb(server: Any) -> Iterator[Counting]:
    def statements() -> int:
        nonlocal before
        now = sum(int(number) for _, number in server.execute(_COUNTED))
        asked, before = now - before, now
        return asked

    before = 0
    statements()
    yield statements


COUNTING = {"sqlite": counting_in_sqlite, "postgresql": counting_in_postgresql, "mariadb": counting_in_mariadb}


@pytest.mark.parametrize("backend", [named(name) for name in COUNTING], indirect=True, ids=name_of)
def test_a_launch_asks_the_store_twice_and_a_login_never(
    backend: Backend, url: str, clock: Clock, servers: Servers, platform: SimulatedPlatform
) -> None:
    server = servers.of(backend) if backend.server else None
    told = url.replace("search_path", "log_statement%3Dall%20-csearch_path")  # PostgreSQL logs each statement
    with COUNTING[backend.name](server) as statements:
        client = client_of(platform, open_store(backend, told, clock))
        assert platform.launch(client).text == "opened"
        statements()
        for _ in range(3):
            assert login(platform, client) == 302
            assert statements() == 0
            assert platform.launch(client).text == "opened"
            assert statements() == 2


@pytest.mark.parametrize("backend", [one for one in BACKENDS if one.server], indirect=True, ids=name_of)
def test_a_launch_whose_store_is_away_is_answered_503_and_the_next_one_is_good_again(
    store: ExpiringStore, server: Server, platform: SimulatedPlatform
) -> None:
    client = client_of(platform, store)
    assert platform.launch(client).status == 200
    server.process.stop()
    refused = platform.launch(client)
    assert refused.status == 503
    assert "storage.unavailable" in refused.text
    assert "pa55word" not in refused.text
    server.process.start()
    assert platform.launch(client).text == "opened"
