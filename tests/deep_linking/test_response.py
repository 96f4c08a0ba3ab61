"""The signed answer: its claims, its signature, and what a launch must be to be answered so."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st
from jose import jwt as jose_jwt

from lti_core import claims as c
from lti_core.deep_linking import (
    ContentItem,
    DeepLinkingResponse,
    HtmlFragment,
    content_item_document,
    content_items_from,
    deep_linking_response,
)
from lti_core.errors import AccessRefused, InvalidValue
from lti_core.keys import public_pem
from lti_core.tokens import read_key, take_apart
from tests import good
from tests.deep_linking.picked import EVERYTHING, GRADED, PAGE, QUIZ, items, request
from tests.fakes import NOON, TOOL_KEY, TOOL_PEM

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def answer(*picked: ContentItem, launch: Any = None, **more: Any) -> DeepLinkingResponse:
    given = {"own_urls": good.TARGET_URLS, "random": bytes, **more}
    return deep_linking_response(launch or request(), picked, TOOL_KEY, NOON, **given)


def claims_of(response: DeepLinkingResponse) -> dict[str, Any]:
    return take_apart(response.jwt, 8 * 1024 * 1024).claims


def test_the_token_says_exactly_what_the_specification_demands() -> None:
    response = answer(QUIZ, PAGE)
    assert claims_of(response) == {
        "iss": good.CLIENT_ID,
        "aud": good.ISSUER,
        "iat": good.NOW,
        "exp": good.NOW + 300,
        "nonce": "A" * 43,
        c.DEPLOYMENT_ID: "dep-1",
        c.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        c.VERSION: "1.3.0",
        DL + "content_items": [content_item_document(QUIZ), content_item_document(PAGE)],
        DL + "data": "keep-me",
    }
    assert response.return_url == EVERYTHING["deep_link_return_url"]
    assert response.form == (("JWT", response.jwt),)
    assert (response.items, response.warnings) == ((QUIZ, PAGE), ())
    assert response.jwt not in repr(response)


def test_nothing_picked_is_an_empty_list() -> None:
    assert claims_of(answer())[DL + "content_items"] == []


@pytest.mark.parametrize("data", ["", "keep-me", 'é\n\u2028{"a": 1}', "x" * 10_000])
def test_data_comes_back_as_it_was_also_when_it_is_empty(data: str) -> None:
    assert claims_of(answer(launch=request(data=data)))[DL + "data"] == data


def test_data_that_never_came_does_not_come_back() -> None:
    assert DL + "data" not in claims_of(answer(launch=request(data=None)))


def test_messages_come_as_their_claims() -> None:
    said = {"message": "One quiz was added.", "log": "quiz 7", "error_message": "Sorry ✗", "error_log": ""}
    claims = claims_of(answer(QUIZ, **said))
    assert [claims[DL + name] for name in ("msg", "log", "errormsg", "errorlog")] == list(said.values())


@pytest.mark.parametrize("name", ["message", "log", "error_message", "error_log"])
@pytest.mark.parametrize("text", [7, b"x", "\ud800", ["x"]])
def test_a_message_that_is_no_text_is_refused(name: str, text: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        answer(**{name: text})
    assert refusal.value.code == "deep_linking.message_malformed"


@pytest.mark.parametrize("claims", [good.CLAIMS, good.REVIEW])
def test_only_a_deep_linking_request_can_be_answered(claims: Any) -> None:
    with pytest.raises(AccessRefused) as refusal:
        answer(QUIZ, launch=good.launch(claims))
    assert (refusal.value.code, refusal.value.found) == ("deep_linking.not_requested", claims[c.MESSAGE_TYPE])


def test_a_fresh_nonce_goes_with_each_answer() -> None:
    nonces = {claims_of(deep_linking_response(request(), [], TOOL_KEY, NOON, own_urls=good.TARGET_URLS))["nonce"]}
    nonces.add(claims_of(deep_linking_response(request(), [], TOOL_KEY, NOON, own_urls=good.TARGET_URLS))["nonce"])
    assert len(nonces) == 2


def test_the_key_set_of_the_tool_verifies_the_token() -> None:
    jws, key = take_apart(answer(GRADED).jwt), read_key(TOOL_KEY.public)
    assert key is not None
    assert key.verifies(jws)
    assert dict(jws.header) == {"alg": "RS256", "typ": "JWT", "kid": TOOL_KEY.kid}


def test_another_library_accepts_the_token_as_that_of_this_tool_for_that_platform() -> None:
    later = NOON + timedelta(days=40_000)  # this library reads the wall clock
    response = deep_linking_response(request(), [GRADED], TOOL_KEY, later, own_urls=good.TARGET_URLS)
    claims = jose_jwt.decode(
        response.jwt,
        dict(TOOL_KEY.public),
        algorithms=["RS256"],
        audience=good.ISSUER,
        issuer=good.CLIENT_ID,
        options={"verify_iat": False},
    )
    assert claims == claims_of(response)


def test_the_signature_is_one_of_the_tools_key_as_cryptography_sees_it() -> None:
    signed, _, signature = answer(GRADED).jwt.rpartition(".")
    public: Any = load_pem_public_key(public_pem(TOOL_PEM).encode())
    decoded = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public.verify(decoded, signed.encode(), PKCS1v15(), SHA256())


@given(st.lists(items, max_size=3))
def test_whatever_was_picked_comes_out_of_the_token_again(picked: list[ContentItem]) -> None:
    response = answer(*picked, launch=request(accept_types=[item.type for item in picked]))
    assert content_items_from(claims_of(response)[DL + "content_items"]) == tuple(picked) == response.items


@given(st.lists(items, max_size=3), st.sampled_from(["ltiResourceLink", "link", "image"]), st.booleans())
def test_whatever_was_picked_is_sent_as_far_as_it_is_accepted_or_refused(
    picked: list[ContentItem], accepted: str, several: bool
) -> None:
    launch = request(
        accept_types=[accepted],
        accept_multiple=several,
        accept_lineitem=False,
        accept_presentation_document_targets=["window"],
    )
    fits = {item.type for item in picked} <= {accepted} and (several or len(picked) <= 1)
    try:
        sent = claims_of(answer(*picked, launch=launch, line_items="drop"))[DL + "content_items"]
    except InvalidValue:
        assert not fits
        return
    assert fits
    assert len(sent) == len(picked)
    assert not any({"lineItem", "iframe", "embed"} & set(document) for document in sent)


def test_a_token_over_512_kib_is_warned_about() -> None:
    response = answer(HtmlFragment(html="x" * 600_000))
    assert [warning.code for warning in response.warnings] == ["deep_linking.token_large"]
    assert answer(HtmlFragment(html="x" * 300_000)).warnings == ()


def test_the_token_is_ascii_whatever_was_picked() -> None:
    response = answer(HtmlFragment(html="<h1>Überraschung 漢字</h1>"))
    assert response.jwt.isascii()
    assert json.dumps(response.jwt) == f'"{response.jwt}"'
