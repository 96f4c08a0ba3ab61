"""What all tests have in common."""

import gc
import os
import re
import signal
import socket
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from tests.amounts import amount

# Folders whose tests wait for browsers, servers and processes: begun last, one of them would end long after the others.
WAITING = ("browser", "contracts", "distributed", "cli", "frameworks", "starlette", "storage")
BACKEND = re.compile(
    r"[\[-](memory|sqlite|postgresql|mariadb|redis|memcached|flask-caching"
    r"|django-cache(?:-(?:redis|memcached|pylibmc))?|django)[\]-]"
)

# Nothing here asks how long something takes: a busy machine must not fail a property.
settings.register_profile("untimed", deadline=None, max_examples=amount(100, here=30))
settings.load_profile("untimed")

# Hundreds of tests make a tool, and each tool reads its key, of which OpenSSL proves the primes each time, and the
# certificates that the system trusts. Nothing here asks the Internet: a file without certificates is read faster.
serialization.load_pem_private_key = lru_cache(maxsize=64)(serialization.load_pem_private_key)
os.environ["SSL_CERT_FILE"] = os.devnull

# A shell lets its background jobs ignore Ctrl-C, and what such a job starts inherits that. Tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def refusing_port() -> Iterator[int]:
    """A port of 127.0.0.1 that refuses whoever connects. It is held, so that no other test's server gets it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class Shares(LoadFileScheduling):  # type: ignore[misc]
    """One process has all tests of a file; those of all browsers, since these take long to start; or of one backend."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        backend = BACKEND.search(nodeid) if nodeid.startswith("tests/contracts/") else None
        return backend[1] if backend else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares | None:
    return Shares(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that wait come first."""
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """Twelve thousand tests and all that they import stay to the end: no later look for garbage goes through them."""
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    folder = item.path.parent.name
    return WAITING.index(folder) if folder in WAITING else len(WAITING)
