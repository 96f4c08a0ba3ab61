"""What the tool's own keys promise, in every storage that has them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

import pytest

from lti_core.errors import ConfigurationError
from lti_core.keys import new_private_key, public_pem, read_private_key
from lti_core.ports import Clock
from lti_storage.tool_keys import ToolKeys
from tests.contracts.backends import BACKENDS, Backend, open_tool_keys
from tests.fakes import PLATFORM_PEM, TOOL_PEM

PEMS = [TOOL_PEM, PLATFORM_PEM, *(new_private_key() for _ in range(2))]
Open = Callable[[], ToolKeys]

pytestmark = pytest.mark.parametrize(
    "backend", [one for one in BACKENDS if one.tool_keys is not None], indirect=True, ids=lambda backend: backend.name
)


@pytest.fixture
def reopen(backend: Backend, url: str, clock: Clock) -> Open:
    """The same keys, as another process sees them."""
    return lambda: open_tool_keys(backend, url, clock)


@pytest.fixture
def keys(reopen: Open) -> ToolKeys:
    return reopen()


@cache
def kid_of(pem: str) -> str:
    return read_private_key(pem).kid


def kids(keys: ToolKeys) -> list[str]:
    return [key.kid for key in keys.all()]


def test_at_first_there_are_no_keys(keys: ToolKeys) -> None:
    assert keys.all() == ()


def test_the_newest_key_is_the_first_though_all_were_added_in_one_moment(keys: ToolKeys) -> None:
    for pem in PEMS:
        assert keys.add(pem).kid == kid_of(pem)
    assert kids(keys) == [kid_of(pem) for pem in reversed(PEMS)]


def test_a_key_comes_back_as_it_was(keys: ToolKeys, reopen: Open) -> None:
    keys.add(TOOL_PEM)
    (found,) = reopen().all()
    assert (found.kid, found.public) == (kid_of(TOOL_PEM), read_private_key(TOOL_PEM).public)


def test_a_key_is_seen_by_who_looked_before(keys: ToolKeys, reopen: Open) -> None:
    others = reopen()
    assert others.all() == ()
    keys.add(TOOL_PEM)
    assert kids(others) == [kid_of(TOOL_PEM)]
    others.add(PLATFORM_PEM)
    assert kids(keys) == [kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]


def test_a_key_is_read_once(keys: ToolKeys) -> None:
    keys.add(TOOL_PEM)
    assert keys.all()[0] is keys.all()[0]


def test_a_key_that_is_there_already_stays_as_it_was(keys: ToolKeys) -> None:
    for pem in (TOOL_PEM, PLATFORM_PEM, TOOL_PEM):
        keys.add(pem)
    assert kids(keys) == [kid_of(PLATFORM_PEM), kid_of(TOOL_PEM)]


@pytest.mark.parametrize("pem", ["", "key", public_pem(TOOL_PEM)], ids=["empty", "no key", "public"])
def test_what_is_no_private_key_is_not_kept(keys: ToolKeys, pem: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        keys.add(pem)
    assert refusal.value.code == "config.private_key_unreadable"
    assert keys.all() == ()


def test_of_keys_that_are_added_at_once_none_is_lost_and_none_is_there_twice(reopen: Open) -> None:
    start = Barrier(len(PEMS))

    def add(number: int) -> None:
        keys = reopen()
        start.wait()
        keys.add(PEMS[number])
        keys.add(TOOL_PEM)

    with ThreadPoolExecutor(len(PEMS)) as threads:
        list(threads.map(add, range(len(PEMS))))
    assert sorted(kids(reopen())) == sorted(kid_of(pem) for pem in PEMS)
