"""The pytest plug-in: fixtures for testing a tool against a simulated platform, without network.

    @pytest.fixture
    def client(lti_platform):
        return create_app(lti_platform.config).test_client()

    def test_a_learner_sees_the_quiz(lti_platform, lti_learner, client):
        page = lti_platform.launch(client, user=lti_learner, resource_link="quiz-1")
        assert "Quiz 1" in page.text

Whoever needs another platform (a URL prefix, other courses, a fixed clock) defines a fixture `lti_platform` of their
own. Nothing of this library is imported before a fixture is used, so that other people's test runs stay fast.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lti_adapters.simulator.people import Person
    from lti_adapters.simulator.platform import SimulatedPlatform


@pytest.fixture(scope="session")
def lti_platform() -> "SimulatedPlatform":
    """A platform on which the tool at https://localhost is registered. `lti_platform.config` configures the tool."""
    from lti_adapters.simulator.platform import SimulatedPlatform

    return SimulatedPlatform()


@pytest.fixture(scope="session")
def lti_teacher() -> "Person":
    """Teaches the course."""
    from lti_adapters.simulator.people import TEACHER

    return TEACHER


@pytest.fixture(scope="session")
def lti_assistant() -> "Person":
    """Assists the teacher: a sub-role alone, without its principal role."""
    from lti_adapters.simulator.people import ASSISTANT

    return ASSISTANT


@pytest.fixture(scope="session")
def lti_learner() -> "Person":
    """Takes the course."""
    from lti_adapters.simulator.people import LEARNER

    return LEARNER


@pytest.fixture(scope="session")
def lti_observer() -> "Person":
    """Looks after the learner."""
    from lti_adapters.simulator.people import OBSERVER

    return OBSERVER


@pytest.fixture(scope="session")
def lti_anonymous() -> "Person":
    """Somebody of whom the platform says nothing."""
    from lti_adapters.simulator.people import ANONYMOUS

    return ANONYMOUS
