"""A whole launch of a Flask tool that uses the services, without network."""

from typing import Any

import pytest
from dependency_injector.providers import Object
from flask import Flask

from lti_adapters.container import LtiContainer
from lti_adapters.flask import Lti
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.messages import LaunchMessage
from lti_core.services.scores import Score


@pytest.fixture
def client(platform: SimulatedPlatform) -> Any:
    container = LtiContainer(http=Object(platform.http), clock=Object(platform.clock))
    container.config.from_dict(platform.config)
    app = Flask("tool")
    lti = Lti(app, container=container)

    @lti.resource_link
    def opened(launch: LaunchMessage) -> str:
        if launch.user.id == LEARNER.id:
            lti.grades(launch).submit(Score(user_id=launch.user.id or "", given=8, maximum=10))
            return "graded"
        return " ".join(member.user_id for member in lti.class_list(launch).members())

    return app.test_client()


def test_a_launch_leads_to_a_grade(platform: SimulatedPlatform, client: Any) -> None:
    assert platform.launch(client, user=LEARNER).text == "graded"
    assert platform.gradebook["quiz-1"]["u-learner"].score == 8


def test_a_launch_leads_to_the_class_list(platform: SimulatedPlatform, client: Any) -> None:
    page = platform.launch(client, user=TEACHER)
    assert page.text.split() == [person.id for person in platform.members]


def test_what_the_platform_refuses_is_a_page_that_says_so(platform: SimulatedPlatform, client: Any) -> None:
    platform.misbehave("status", at="scores", status=422)
    page = platform.launch(client, user=LEARNER)
    assert page.status == 502
    assert "service.ags." in page.text
