"""The conformance suite against a tool made with the Flask adapter, as a user would write it."""

from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from lti_adapters.flask import Lti
from lti_adapters.simulator import conformance
from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.platform import SimulatedPlatform


def users_tool(config, **options):
    app = Flask("users_tool")
    lti = Lti(app, config=config, **options)

    @lti.resource_link
    def open_activity(launch):
        return {"who": launch.user.name, "what": launch.resource_link.title}

    @lti.deep_linking
    def pick(launch):
        return {"accepts": launch.deep_linking_settings.accept_types}

    return app


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
@pytest.mark.parametrize("after_launch", ["render", "redirect"])
def test_the_flask_tool_conforms(case, after_launch, lti_platform):
    app = users_tool(lti_platform.config, after_launch=after_launch)
    case.run(lti_platform, app.test_client())


@pytest.fixture(scope="module")
def served():
    """A platform, and the tool behind a real socket."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    platform = SimulatedPlatform(tool_url=f"http://127.0.0.1:{server.server_port}")
    server.app = users_tool(platform.config)
    Thread(target=server.serve_forever, daemon=True).start()
    yield platform
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_the_flask_tool_conforms_over_http(case, served):
    case.run(served, HttpClient(served.tool_url))


def test_who_opens_what_arrives(lti_platform, lti_learner):
    page = lti_platform.launch(users_tool(lti_platform.config).test_client(), user=lti_learner)
    assert page.json == {"who": "Σοφία Παππά", "what": "Quiz 1"}
