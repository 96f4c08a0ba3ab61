"""A platform whose services are asked directly, and ways to make others."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM, FixedClock
from tests.simulator.services.asking import Asking


@pytest.fixture(scope="session")
def platform_with(platform_key: PlatformKey) -> Callable[..., SimulatedPlatform]:
    """Makes a platform with these arguments, beside fixed keys and a clock that stands still."""

    def make(**arguments: Any) -> SimulatedPlatform:
        given = {"clock": FixedClock(), "keys": KeyRing([platform_key]), "tool_private_key": TOOL_PEM}
        return SimulatedPlatform(**{**given, **arguments})

    return make


@pytest.fixture
def asking(platform: SimulatedPlatform) -> Asking:
    return Asking(platform)
