"""Registrations, keys and deployments of a shared store cost a login and a launch nothing while they are known."""

from collections import Counter

import pytest

from lti_core.errors import StorageFailed
from lti_core.keys import SigningKey, read_private_key
from lti_core.registration import Registration
from lti_storage.cached import MOST_ISSUERS, CachedRegistrations, CachedToolKeys
from lti_storage.deployments import Deployments
from lti_storage.memory import MemoryStore
from tests.fakes import TOOL_KEY, TOOL_PEM, FixedClock
from tests.good import REGISTRATION


class Asked:
    """A store that counts what it is asked, and can be down."""

    def __init__(self) -> None:
        self.registrations = [REGISTRATION]
        self.keys = [TOOL_KEY]
        self.asked: Counter[str] = Counter()
        self.is_down = False

    def _ask(self, what: str) -> None:
        self.asked[what] += 1
        if self.is_down:
            raise StorageFailed("storage.unavailable", "The store does not answer.")

    def find(self, issuer: str, client_id: str) -> Registration | None:
        raise NotImplementedError

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        self._ask(issuer)
        return tuple(one for one in self.registrations if one.issuer == issuer)


class AskedKeys(Asked):
    def all(self) -> tuple[SigningKey, ...]:
        self._ask("keys")
        return tuple(self.keys)

    def add(self, pem: str) -> SigningKey:
        self.keys.insert(0, read_private_key(pem))
        return self.keys[0]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


def test_a_login_and_a_launch_ask_for_a_registration_once(clock: FixedClock) -> None:
    store = Asked()
    cached = CachedRegistrations(store, clock)  # type: ignore[arg-type]  # all that is used here
    assert cached.of_issuer(REGISTRATION.issuer) == (REGISTRATION,)
    assert cached.find(REGISTRATION.issuer, REGISTRATION.client_id) == REGISTRATION
    assert cached.find(REGISTRATION.issuer, "another") is None
    assert store.asked == {REGISTRATION.issuer: 1}


def test_a_change_is_seen_after_five_seconds(clock: FixedClock) -> None:
    store = Asked()
    cached = CachedRegistrations(store, clock)  # type: ignore[arg-type]
    cached.of_issuer(REGISTRATION.issuer)
    store.registrations.clear()
    clock.advance(4.9)
    assert cached.of_issuer(REGISTRATION.issuer) == (REGISTRATION,)
    clock.advance(0.1)
    assert cached.of_issuer(REGISTRATION.issuer) == ()


def test_a_store_that_is_down_is_said_so_and_nothing_old_is_believed(clock: FixedClock) -> None:
    store = Asked()
    cached = CachedRegistrations(store, clock)  # type: ignore[arg-type]
    cached.of_issuer(REGISTRATION.issuer)
    store.is_down = True
    clock.advance(5)
    with pytest.raises(StorageFailed):
        cached.find(REGISTRATION.issuer, REGISTRATION.client_id)


def test_issuers_that_strangers_invent_do_not_fill_the_memory(clock: FixedClock) -> None:
    store = Asked()
    cached = CachedRegistrations(store, clock)  # type: ignore[arg-type]
    for number in range(MOST_ISSUERS + 10):
        cached.of_issuer(f"https://{number}.example")
    assert len(cached._kept) <= MOST_ISSUERS
    assert cached.of_issuer(REGISTRATION.issuer) == (REGISTRATION,)


def test_keys_are_read_once_in_five_seconds_and_a_new_one_signs_here_at_once(clock: FixedClock) -> None:
    store = AskedKeys()
    cached = CachedToolKeys(store, clock)
    assert [cached.all() for _ in range(3)] == [(TOOL_KEY,)] * 3
    assert store.asked == {"keys": 1}
    new = cached.add(TOOL_PEM)
    assert cached.all()[0] is new
    clock.advance(5)
    cached.all()
    assert store.asked == {"keys": 3}


def test_a_deployment_that_is_known_is_not_asked_for_again(clock: FixedClock) -> None:
    class Counting(MemoryStore):
        gets = 0

        def get(self, key: str) -> str | None:
            self.gets += 1
            return super().get(key)

    store = Counting(clock)
    deployments = Deployments(store, clock)
    assert not deployments.knows(REGISTRATION, "new")
    deployments.record(REGISTRATION, "new")
    assert all(deployments.knows(REGISTRATION, "new") for _ in range(5))
    assert store.gets == 2
