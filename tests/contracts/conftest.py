import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lti_storage.expiring import ExpiringStore
from tests.contracts.backends import BACKENDS, Backend, RealClock, open_store
from tests.fakes import FixedClock


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.scheme)
def backend(request: pytest.FixtureRequest) -> Backend:
    return request.param


@pytest.fixture
def clock(backend: Backend) -> FixedClock | RealClock:
    return RealClock() if backend.keeps_time else FixedClock()


@pytest.fixture
def let_pass(clock: FixedClock | RealClock) -> Callable[[float], None]:
    """Let seconds pass: the clock moves, or, where a server keeps the time, time really passes."""
    return clock.advance if isinstance(clock, FixedClock) else time.sleep


@pytest.fixture
def store(backend: Backend, clock: FixedClock | RealClock, tmp_path: Path) -> ExpiringStore:
    return open_store(backend, tmp_path, clock)
