"""The conformance suite against tools made with the Flask adapter: a user's one, and the reference tool."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from dependency_injector.providers import Object
from flask import Flask
from werkzeug.serving import make_server

from lti_adapters.container import LtiContainer
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.simulator import conformance
from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app
from tests.simulator.using import ENTRY_POINTS, users_tool


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
@pytest.mark.parametrize("after_launch", ["render", "redirect"])
def test_the_flask_tool_conforms(case, after_launch, lti_platform):
    app = users_tool(lti_platform.config, after_launch=after_launch)
    case.run(lti_platform, app.test_client())


@contextmanager
def listening() -> Iterator[object]:
    """A server on a free port, for an application that is put in later."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@contextmanager
def both_served(make_tool) -> Iterator[SimulatedPlatform]:
    """A platform and a tool behind real sockets; each knows the other by its address only."""
    with listening() as at_platform, listening() as at_tool:
        platform = SimulatedPlatform(
            issuer=f"http://127.0.0.1:{at_platform.server_port}", tool_url=f"http://127.0.0.1:{at_tool.server_port}"
        )
        at_platform.app = create_platform_app(platform)
        at_tool.app = make_tool(platform.config)
        yield platform


@pytest.fixture(scope="module")
def served():
    with both_served(users_tool) as platform:
        yield platform


@pytest.fixture(scope="module")
def served_reference_tool():
    with both_served(create_app) as platform:
        yield platform


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_the_flask_tool_conforms_over_http(case, served):
    case.run(served, HttpClient(served.tool_url))


@pytest.mark.parametrize("case", conformance.SERVICES, ids=str)
def test_the_flask_tool_uses_the_services_as_it_should(case, served):
    case.run(served, HttpClient(served.tool_url), ENTRY_POINTS)


@pytest.mark.parametrize("case", conformance.services_of(conformance.REFERENCE_TOOL), ids=str)
def test_the_reference_tool_uses_the_services_as_it_should(case, served_reference_tool):
    case.run(served_reference_tool, HttpClient(served_reference_tool.tool_url), conformance.REFERENCE_TOOL)


@pytest.fixture(scope="module", params=["spec", "canvas", "moodle", "blackboard", "brightspace", "openedx"])
def like_a_real_one(request) -> tuple[SimulatedPlatform, Flask]:
    """A platform that does as real ones do, and the tool, without network."""
    platform = SimulatedPlatform(profile=request.param)
    container = LtiContainer(http=Object(platform.http))
    container.config.from_dict(platform.config)
    return platform, users_tool(container=container)


DEEP_LINKING_AND_MEMBERS = [
    case for case in conformance.SERVICES if case.name.startswith(("Deep linking", "Names and roles"))
]


@pytest.mark.parametrize("case", DEEP_LINKING_AND_MEMBERS, ids=str)
def test_the_flask_tool_does_so_at_platforms_like_the_real_ones(case, like_a_real_one):
    platform, app = like_a_real_one
    case.run(platform, app.test_client(), ENTRY_POINTS)


def test_who_opens_what_arrives(lti_platform, lti_learner):
    page = lti_platform.launch(users_tool(lti_platform.config).test_client(), user=lti_learner)
    assert (page.json["who"], page.json["what"]) == ("Σοφία Παππά", "Quiz 1")
