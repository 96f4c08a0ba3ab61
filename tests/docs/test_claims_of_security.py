"""Claims of the security model about a whole tool, tried with Flask."""

import logging
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from dependency_injector.providers import Object
from flask import Flask
from flask.testing import FlaskClient

from lti_adapters.container import LtiContainer
from lti_adapters.flask import Lti
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.simulator.clients import FORM, form_on
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core import claims as c
from lti_core.messages import LaunchMessage
from lti_core.ports import HttpRequest, HttpResponse
from lti_storage.memory import MemoryNonces, MemoryStore
from tests.fakes import FixedClock

JSON = "application/json"
AT = "https://localhost"
MIB = 1024 * 1024


def client_of(container: Any) -> FlaskClient:
    app = Flask(__name__)
    lti = Lti(app, container=container)

    @lti.resource_link
    def opened(launch: LaunchMessage) -> Mapping[str, object]:
        return {"user": launch.user.id}

    return app.test_client()


def container_for(platform: SimulatedPlatform, **parts: Any) -> Any:
    container = LtiContainer(**parts)
    container.config.from_dict(platform.config)
    return container


@pytest.fixture
def client(lti_platform: SimulatedPlatform) -> FlaskClient:
    return client_of(container_for(lti_platform))


class Counting(MemoryStore):
    """Counts what is written."""

    writes = 0

    def add(self, *what: Any) -> bool:
        self.writes += 1
        return super().add(*what)

    def set(self, *what: Any) -> None:
        self.writes += 1
        super().set(*what)


class CountingNonces(MemoryNonces):
    """Counts what is used."""

    used = 0

    def use(self, *what: Any) -> bool:
        self.used += 1
        return super().use(*what)


def test_a_login_writes_nothing_to_the_storage(lti_platform: SimulatedPlatform) -> None:
    store, nonces = Counting(FixedClock()), CountingNonces(FixedClock())
    client = client_of(container_for(lti_platform, store=Object(store), nonces=Object(nonces)))
    before = store.writes  # it was tried at start
    for _ in range(50):
        login = lti_platform.initiate(lti_platform.resource_link())
        assert client.post("/lti/login", data=login, base_url=AT).status_code == 302
    assert (store.writes, nonces.used) == (before, 0)


def test_a_token_in_the_address_is_refused(lti_platform: SimulatedPlatform, client: FlaskClient) -> None:
    page = lti_platform.launch(client, broken="token-in-address", accept=JSON)
    assert page.json["error"]["code"] == "launch.method_not_allowed"


@pytest.mark.parametrize("path", ["/lti/login", "/lti/launch"])
def test_a_body_of_five_megabytes_is_refused(client: FlaskClient, path: str) -> None:
    form = {"state": "x" * 5 * MIB}
    answer = client.post(path, data=form, base_url=AT, headers={"Accept": JSON})
    assert answer.status_code == 413


def test_a_refusal_is_logged_without_personal_data(
    lti_platform: SimulatedPlatform, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        lti_platform.launch(client, broken="expired")
    records = [record.getMessage() for record in caplog.records if record.name == "lti"]
    assert records == ["refused launch.token_expired issuer='https://platform.example' client_id='tool-1'"]
    for personal in (LEARNER.name, LEARNER.email, LEARNER.id):
        assert personal not in caplog.text


def test_the_libraries_that_audits_report_are_never_imported() -> None:
    program = "import sys, lti_adapters.container; print(*{'jose', 'ecdsa', 'rsa', 'pyasn1'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["jose"]


class Listening:
    """The way to a platform, and all that went over it."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self._http = platform.http
        self.requests: list[HttpRequest] = []
        self.tokens: set[str] = set()

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        self.tokens |= {request.headers["Authorization"].split()[1]} if "Authorization" in request.headers else set()
        return self._http.send(request)


def reference_tool(platform: SimulatedPlatform) -> tuple[FlaskClient, Listening]:
    http = Listening(platform)
    return create_app(container=container_for(platform, http=Object(http))).test_client(), http


@pytest.mark.parametrize("at", ["members", "line-items", "results", "groups"])
def test_access_tokens_go_to_the_platform_only(lti_platform: SimulatedPlatform, at: str) -> None:
    client, http = reference_tool(lti_platform)
    services = lti_platform.launch(client, user=TEACHER, accept=JSON).json["services"]
    lti_platform.misbehave("foreign-page", at=at)
    answer = client.get(services[at.replace("-", "")], base_url=AT, headers={"Accept": JSON})
    assert (answer.status_code, answer.json["error"]["code"]) == (502, "http.url_refused")
    assert http.tokens
    assert all(request.url.startswith(f"{lti_platform.issuer}/") for request in http.requests)


@pytest.mark.parametrize("accept", [JSON, "text/html"])
@pytest.mark.parametrize(
    "kind", ["status", "too-many-requests", "malformed-json", "too-large", "silent", "page-loop", "foreign-page"]
)
def test_a_service_that_fails_shows_no_token(
    lti_platform: SimulatedPlatform, caplog: pytest.LogCaptureFixture, kind: str, accept: str
) -> None:
    client, http = reference_tool(lti_platform)
    services = lti_platform.launch(client, user=TEACHER, accept=JSON).json["services"]
    details = {"retry_after": 100} if kind == "too-many-requests" else {}
    details |= {"status": 403} if kind == "status" else {}
    lti_platform.misbehave(kind, at="members", **details)
    with caplog.at_level(logging.DEBUG):
        answer = client.get(services["members"], base_url=AT, headers={"Accept": accept})
    assert answer.status_code == 502
    assertions = [request.body.decode() for request in http.requests if request.url == lti_platform.token_url]
    assert http.tokens
    assert assertions
    for secret in (*http.tokens, *assertions):
        assert secret not in answer.text
        assert secret not in caplog.text


def test_picked_content_goes_to_the_address_of_the_signed_request_only(lti_platform: SimulatedPlatform) -> None:
    client, _ = reference_tool(lti_platform)
    asked = lti_platform.deep_linking()
    address = lti_platform.launch(client, message=asked, accept=JSON).json["services"]["deep-link"]
    elsewhere = {"return_url": "https://elsewhere.example", "deep_link_return_url": "https://elsewhere.example"}
    fields = {"item": "quiz", **elsewhere}
    page = client.post(address, data=fields, content_type=FORM, query_string=elsewhere, base_url=AT)
    settings = asked.claims[c.DEEP_LINKING_SETTINGS]
    assert isinstance(settings, dict)
    assert form_on(page.text)[0] == settings["deep_link_return_url"]
    assert client.post(address, json={"items": [], **elsewhere}, base_url=AT).status_code == 400
