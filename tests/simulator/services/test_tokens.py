"""The token endpoint: who gets an access token, and what it is good for."""

import pytest
from attrs import evolve

from lti_adapters.simulator.profiles.profile import SPEC
from lti_core import scopes
from lti_core.keys import new_private_key, read_private_key
from tests.simulator.services.asking import Asking, assertion, read, signed

SCORE, READS = scopes.SCORE, scopes.MEMBERS_READ
OTHER_PEM = new_private_key()


def refusal(answer):
    return answer.status, read(answer)["error"]


def test_a_good_assertion_gets_a_token_for_the_scopes_that_were_asked(asking):
    answer = asking.ask_for_token(f"{SCORE} {READS}")
    assert answer.status == 200
    token = read(answer)
    assert (token["token_type"], token["expires_in"], token["scope"]) == ("Bearer", 3600, f"{SCORE} {READS}")
    assert evolve(asking, token=token["access_token"]).get("members", asking.members_url).status == 200


def test_scopes_that_are_not_granted_are_left_out(platform_with):
    asking = Asking(platform_with(scopes=(SCORE,)))
    assert read(asking.ask_for_token(f"{READS} {SCORE} https://vendor.example/x"))["scope"] == SCORE
    assert refusal(asking.ask_for_token(READS)) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"iss": None},
        {"sub": "another"},
        {"aud": "https://platform.example"},
        {"aud": ["https://elsewhere.example/token"]},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 0},
        {"exp": 10**400},
        {"exp": True},
        {"iat": None},
        {"iat": 10**12},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
    ],
    ids=str,
)
def test_an_assertion_with_a_wrong_claim_is_refused(platform, asking, changes):
    answer = asking.ask_for_token(SCORE, signed(assertion(platform, **changes)))
    assert refusal(answer) == (401, "invalid_client")
    [exchange] = platform.requests.of("token")
    assert exchange.problem == read(answer)["error_description"]


def test_an_assertion_without_sub_is_an_invalid_request(platform, asking):
    assert refusal(asking.ask_for_token(SCORE, signed(assertion(platform, sub=None)))) == (400, "invalid_request")


def test_an_assertion_that_lives_longer_than_five_minutes_is_refused(platform, asking):
    claims = assertion(platform)
    long = signed({**claims, "exp": claims["iat"] + 301})
    assert refusal(asking.ask_for_token(SCORE, long)) == (401, "invalid_client")


def test_the_audience_may_stand_in_a_list(platform, asking):
    claims = assertion(platform, aud=["https://elsewhere.example", platform.token_url])
    assert asking.ask_for_token(SCORE, signed(claims)).status == 200


def test_an_assertion_works_once(platform, asking):
    text = signed(assertion(platform))
    assert asking.ask_for_token(SCORE, text).status == 200
    assert refusal(asking.ask_for_token(SCORE, text)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda claims: signed(claims, OTHER_PEM), id="another key under the tool's kid"),
        pytest.param(lambda claims: signed(claims, kid="unknown"), id="unknown kid"),
        pytest.param(lambda claims: signed(claims, kid=""), id="no kid"),
        pytest.param(lambda claims: signed(claims, algorithm="RS512"), id="another algorithm than the key's"),
        pytest.param(lambda claims: signed(claims)[:-4] + "AAAA", id="broken signature"),
    ],
)
def test_an_assertion_that_the_tool_did_not_sign_is_refused(platform, asking, text):
    assert refusal(asking.ask_for_token(SCORE, text(assertion(platform)))) == (401, "invalid_client")


@pytest.mark.parametrize("text", ["", "a.b.c", "x", "."])
def test_what_is_no_assertion_is_an_invalid_request(asking, text):
    assert refusal(asking.ask_for_token(SCORE, text)) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "urn:x"}, "invalid_request"),
        ({"client_assertion_type": None}, "invalid_request"),
    ],
)
def test_a_form_that_is_not_as_it_must_be_is_refused(asking, fields, error):
    assert refusal(asking.ask_for_token(SCORE, **fields)) == (400, error)


def test_a_scope_is_needed(asking):
    assert refusal(asking.ask_for_token("")) == (400, "invalid_request")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_only_a_form_is_read(platform, asking, media_type):
    answer = asking.send("POST", platform.token_url, b"{}", content_type=media_type)
    assert refusal(answer) == (400, "invalid_request")


