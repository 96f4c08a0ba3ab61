"""A deep linking request is answered with a page that takes the signed answer to the platform."""

import logging
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from lti_adapters.flask import Lti, current_launch, launch_url_for
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core import claims as c
from lti_core.deep_linking import (
    LtiResourceLink,
    NewLineItem,
    content_item_document,
    content_items_from,
)
from lti_core.tokens import read_key_set, take_apart

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
JSON = "application/json"
QUIZ = LtiResourceLink(title='Quiz <7> & "more"', url="https://localhost/lti/launch?quiz=7")


class Picker:
    """A tool that answers at once with `items`, or shows its page first when there are none yet."""

    def __init__(self, config: Any) -> None:
        self.items: Any = [QUIZ]
        self.said: dict[str, Any] = {}
        self.app = Flask("picker")
        self.lti = Lti(self.app, config)
        self.lti.resource_link(self.answer)
        self.lti.deep_linking(lambda launch: self.answer(launch) if self.items is not None else self.show())
        self.app.add_url_rule("/picked", "picked", self.picked, methods=["POST"])

    def show(self) -> dict[str, str]:
        return {"later": launch_url_for("picked")}

    def picked(self) -> Any:
        items = [LtiResourceLink(title=title) for title in request.form.getlist("title")]
        return self.lti.deep_linking_response(current_launch, items)

    def answer(self, launch: Any) -> Any:
        return self.lti.deep_linking_response(launch, self.items, **self.said)


@pytest.fixture
def picker(lti_platform: SimulatedPlatform) -> Picker:
    return Picker(lti_platform.config)


@pytest.fixture
def client(picker: Picker) -> FlaskClient:
    return picker.app.test_client()


class Form(HTMLParser):
    """The form of a page, as a person without scripts sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.fields: list[tuple[str | None, str | None]] = []
        self.buttons = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.attributes = given
        if tag == "input":
            self.fields.append((given["name"], given["value"]))
        self.buttons += tag == "button"


def settings_of(message: Message) -> Any:
    return message.claims[c.DEEP_LINKING_SETTINGS]


def accepting(message: Message, **settings: Any) -> Message:
    return message.having({c.DEEP_LINKING_SETTINGS: {**settings_of(message), **settings}})


def brought(html: str, client: FlaskClient) -> dict[str, Any]:
    """What the browser takes to the platform: the claims, whose signature the tool's published key set verifies."""
    ((name, token),) = Form(html).fields
    assert name == "JWT"
    jws = take_apart(str(token))
    (key,) = read_key_set(client.get("/lti/jwks").get_data()).find(str(jws.header["kid"]))
    assert key.verifies(jws)
    return jws.claims


def test_what_was_picked_goes_to_the_platform(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient
) -> None:
    picker.said = {"message": "One quiz was added."}
    message = lti_platform.deep_linking()
    claims = brought(lti_platform.launch(client, message=message).text, client)
    assert content_items_from(claims[DL + "content_items"]) == (QUIZ,)
    assert (claims["iss"], claims["aud"]) == (lti_platform.client_id, lti_platform.issuer)
    assert claims[c.DEPLOYMENT_ID] == lti_platform.deployment_id
    assert (claims[DL + "data"], claims[DL + "msg"]) == (settings_of(message)["data"], "One quiz was added.")


def test_nothing_picked_goes_to_the_platform_too(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient
) -> None:
    picker.items, picker.said = [], {"error_message": "The tool failed."}
    claims = brought(lti_platform.launch(client, message=lti_platform.deep_linking()).text, client)
    assert (claims[DL + "content_items"], claims[DL + "errormsg"]) == ([], "The tool failed.")


def test_the_page_works_without_scripts_and_within_its_policy(
    lti_platform: SimulatedPlatform, client: FlaskClient
) -> None:
    message = lti_platform.deep_linking()
    page = lti_platform.launch(client, message=message)
    form, address = Form(page.text), settings_of(message)["deep_link_return_url"]
    assert (form.attributes, form.buttons) == ({"class": "card", "method": "post", "action": address}, 1)
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    assert "Quiz" not in page.text  # it stands in the token only


def test_the_return_address_keeps_its_query(lti_platform: SimulatedPlatform, client: FlaskClient) -> None:
    address = 'https://platform.example/back?a=1&b="<x>&data=%22e%3D'
    message = accepting(lti_platform.deep_linking(), deep_link_return_url=address)
    assert Form(lti_platform.launch(client, message=message).text).attributes["action"] == address


def test_content_may_be_picked_in_a_later_request(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient
) -> None:
    picker.items = None
    message = lti_platform.deep_linking()
    later = lti_platform.launch(client, message=message).json["later"]
    answer = client.post(later, base_url="https://localhost", data={"title": ["Quiz 7", "Quiz 8"]})
    claims = brought(answer.text, client)
    assert [item["title"] for item in claims[DL + "content_items"]] == ["Quiz 7", "Quiz 8"]
    assert claims[DL + "data"] == settings_of(message)["data"]


def test_another_browser_picks_nothing_with_that_launch(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient
) -> None:
    picker.items = None
    later = lti_platform.launch(client, message=lti_platform.deep_linking()).json["later"]
    answer = picker.app.test_client().post(later, base_url="https://localhost", headers={"Accept": JSON})
    assert answer.json["error"]["code"] == "launch.browser_mismatch"


def test_a_launch_of_a_link_is_answered_with_no_content_also_later(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient
) -> None:
    page = lti_platform.launch(client, accept=JSON)
    assert (page.status, page.json["error"]["code"]) == (403, "deep_linking.not_requested")
    picker.lti.resource_link(lambda launch: picker.show())
    later = lti_platform.launch(client).json["later"]
    answer = client.post(later, base_url="https://localhost", headers={"Accept": JSON})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "deep_linking.not_requested")


def test_what_the_platform_does_not_accept_is_refused_and_logged(
    lti_platform: SimulatedPlatform, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    message = accepting(lti_platform.deep_linking(), accept_types=["html"])
    with caplog.at_level(logging.WARNING, logger="lti"):
        page = lti_platform.launch(client, message=message, accept=JSON)
    assert (page.status, page.json["error"]["code"]) == (400, "deep_linking.type_not_accepted")
    assert "refused deep_linking.type_not_accepted" in caplog.text


def test_what_is_left_out_or_may_go_wrong_is_logged(
    lti_platform: SimulatedPlatform, picker: Picker, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    message = accepting(lti_platform.deep_linking(), accept_lineitem=False)
    foreign = "https://elsewhere.example/launch"
    picker.items = [LtiResourceLink(url=foreign, line_item=NewLineItem(score_maximum=5))]
    picker.said = {"line_items": "drop"}
    with caplog.at_level(logging.WARNING, logger="lti"):
        page = lti_platform.launch(client, message=message)
    items = brought(page.text, client)[DL + "content_items"]
    assert items == [content_item_document(LtiResourceLink(url=foreign))]
    assert "sent deep_linking.line_item_not_accepted" in caplog.text
    assert "sent deep_linking.url_foreign" in caplog.text


def test_the_tools_own_words_stand_on_the_page(lti_platform: SimulatedPlatform) -> None:
    own = {"post.heading": "Un momento", "post.continue": "Avanti"}
    picker = Picker({**lti_platform.config, "pages": {"texts": own, "language": "it"}})
    page = lti_platform.launch(picker.app.test_client(), message=lti_platform.deep_linking())
    assert "Un momento" in page.text
    assert '<html lang="it"' in page.text
