"""The answers that a real Moodle 4.5 accepted can be given with this library, claim by claim."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lti_core import claims as c
from lti_core.deep_linking import (
    ContentItemRefused,
    DeepLinkingResponse,
    content_item_document,
    content_items_from,
    deep_linking_response,
)
from lti_core.launch import restored
from lti_core.messages import LaunchMessage
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls
from lti_core.tokens import take_apart
from tests.fakes import TOOL_KEY

RECORDED = Path(__file__).parent.parent / "data" / "moodle-4.5"
PLATFORM = json.loads((RECORDED / "platform.json").read_text())
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
GOOD = (
    "response with one item",
    "response with seven resource links, five with line items",
    "response with no items (the teacher chose nothing)",
    "response with msg, log, errormsg and errorlog",
    "response with one item and a msg",
    "response without the data claim",
    "response whose aud is a string",
)
OTHER_TYPES = "response with other content item types"


def answers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each recorded answer, with the claims of the request before it."""
    asked: dict[str, Any] = {}
    for exchange in json.loads((RECORDED / "deep-linking.json").read_text())["exchanges"]:
        claims = exchange.get("id_token_claims", {})
        if claims.get(c.MESSAGE_TYPE) == "LtiDeepLinkingRequest":
            asked = claims
        if "response_jwt_claims" in exchange:
            yield asked, exchange


ANSWERS = {exchange["name"]: (asked, exchange) for asked, exchange in answers()}


def request(asked: dict[str, Any]) -> LaunchMessage:
    registration = Registration(
        issuer=PLATFORM["issuer"],
        client_id=asked["aud"],
        login_url=PLATFORM["authorization_endpoint"],
        key_set=PLATFORM["key_set"],
    )
    return restored(asked, registration, asked[c.TARGET_LINK_URI])


def answer(name: str) -> tuple[dict[str, Any], DeepLinkingResponse]:
    """What was sent then, and what this library makes of the same items and messages."""
    asked, exchange = ANSWERS[name]
    then = exchange["response_jwt_claims"]
    response = deep_linking_response(
        request(asked),
        content_items_from(then[DL + "content_items"]),
        TOOL_KEY,
        datetime.fromtimestamp(then["iat"], UTC),
        own_urls=TargetUrls.of(["http://127.0.0.1:8946/launch", "http://127.0.0.1:8946/launch/*"]),
        message=then.get(DL + "msg"),
        log=then.get(DL + "log"),
        error_message=then.get(DL + "errormsg"),
        error_log=then.get(DL + "errorlog"),
    )
    return then, response


@pytest.mark.parametrize("name", GOOD)
def test_an_accepted_answer_can_be_given_claim_by_claim(name: str) -> None:
    then, response = answer(name)
    now = take_apart(response.jwt).claims
    assert set(now) == set(then)
    for claim in set(then) - {"aud", "nonce"}:
        assert now[claim] == then[claim], claim
    assert now["aud"] == (then["aud"] if isinstance(then["aud"], str) else then["aud"][0])


@pytest.mark.parametrize("name", GOOD)
def test_an_accepted_answer_went_to_the_address_of_its_request(name: str) -> None:
    exchange = ANSWERS[name][1]
    assert answer(name)[1].return_url == exchange["request"]["url"]
    assert [field for field, _ in exchange["request"]["form"]] == ["JWT"]


def test_what_moodle_did_not_save_was_warned_about() -> None:
    _, response = answer("response with seven resource links, five with line items")
    assert [(warning.code, warning.message[:6]) for warning in response.warnings] == [
        ("deep_linking.score_maximum_unsupported", "Item 5"),
        ("deep_linking.score_maximum_unsupported", "Item 6"),
        ("deep_linking.url_foreign", "Item 7"),
    ]


def test_other_types_are_refused_since_moodle_lists_resource_links_only() -> None:
    with pytest.raises(ContentItemRefused) as refusal:
        answer(OTHER_TYPES)
    assert (refusal.value.code, refusal.value.position) == ("deep_linking.type_not_accepted", 1)


@pytest.mark.parametrize("name", [*GOOD, OTHER_TYPES])
def test_recorded_items_are_read_and_written_as_they_were(name: str) -> None:
    sent = ANSWERS[name][1]["response_jwt_claims"][DL + "content_items"]
    assert [content_item_document(item) for item in content_items_from(sent)] == sent
