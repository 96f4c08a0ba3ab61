"""What FastAPI's dependencies promise, and what its OpenAPI pages show of them."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.testclient import TestClient

from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette.fastapi import REFUSALS, Launch, Lti, launch_url_for, role_required
from lti_core.errors import ConfigurationError
from lti_core.messages import LaunchMessage

Teaching = Annotated[LaunchMessage, Depends(role_required("teacher", "teaching_assistant"))]


@pytest.fixture
def app(lti_platform: SimulatedPlatform) -> FastAPI:
    app, router = FastAPI(), APIRouter(prefix="/quiz", responses=REFUSALS)

    @router.get("/{number}")
    async def quiz(number: int, launch: Launch) -> Any:
        return {"number": number, "who": launch.user.id}

    @router.get("/{number}/report")
    def report(number: int, launch: Teaching) -> Any:
        return {"number": number, "teacher": launch.user.id}

    app.include_router(router)

    @Lti(app, lti_platform.config).resource_link
    async def opened(request: Any, launch: Any) -> Any:
        return {page: launch_url_for(request, page, number=7) for page in ("quiz", "report")}

    return app


def test_a_parameter_is_the_launch_of_the_request(lti_platform: SimulatedPlatform, app: FastAPI) -> None:
    client = TestClient(app)
    address = lti_platform.launch(client).json["quiz"]
    assert client.get(f"https://localhost{address}").json() == {"number": 7, "who": LEARNER.id}
    launch_id = address.partition("lti_launch=")[2]
    answer = client.get("https://localhost/quiz/8", headers={"X-LTI-Launch": launch_id})
    assert answer.json() == {"number": 8, "who": LEARNER.id}
    assert client.get("https://localhost/quiz/7").status_code == 403


@pytest.mark.parametrize(("person", "status"), [(TEACHER, 200), (LEARNER, 403)])
def test_a_parameter_may_ask_for_a_role(
    lti_platform: SimulatedPlatform, app: FastAPI, person: Any, status: int
) -> None:
    client = TestClient(app)
    address = lti_platform.launch(client, user=person).json["report"]
    answer = client.get(f"https://localhost{address}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "tool.role_required"


def test_a_role_that_nobody_can_have_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="A required role"):
        role_required("techer")


@pytest.mark.parametrize("path", ["/quiz/{number}", "/quiz/{number}/report"])
def test_openapi_shows_how_a_launch_is_carried_and_what_is_refused(app: FastAPI, path: str) -> None:
    document = app.openapi()
    operation = document["paths"][path]["get"]
    schemes = document["components"]["securitySchemes"]
    ways = {(schemes[name]["in"], schemes[name]["name"]) for way in operation["security"] for name in way}
    assert ways == {("header", "X-LTI-Launch"), ("query", "lti_launch")}
    assert {"200", "400", "403", "503"} <= set(operation["responses"])
    error = operation["responses"]["403"]["content"]["application/json"]["schema"]["properties"]["error"]
    assert set(error["properties"]) == {"code", "message", "spec"}


def test_openapi_does_not_show_the_addresses_for_platforms(app: FastAPI) -> None:
    assert all(path.startswith("/quiz/") for path in app.openapi()["paths"])
