"""The pytest plug-in: fixtures for testing a tool against a simulated platform, without network.

    @pytest.fixture
    def client(lti_platform):
        return create_app(lti_platform.config).test_client()

    def test_a_learner_sees_the_quiz(lti_platform, lti_learner, client):
        page = lti_platform.launch(client, user=lti_learner, resource_link="quiz-1")
        assert "Quiz 1" in page.text

The platform's services are there, too. Give its `http` to the tool, and nothing needs a network:

    @pytest.fixture
    def lti(lti_platform):
        container = LtiContainer(http=Object(lti_platform.http))
        container.config.from_dict(lti_platform.config)
        return container

    def test_the_quiz_sends_a_grade(lti_platform, client):
        lti_platform.launch(client, resource_link="quiz-1")
        ...
        assert lti_platform.gradebook["quiz-1"]["u-learner"].score == 8

One platform serves all tests; after each that uses it, grades, links, the log of requests and misbehaviour are gone.

Whoever needs another platform (a URL prefix, other courses, a fixed clock, a profile) defines a fixture `lti_platform`
of their own. Nothing of this library is imported before a fixture is used, so that other people's test runs stay fast.
"""

from collections.abc import Iterator
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


@pytest.fixture(autouse=True)
def _lti_anew(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test left behind at the platform, the next does not find."""
    used = request.getfixturevalue("lti_platform") if "lti_platform" in request.fixturenames else None
    yield
    if used is not None and hasattr(used, "reset"):
        used.reset()


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
