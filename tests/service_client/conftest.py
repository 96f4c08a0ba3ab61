"""A simulated platform with its clock in our hands, and the tool's side of its services."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_adapters.services.class_list import ClassList
from lti_adapters.services.grades import Grades
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import PLATFORM_PEM, TOOL_PEM, FixedClock
from tests.service_client.scene import Scene, Sleeper, client_of, registration_of


@pytest.fixture(scope="session")
def platform_key() -> PlatformKey:
    return PlatformKey.of(PLATFORM_PEM)


@pytest.fixture
def clock() -> Sleeper:
    return Sleeper()


@pytest.fixture
def scene_of(platform_key: PlatformKey, clock: FixedClock) -> Callable[..., Scene]:
    """Makes a scene whose platform has these arguments."""

    def make(**arguments: Any) -> Scene:
        platform = SimulatedPlatform(
            **{"clock": clock, "keys": KeyRing([platform_key]), "tool_private_key": TOOL_PEM, **arguments}
        )
        return Scene(platform, client_of(platform.http, clock, registration_of(platform)))

    return make


@pytest.fixture
def scene(scene_of: Callable[..., Scene]) -> Scene:
    return scene_of()


@pytest.fixture
def platform(scene: Scene) -> SimulatedPlatform:
    return scene.platform


@pytest.fixture
def grades(scene: Scene) -> Grades:
    return scene.grades()


@pytest.fixture
def class_list(scene: Scene) -> ClassList:
    return scene.class_list()
