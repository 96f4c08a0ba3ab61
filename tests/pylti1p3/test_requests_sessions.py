"""A `requests.Session` of the program's own, at a server on loopback."""

import json
import pickle
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from lti_adapters.pylti1p3 import platform_keys
from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.parts import parts_of
from lti_adapters.pylti1p3.platform_keys import fetched_key_set
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from tests.fakes import TOOL_PEM
from tests.pylti1p3.services import ALL

MIB = 1024 * 1024
ITEMS = [{"id": "https://lms.example/items/1", "label": "Quiz", "scoreMaximum": 10}]
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test says."""

    server: "Platform"

    def do_GET(self) -> None:
        self.server.seen.append(dict(self.headers))
        self.server.answer(self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self.reply({"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600})
        else:
            self.server.answer(self)

    def reply(self, body: Any) -> None:
        self.head(200, len(text := json.dumps(body).encode()))
        self.wfile.write(text)

    def head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def flood(self, size: int) -> None:
        """Send that much, or as much as is taken."""
        try:
            for _ in range(size // MIB):
                self.wfile.write(bytes(MIB))
                self.server.sent += MIB
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """In no test's output."""


class Platform(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Answer = lambda handler: handler.reply(ITEMS)
        self.seen: list[dict[str, str]] = []
        self.sent = 0
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.closing.set()
        server.shutdown()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


def connector(url: str, session: requests.Session) -> ServiceConnector:
    registration = Registration().set_issuer(url).set_client_id("tool-1").set_auth_token_url(f"{url}/token")
    return ServiceConnector(registration.set_tool_private_key(TOOL_PEM), session)


def line_items(url: str, session: requests.Session) -> Any:
    claim = {"scope": ALL, "lineitems": f"{url}/items"}
    return AssignmentsGradesService(connector(url, session), claim).get_lineitems()


def test_it_is_what_a_service_is_asked_with(platform: Platform, session: requests.Session) -> None:
    session.headers["User-Agent"] = "the program's own"
    assert line_items(platform.url, session) == ITEMS
    (seen,) = platform.seen
    assert (seen["User-Agent"], seen["Authorization"]) == ("the program's own", "Bearer t-1")


@pytest.mark.parametrize("several", [True, False])
def test_what_comes_with_a_redirect_is_not_read(platform: Platform, session: requests.Session, several: bool) -> None:
    def redirect(handler: Handler) -> None:
        handler.head(302, 256 * MIB, Location="https://evil.example/")
        handler.flood(256 * MIB)

    def hook(answer: requests.Response, **_: Any) -> None:
        hooked.append(answer.status_code)

    platform.answer, hooked = redirect, list[int]()
    session.hooks = {"response": [hook] if several else hook}
    with pytest.raises(LtiException, match="another origin"):
        line_items(platform.url, session)
    assert 302 in hooked, "the program's own hooks run as before"
    assert platform.sent < 64 * MIB


def test_an_answer_is_read_up_to_a_limit(platform: Platform, session: requests.Session) -> None:
    def flood(handler: Handler) -> None:
        handler.head(200, 256 * MIB)
        handler.flood(256 * MIB)

    platform.answer = flood
    with pytest.raises(LtiException, match="too large"):
        line_items(platform.url, session)
    assert platform.sent < 128 * MIB


def test_where_nobody_answers_either_exception_can_be_caught(platform: Platform, session: requests.Session) -> None:
    def leave(handler: Handler) -> None:
        handler.close_connection = True

    platform.answer = leave
    with pytest.raises(requests.ConnectionError) as failure:
        connector(platform.url, session).make_service_request(ALL, f"{platform.url}/own", is_post=True, data="{}")
    assert isinstance(failure.value, LtiException)
    assert failure.value.code == "http.unreachable"
    assert str(failure.value).startswith("The platform's service failed: The platform cannot be reached")
    sent: Any = pickle.loads(pickle.dumps(failure.value))
    assert (type(sent), str(sent), sent.code) == (LtiException, str(failure.value), "http.unreachable")


def test_a_platform_that_says_nothing_is_a_timeout_for_either(
    platform: Platform, session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.answer = lambda handler: platform.closing.wait(30) and None
    monkeypatch.setattr(platform_keys, "SECONDS", 0.2)
    with pytest.raises(requests.Timeout) as failure:
        fetched_key_set(f"{platform.url}/keys", parts_of(session).http)
    assert isinstance(failure.value, LtiException)
    assert failure.value.code == "http.timeout"


def test_an_answer_that_was_put_together_by_hand_is_read(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered(body: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer._content = 200, json.dumps(body).encode()
        return answer

    token = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
    monkeypatch.setattr(session, "get", lambda url, **_: answered(ITEMS))
    monkeypatch.setattr(session, "post", lambda url, **_: answered(token))
    assert line_items("https://lms.example", session) == ITEMS