def test_a_field_that_comes_twice_is_refused(platform, asking):
    body = b"grant_type=client_credentials&grant_type=client_credentials"
    answer = asking.send("POST", platform.token_url, body, content_type="application/x-www-form-urlencoded")
    assert refusal(answer) == (400, "invalid_request")


def test_the_tools_keys_are_fetched_again_when_a_key_is_new(platform_with):
    published, fetched = [], []

    def fetch():
        fetched.append(1)
        return {"keys": published}

    platform = platform_with(tool_key_set=fetch)
    asking = Asking(platform)
    new = read_private_key(OTHER_PEM)
    assert asking.ask_for_token(SCORE, signed(assertion(platform), OTHER_PEM, kid=new.kid)).status == 401
    published.append(dict(new.public))
    for _ in range(3):
        assert asking.ask_for_token(SCORE, signed(assertion(platform), OTHER_PEM, kid=new.kid)).status == 200
    assert len(fetched) == 2


@pytest.mark.parametrize("source", [lambda: b"<html>", lambda: {}, lambda: (_ for _ in ()).throw(OSError("down"))])
def test_a_tool_whose_keys_cannot_be_had_gets_no_token(platform_with, source):
    assert refusal(Asking(platform_with(tool_key_set=source)).ask_for_token(SCORE)) == (401, "invalid_client")


def test_a_token_ends(platform, asking):
    short = evolve(asking, token=platform.issue_token(expires_in=60))
    assert short.get("members", asking.members_url).status == 200
    platform.clock.advance(60)
    assert short.get("members", asking.members_url).status == 401


def test_revoked_tokens_are_good_no_longer(platform, asking):
    platform.revoke_tokens()
    answer = asking.get("members", asking.members_url)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer x", "bearerx"])
def test_without_a_good_token_nothing_is_read(asking, header):
    assert asking.get("members", asking.members_url, authorization=header).status == 401


def test_the_word_bearer_may_be_small_unless_the_profile_minds(platform_with):
    for profile, status in (("spec", 200), ("moodle", 401)):
        asking = Asking(platform_with(profile=profile))
        lower = f"bearer {asking.token}"
        assert asking.get("members", asking.members_url, authorization=lower).status == status


def test_each_service_takes_its_scope(platform, asking):
    for scope in platform.scopes:
        one = Asking(platform, (scope,))
        allowed = {
            kind
            for kind, answer in {
                "members": one.get("members", asking.members_url),
                "line-items": one.get("line-items", asking.line_items_url),
                "create": one.put_in("line-items", asking.line_items_url, {"label": "x", "scoreMaximum": 1}),
                "scores": one.score(),
                "results": one.results(),
            }.items()
            if answer.status != 403
        }
        assert (
            allowed
            == {
                scopes.LINE_ITEM: {"line-items", "create"},
                scopes.LINE_ITEM_READ: {"line-items"},
                scopes.SCORE: {"scores"},
                scopes.RESULT_READ: {"results"},
                scopes.MEMBERS_READ: {"members"},
                scopes.GROUPS_READ: set(),
            }[scope]
        )


def test_brightspace_wants_its_own_audience(platform_with):
    platform = platform_with(profile="brightspace")
    [[registration]] = platform.registration_document().values()
    assert registration["auth_audience"] == platform.profile.audience == "https://api.brightspace.com/auth/token"
    asking = Asking(platform)
    assert asking.ask_for_token(SCORE).status == 200
    wrong = signed(assertion(platform, aud=platform.token_url))
    assert refusal(asking.ask_for_token(SCORE, wrong)) == (400, "invalid_client")


def test_open_edx_gives_a_token_without_any_scope(platform_with):
    answer = read(Asking(platform_with(profile="openedx")).ask_for_token("https://vendor.example/x"))
    assert (answer["scope"], answer["token_type"]) == ("", "bearer")


def test_tokens_that_are_out_and_ids_that_were_used_do_not_grow_for_ever(platform_with):
    platform = platform_with(profile=evolve(SPEC, checks=frozenset()))
    first = platform.issue_token()
    for _ in range(10_000):
        platform.issue_token()
    asking = Asking(platform, token=first)
    assert asking.get("members", asking.members_url).status == 401
