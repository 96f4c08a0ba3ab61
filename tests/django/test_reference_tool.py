"""The reference tool under Django answers as it does under Flask."""

from typing import Any

import pytest
from dependency_injector.providers import Object
from werkzeug.test import Client

from lti_adapters.container import LtiContainer
from lti_adapters.reference_tool.django_app import create_app
from lti_adapters.settings import read_settings
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform

JSON = {"Accept": "application/json"}
GOOD = {"user_id": "u-learner", "given": 8, "maximum": 10}


@pytest.fixture
def app(lti_platform: SimulatedPlatform) -> Any:
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)), http=Object(lti_platform.http))
    return create_app(container=container, id_opens_launches=True)


def test_a_launch_is_shown_to_a_person_and_told_to_a_program(lti_platform: SimulatedPlatform, app: Any) -> None:
    client = Client(app)
    assert str(LEARNER.name) in lti_platform.launch(client, user=LEARNER).text
    document = lti_platform.launch(client, accept="application/json").json
    again = Client(app).get(f"/tool/launches/{document['launch_id']}", base_url="https://localhost", headers=JSON)
    assert again.json["claims"] == document["claims"]


def test_its_services_are_used_from_outside(lti_platform: SimulatedPlatform, app: Any) -> None:
    launch_id = lti_platform.launch(Client(app), user=TEACHER, accept="application/json").json["launch_id"]
    address, client = f"https://localhost/tool/launches/{launch_id}", Client(app)
    assert client.get(f"{address}/members", headers=JSON, buffered=True).status_code == 200
    assert client.post(f"{address}/scores", json=GOOD, headers=JSON).status_code < 300
    assert lti_platform.gradebook["quiz-1"]["u-learner"].score == 8
    assert client.post(f"{address}/scores", data=b"x" * 2_000_000, headers=JSON).status_code == 413
    assert client.delete(f"{address}/scores").status_code == 405
    assert client.get(f"{address}/members", headers={"Accept": "text/html"}).content_type == "text/html; charset=utf-8"


def test_what_else_it_answers(app: Any) -> None:
    client = Client(app)
    assert client.get("/healthz").json == {"status": "ok"}
    assert "https://localhost/lti/login" in client.get("/", base_url="https://localhost").text
    refused = client.get("/tool/launches/unheard-of", base_url="https://localhost", headers=JSON)
    assert (refused.status_code, refused.json["error"]["code"]) == (400, "launch.not_remembered")
