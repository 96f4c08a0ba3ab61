"""Broken launches are broken in the way that they say, and in no other."""

import hmac
import json
from base64 import urlsafe_b64decode

import pytest

from lti_adapters.simulator.broken import BROKEN, SUBJECTS
from lti_adapters.simulator.clients import browser_of
from lti_core import claims as c
from lti_core.tokens import read_key_set, take_apart

BY_NAME = {variation.name: variation for variation in BROKEN}


@pytest.fixture
def answer(platform, client, request_of):
    """Makes the answer that a broken launch is, of an ordinary request."""

    def make(name):
        variation = BY_NAME[name]
        login = platform.initiate(platform.resource_link(), variation)
        request = {**request_of(platform.resource_link()), "lti_message_hint": login["lti_message_hint"]}
        return platform.authorize(request.items(), browser_of(client).fresh)

    return make


@pytest.fixture
def parts(answer):
    """Makes header, claims and signature of a broken launch's token, read without any check."""

    def make(name):
        header, payload, signature = dict(answer(name).fields)["id_token"].split(".")
        return *(json.loads(urlsafe_b64decode(part + "==")) for part in (header, payload)), signature

    return make


def test_the_replayed_form_is_the_same_one(answer):
    replayed = answer("replayed")
    assert replayed.before == (replayed.fields,)


def test_a_nonce_is_reused_by_another_token(answer):
    again = answer("nonce-reused")
    [first], second = again.before, again.fields
    assert dict(first)["state"] == dict(second)["state"]
    tokens = [take_apart(dict(form)["id_token"]) for form in (first, second)]
    assert tokens[0].claims["nonce"] == tokens[1].claims["nonce"]
    assert tokens[0].signature != tokens[1].signature


def test_a_forged_token_names_the_platforms_key(platform, answer):
    token = take_apart(dict(answer("forged").fields)["id_token"])
    [key] = read_key_set(platform.keys.published()).find(token.header["kid"])
    assert not key.verifies(token)


def test_a_public_key_as_secret_is_the_platforms(platform, answer):
    token = take_apart(dict(answer("public-key-as-secret").fields)["id_token"])
    assert token.header["alg"] == "HS256"
    assert token.signature == hmac.digest(platform.keys.newest.public_pem.encode(), token.signed, "sha256")


def test_an_unsigned_token_has_no_signature(parts):
    header, _, signature = parts("unsigned")
    assert (header["alg"], signature) == ("none", "")


def test_a_token_of_no_lti_says_nothing(parts):
    header, claims, _ = parts("not-lti")
    assert (header, claims) == ({}, {"name": "badltilaunch"})


def test_a_token_without_a_kid_is_signed_by_the_platform(platform, answer):
    token = take_apart(dict(answer("no-kid").fields)["id_token"])
    assert dict(token.header) == {"badtestonly": "12345", "alg": "RS256"}
    [key] = read_key_set(platform.keys.published()).find(platform.keys.newest.kid)
    assert key.verifies(token)


def test_a_claim_stands_twice_in_the_text(answer):
    payload = dict(answer("duplicate-claim").fields)["id_token"].split(".")[1]
    assert urlsafe_b64decode(payload + "==").count(b'"sub":') == 2


def test_a_huge_token_is_larger_than_300_kib_and_fits_into_a_form(answer):
    assert 300 * 1024 <= len(dict(answer("huge-token").fields)["id_token"]) < 500_000


def test_nested_claims_are_a_thousand_deep(answer):
    payload = dict(answer("deeply-nested").fields)["id_token"].split(".")[1]
    assert b"[" * 1000 in urlsafe_b64decode(payload + "==")


def test_a_token_in_the_address_goes_by_get(answer):
    assert answer("token-in-address").method == "GET"


def test_the_login_of_another_browser_is_whole(answer):
    fields = dict(answer("other-browser").fields)
    state = b"".join(urlsafe_b64decode(part + "==") for part in fields["state"].split("."))
    assert str(take_apart(fields["id_token"]).claims["nonce"]).encode() in state


def test_the_nonce_of_another_login_stays_beside_the_own_state(answer):
    fields = dict(answer("nonce-of-another-login").fields)
    assert fields["state"] == "s-1"
    assert take_apart(fields["id_token"]).claims["nonce"] != "n-1"


SIGNED = [variation for _, part in SUBJECTS[4:7] for variation in part] + list(SUBJECTS[0][1])


@pytest.mark.parametrize("variation", SIGNED, ids=str)
def test_what_is_wrong_in_the_claims_is_signed_by_the_platform(platform, answer, variation):
    token = take_apart(dict(answer(variation.name).fields)["id_token"])
    [key] = read_key_set(platform.keys.published()).find(token.header["kid"])
    assert key.verifies(token)


def changed_claims(platform, request_of, authorize, answer, name):
    honest = take_apart(dict(authorize(request_of(platform.resource_link()).items()).fields)["id_token"]).claims
    broken = take_apart(dict(answer(name).fields)["id_token"]).claims
    return {claim for claim in {*honest, *broken} if honest.get(claim) != broken.get(claim)}


CHANGED = {
    "expired": {"iat", "exp"},
    "no-exp": {"exp"},
    "not-yet-valid": {"nbf"},
    "wrong-audience": {"aud"},
    "no-azp": {"aud", "azp"},
    "foreign-azp": {"azp"},
    "wrong-issuer": {"iss"},
    "wrong-version": {c.VERSION},
    "fields-missing": {c.MESSAGE_TYPE, c.VERSION, c.ROLES},
    "unknown-deployment": {c.DEPLOYMENT_ID},
    "empty-user": {"sub"},
    "foreign-target": {c.TARGET_LINK_URI},
    "no-nonce": {"nonce"},
}


@pytest.mark.parametrize("name", CHANGED)
def test_nothing_else_is_changed(platform, request_of, authorize, answer, name):
    assert changed_claims(platform, request_of, authorize, answer, name) == CHANGED[name]
