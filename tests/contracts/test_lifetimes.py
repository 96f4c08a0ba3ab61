"""What every ExpiringStore promises about time.

Where a server keeps the time, time must really pass: everything is kept first, and one wait serves all tests.
"""

import time
from datetime import datetime, timedelta

import pytest
from attrs import frozen

from lti_storage.expiring import ExpiringStore
from lti_storage.nonces import Nonces
from tests.contracts.backends import Backend, RealClock, open_store
from tests.contracts.conftest import NewUrl
from tests.fakes import FixedClock

LIFETIME = 2.0


@frozen
class Afterwards:
    """A store whose `soon` is over, and a time that is still to come."""

    store: ExpiringStore
    later: datetime


@pytest.fixture(scope="module")
def afterwards(backend: Backend, new_url: NewUrl) -> Afterwards:
    clock = RealClock() if backend.keeps_time else FixedClock()
    store = open_store(backend, new_url(), clock)
    soon, later = clock.now() + timedelta(seconds=LIFETIME), clock.now() + timedelta(hours=1)
    store.add("expired", "1", soon)
    store.add("added twice", "1", soon)
    store.add("added twice", "2", later)
    store.add("prolonged", "1", soon)
    store.set("prolonged", "2", later)
    store.set("shortened", "1", later)
    store.set("shortened", "2", soon)
    Nonces(store).use("nonce", soon, "holder")
    Nonces(store).use("nonce", later, "another holder")
    if isinstance(clock, FixedClock):
        clock.advance(LIFETIME)
    else:
        time.sleep(LIFETIME + backend.late)
    return Afterwards(store, later)


def test_what_has_expired_is_gone_and_can_be_added_again(afterwards: Afterwards) -> None:
    store, later = afterwards.store, afterwards.later
    assert store.get("expired") is None
    assert store.add("expired", "2", later) is True
    assert store.get("expired") == "2"


def test_a_refused_add_does_not_prolong(afterwards: Afterwards) -> None:
    assert afterwards.store.get("added twice") is None


def test_set_replaces_value_and_time(afterwards: Afterwards) -> None:
    assert afterwards.store.get("prolonged") == "2"
    assert afterwards.store.add("prolonged", "3", afterwards.later) is False


def test_set_may_shorten_the_time(afterwards: Afterwards) -> None:
    assert afterwards.store.get("shortened") is None


def test_a_nonce_is_forgotten_in_its_own_time(afterwards: Afterwards) -> None:
    nonces = Nonces(afterwards.store)
    assert nonces.use("nonce", afterwards.later, "holder") is True
    assert nonces.use("nonce", afterwards.later, "another holder") is False
