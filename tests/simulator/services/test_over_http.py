"""The same services over HTTP: real sockets, and the tool's own Http port."""

from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from attrs import evolve
from flask import Flask, jsonify
from werkzeug.serving import WSGIRequestHandler, make_server

from lti_adapters.http import Urllib3Http
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app, fetch_tool_keys, local_platform
from lti_core import scopes
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from tests.fakes import TOOL_KEY, FixedClock
from tests.simulator.services.asking import Asking, deep_linking_settings, read, signed
from tests.simulator.services.keeping import keeping_alive
from tests.simulator.services.test_deep_links import QUIZ, response

LOOPBACK = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@pytest.fixture
def served(platform_with: Callable[..., SimulatedPlatform]) -> Iterator[Callable[..., SimulatedPlatform]]:
    """Makes a platform that is served on a free port."""
    servers = []

    def make(**arguments: Any) -> SimulatedPlatform:
        server = make_server(LOOPBACK, 0, Flask("none yet"), threaded=True, request_handler=Quiet)
        platform = platform_with(issuer=f"http://{LOOPBACK}:{server.server_port}", **arguments)
        server.app = create_platform_app(platform)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return platform

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


class OverHttp:
    """An Http port that trusts the platform's address, as a registration would."""

    def __init__(self, http: Urllib3Http) -> None:
        self.http = http

    def send(self, request: HttpRequest) -> HttpResponse:
        return self.http.send(evolve(request, trusted_url=request.url))


def over_http(platform: SimulatedPlatform, **limits: float) -> Asking:
    return Asking(platform, http=OverHttp(Urllib3Http(**limits)))


@pytest.mark.parametrize("profile", ["spec", "moodle", "canvas", "openedx"])
def test_token_members_score_and_results_are_served(served, profile):
    platform = served(profile=profile)
    asking = over_http(platform)
    token = read(asking.ask_for_token(f"{scopes.MEMBERS_READ} {scopes.SCORE} {scopes.RESULT_READ}"))
    asking = evolve(asking, token=token["access_token"])
    members = asking.get("members", f"{asking.members_url}?limit=50")
    assert members.status == 200
    assert read(members) == read(Asking(platform).get("members", f"{asking.members_url}?limit=50"))
    assert asking.score().status in (200, 204)
    [result] = read(asking.results())
    assert result["resultScore"] == platform.gradebook["quiz-1"]["u-learner"].score == 8


def test_answers_are_the_same_as_in_the_same_process(served):
    platform = served(profile="moodle", roster=30)
    near, far = Asking(platform), over_http(platform)
    for url in (f"{near.line_items_url}&limit=1", f"{near.line_items_url}&limit=x", near.line_items_url):
        one, other = near.get("line-items", url), far.get("line-items", url)
        assert (one.status, one.body, one.headers["content-type"], one.headers.get("link")) == (
            other.status,
            other.body,
            other.headers["content-type"],
            other.headers.get("link"),
        )


def test_the_key_set_is_served(served):
    platform = served()
    answer = over_http(platform).send("GET", platform.key_set_url)
    assert read(answer) == platform.keys.published()
    assert answer.headers["cache-control"] == "max-age=300"


def test_connections_are_counted(platform_with):
    with keeping_alive(platform_with) as platform:
        asking = over_http(platform)
        for second in range(5):
            assert asking.score(timestamp=f"2026-11-24T12:00:0{second}Z").status == 204
            asking.get("members", asking.members_url)
        assert (len(platform.requests.of("members")), platform.requests.connections) == (5, 1)
        over_http(platform).get("members", asking.members_url)
        assert platform.requests.connections == 2


@pytest.mark.parametrize(
    ("kind", "code"),
    [("silent", "http.unreachable"), ("unreachable", "http.unreachable"), ("status-zero", "http.response_malformed")],
)
def test_no_answer_is_none(served, kind, code):
    platform = served()
    asking = over_http(platform)
    platform.misbehave(kind, at="members", times=1)
    with pytest.raises(ServiceFailed) as failed:
        asking.get("members", asking.members_url)
    assert failed.value.code == code
    assert asking.get("members", asking.members_url).status == 200


def test_too_large_an_answer_is_cut_off_by_the_tool(served):
    platform = served()
    asking = over_http(platform)
    platform.misbehave("too-large", size=65 * 1024 * 1024)
    with pytest.raises(ServiceFailed) as failed:
        asking.get("members", asking.members_url)
    assert failed.value.code == "http.response_too_large"


class Waiting:
    """A clock whose sleeper waits until the test is over."""

    def __init__(self, clock: Any, event: Any) -> None:
        self.clock, self.event = clock, event

    def now(self) -> Any:
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        self.event.wait(seconds)


@pytest.mark.parametrize(("kind", "details"), [("slow", {"seconds": 60}), ("dripping", {"pause": 0.05})])
def test_a_slow_answer_is_not_waited_for(served, kind, details):
    over = Event()
    platform = served(clock=Waiting(FixedClock(), over))
    asking = over_http(platform, total=0.5)
    platform.misbehave(kind, **details)
    with pytest.raises(ServiceFailed) as failed:
        asking.get("members", asking.members_url)
    over.set()
    assert failed.value.code == "http.timeout"


@pytest.mark.parametrize(
    "kind", ["wrong-media-type", "malformed-json", "page-loop", "late-status", "too-many-requests"]
)
def test_other_misbehaviour_is_served_as_it_is(served, kind):
    platform = served()
    near, far = Asking(platform), over_http(platform)
    platform.misbehave(kind)
    one, other = near.get("members", near.members_url), far.get("members", near.members_url)
    assert (one.status, one.body, one.headers.get("link")) == (other.status, other.body, other.headers.get("link"))


def test_a_body_over_a_mebibyte_is_refused(served):
    asking = over_http(served())
    assert asking.put_in("line-items", asking.line_items_url, b" " * (1024 * 1024 + 1)).status == 413


def test_the_tools_keys_are_fetched_from_the_tool():
    app = Flask("tool")
    app.add_url_rule("/lti/jwks", view_func=lambda: jsonify(keys=[dict(TOOL_KEY.public)]))
    server = make_server(LOOPBACK, 0, app, threaded=True, request_handler=Quiet)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        platform = local_platform(LOOPBACK, 9, f"http://{LOOPBACK}:{server.server_port}/")
        assert Asking(platform).ask_for_token(scopes.SCORE).status == 200
    finally:
        server.shutdown()
        server.server_close()


def test_a_tool_that_is_not_there_has_no_keys():
    with pytest.raises(OSError, match="keys"):
        fetch_tool_keys(f"http://{LOOPBACK}:9")
    assert Asking(local_platform(LOOPBACK, 9, f"http://{LOOPBACK}:9")).ask_for_token(scopes.SCORE).status == 401


def test_a_deep_linking_response_is_posted_by_a_browser(served):
    platform = served()
    page = create_platform_app(platform).test_client()
    url = deep_linking_settings(platform)["deep_link_return_url"]
    answer = page.post(url.removeprefix(platform.issuer), data={"JWT": signed(response(platform, QUIZ))})
    assert answer.status_code == 200
    assert "Quiz 7" in answer.text
    assert len(platform.links) == 1
