"""The stores' servers, started for a benchmark as the tests start theirs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from lti_adapters.imported import imported
from tests.servers.process import Server

SERVERS: Mapping[str, Callable[[], Server]] = {
    "postgresql": imported("tests.servers.postgresql:PostgreSql"),
    "mariadb": imported("tests.servers.mariadb:MariaDb"),
    "redis": imported("tests.servers.redis:RedisServer"),
    "memcached": imported("tests.servers.memcached:MemcachedServer"),
}


@contextmanager
def running(missing: Callable[[str], object]) -> Iterator[dict[str, Server]]:
    """Those servers that this machine has.

    Args:
        missing: is told a sentence for each of the others.
    """
    with ExitStack() as closing:
        found = {}
        for name, start in SERVERS.items():
            try:
                found[name] = start()
            except (pytest.skip.Exception, pytest.fail.Exception) as reason:
                missing(f"{name}: {reason.msg}")
                continue
            closing.callback(found[name].process.close)
        yield found


def stores_of(servers: Mapping[str, Server], folder: Path) -> dict[str, tuple[str, int]]:
    """URLs of stores, with the port of the server; 0 for those that have none."""
    stores = {"memory": ("memory://", 0), "sqlite": (f"sqlite:///{folder}/stores.db", 0)}
    return stores | {name: (server.new_url(), server.process.port) for name, server in servers.items()}
