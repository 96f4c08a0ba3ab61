"""The reference tool over HTTP: addresses, pages and JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dependency_injector.providers import Object
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_adapters.container import LtiContainer
from lti_adapters.reference_tool.flask_app import create_app
from lti_core.errors import ConfigurationError
from tests.fakes import PLATFORM_KEY, TOOL_KEY, TOOL_PEM, FixedClock
from tests.good import CLAIMS, DEEP_LINKING, REVIEW, initiation, token

HTTPS = "https://tool.example"
JSON = {"Accept": "application/json"}
REGISTRATIONS = {
    "https://lms.example": {
        "client_id": "tool-1",
        "auth_login_url": "https://lms.example/auth",
        "auth_token_url": "https://lms.example/token",
        "key_set": {"keys": [dict(PLATFORM_KEY.public)]},
        "deployment_ids": ["dep-1"],
        "private_key": TOOL_PEM,
    }
}


def app_with(**options: Any) -> Flask:
    container = LtiContainer(clock=Object(FixedClock()))
    container.config.from_dict({"registrations": {"document": REGISTRATIONS}})
    return create_app(container=container, **options)


@pytest.fixture
def client() -> FlaskClient:
    return app_with().test_client()


def launch(client: FlaskClient, claims: Mapping[str, Any] = CLAIMS, **headers: str) -> TestResponse:
    """Log in and launch, as a platform and a browser do."""
    login = client.get("/lti/login", query_string=initiation(), base_url=HTTPS)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(login.location).query).items()}
    form = {"state": sent["state"], "id_token": token({**claims, "nonce": sent["nonce"]})}
    return client.post("/lti/launch", data=form, base_url=HTTPS, headers=headers)


@pytest.mark.parametrize("claims", [CLAIMS, DEEP_LINKING, REVIEW], ids=["link", "picking", "review"])
def test_a_launch_is_shown(client: FlaskClient, claims: Mapping[str, Any]) -> None:
    page = launch(client, claims)
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert "Ada Lovelace" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors https://lms.example")


def test_a_launch_answers_a_program_with_its_claims(client: FlaskClient) -> None:
    answer = launch(client, **JSON)
    assert answer.json["message_type"] == "LtiResourceLinkRequest"
    assert {**answer.json["claims"], "nonce": CLAIMS["nonce"]} == CLAIMS
    assert "Accept" in answer.headers["Vary"]


def test_a_launch_can_be_looked_at_again_in_the_same_browser(client: FlaskClient) -> None:
    launch_id = launch(client, **JSON).json["launch_id"]
    page = client.get(f"/tool/launches/{launch_id}", base_url=HTTPS)
    assert page.status_code == 200
    assert "Ada Lovelace opened Quiz 7 in Maths 1" in " ".join(
        page.text.replace("<bdi>", "").replace("</bdi>", "").split()
    )
    document = client.get(f"/tool/launches/{launch_id}", base_url=HTTPS, headers=JSON).json
    assert (document["launch_id"], document["claims"]["sub"]) == (launch_id, "u-42")


def test_the_page_leads_to_the_same_launch_again(client: FlaskClient) -> None:
    page = launch(client).text
    address = page.partition('<a href="/tool/launches/')[2].partition('"')[0]
    assert client.get(f"/tool/launches/{address}", base_url=HTTPS, headers=JSON).json["launch_id"] == address


def test_another_browser_does_not_open_the_launch(client: FlaskClient) -> None:
    launch_id = launch(client, **JSON).json["launch_id"]
    other = client.application.test_client().get(f"/tool/launches/{launch_id}", base_url=HTTPS, headers=JSON)
    assert (other.status_code, other.json["error"]["code"]) == (400, "launch.browser_mismatch")


def test_a_tool_may_be_made_so_that_the_id_alone_opens_a_launch() -> None:
    app = app_with(id_opens_launches=True)
    launch_id = launch(app.test_client(), **JSON).json["launch_id"]
    other = app.test_client().get(f"/tool/launches/{launch_id}", base_url=HTTPS, headers=JSON)
    assert other.json["launch_id"] == launch_id


def test_an_unknown_launch_is_explained(client: FlaskClient) -> None:
    answer = client.get("/tool/launches/none", base_url=HTTPS)
    assert answer.status_code == 400
    assert "Open the activity again from your course." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_refused_launch_is_a_page_or_json(client: FlaskClient) -> None:
    assert (
        "launch.version_unsupported"
        in launch(client, {**CLAIMS, **{name: "1.1" for name in CLAIMS if "version" in name}}).text
    )
    answer = launch(client, {**CLAIMS, "aud": "another"}, **JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "launch.audience_mismatch")
    assert set(answer.json["error"]) == {"code", "message", "spec"}


def test_the_front_page_names_the_addresses_that_a_platform_asks_for(client: FlaskClient) -> None:
    page = client.get("/", base_url=HTTPS).text
    for path in ("login", "launch", "jwks"):
        assert f"{HTTPS}/lti/{path}" in page


def test_the_front_page_names_the_address_that_the_tool_is_known_by() -> None:
    container = LtiContainer(clock=Object(FixedClock()))
    container.config.from_dict({"registrations": {"document": REGISTRATIONS}, "tool": {"url": HTTPS}})
    page = create_app(container=container).test_client().get("/", base_url="http://10.0.0.1:8000")
    assert f"{HTTPS}/lti/login" in page.text


def test_the_tool_says_that_it_is_well(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_tool_without_configuration_is_told_how_to_get_one() -> None:
    with pytest.raises(ConfigurationError):
        create_app()


def test_the_tools_own_key_is_published(client: FlaskClient) -> None:
    assert [key["kid"] for key in client.get("/lti/jwks").json["keys"]] == [TOOL_KEY.kid]
