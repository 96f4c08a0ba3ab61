import gc
import warnings
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path

import pytest

from lti_storage.expiring import ExpiringStore
from tests.contracts.backends import BACKENDS, Backend, RealClock, open_store
from tests.fakes import FixedClock
from tests.servers.process import Server

NewUrl = Callable[[], str]
HERE = Path(__file__).parent


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Look for garbage after each test here, and not amid another one.

    Some drivers leave their sockets to it: those of threads that have ended, and those that an error of theirs holds in
    a circle. Python warns of each. Of everything else that was left open it warns here, too, and that is an error.
    """
    if HERE not in item.path.parents:
        return (yield)
    gc.disable()
    result = yield
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
        gc.collect()
    gc.freeze()  # what is still there, drivers and mappings, would take longer to look through than most tests
    gc.enable()
    return result


class Servers:
    """The servers of this test process. Each is started when it is first asked for."""

    def __init__(self) -> None:
        self._started: dict[str, Server] = {}

    def of(self, backend: Backend) -> Server:
        """The server of that backend, which has one."""
        assert backend.server is not None
        if backend.name not in self._started:
            self._started[backend.name] = backend.server()
        return self._started[backend.name]

    def close(self) -> None:
        for server in self._started.values():
            server.process.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    started = Servers()
    yield started
    started.close()


@pytest.fixture(scope="session", params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest) -> Backend:
    return request.param


@pytest.fixture
def server(backend: Backend, servers: Servers) -> Iterator[Server]:
    """The backend's server, to be stopped and started: after the test it runs again."""
    server = servers.of(backend)
    yield server
    server.process.start()


@pytest.fixture(scope="session")
def new_url(backend: Backend, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> NewUrl:
    """Gives storage URLs, each of a place that is still empty."""
    if backend.server is not None:
        return servers.of(backend).new_url
    folder, numbers = tmp_path_factory.mktemp(backend.name), count(1)
    return lambda: f"{backend.name}:///{folder}/{next(numbers)}.db"


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """The storage URL of this test."""
    return new_url()


@pytest.fixture
def clock(backend: Backend) -> FixedClock | RealClock:
    return RealClock() if backend.keeps_time else FixedClock()


@pytest.fixture
def store(backend: Backend, url: str, clock: FixedClock | RealClock) -> ExpiringStore:
    return open_store(backend, url, clock)
