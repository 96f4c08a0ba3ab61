"""Each rule of a launch: where it refuses, where it only warns, and what it accepts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.errors import LaunchRefused
from lti_core.launch import CLAIM_GROUPS, restored
from lti_core.messages import MESSAGE_TYPES, LaunchMessage
from lti_core.rules.header import HEADER
from lti_core.rules.rule import TargetUrls, address_shown, check
from tests import good
from tests.good import CLAIMS, CLIENT_ID, DEEP_LINKING, EXPECTED, ISSUER, NOW, REVIEW, Launching, without

LONG = "x" * 256
SETTINGS = DEEP_LINKING[c.DEEP_LINKING_SETTINGS]
ENDPOINT = REVIEW[c.AGS_ENDPOINT]
MEMBERS = {"context_memberships_url": "https://lms.example/m"}
GROUPS = {"context_groups_url": "https://lms.example/g"}
SETS, SOURCEDID, VERSIONS = "context_group_sets_url", "lis_result_sourcedid", "service_versions"


def settings(**changes: Any) -> dict[str, Any]:
    kept = {name: value for name, value in {**SETTINGS, **changes}.items() if value != "left out"}
    return {**DEEP_LINKING, c.DEEP_LINKING_SETTINGS: kept}


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("another issuer", "launch.issuer_mismatch", {**CLAIMS, "iss": "https://other.example"}),
    ("a trailing slash", "launch.issuer_mismatch", {**CLAIMS, "iss": ISSUER + "/"}),
    ("an issuer in capitals", "launch.issuer_mismatch", {**CLAIMS, "iss": ISSUER.upper()}),
    ("no issuer", "launch.issuer_mismatch", without(CLAIMS, "iss")),
    ("a list as issuer", "launch.issuer_mismatch", {**CLAIMS, "iss": [ISSUER]}),
    ("another audience", "launch.audience_mismatch", {**CLAIMS, "aud": "tool-2"}),
    ("no audience", "launch.audience_mismatch", without(CLAIMS, "aud")),
    ("an empty audience", "launch.audience_mismatch", {**CLAIMS, "aud": []}),
    ("a list of others", "launch.audience_mismatch", {**CLAIMS, "aud": ["tool-2", "tool-3"]}),
    ("a list with numbers", "launch.audience_mismatch", {**CLAIMS, "aud": [CLIENT_ID, 1]}),
    ("part of the client id", "launch.audience_mismatch", {**CLAIMS, "aud": "tool"}),
    ("an object as audience", "launch.audience_mismatch", {**CLAIMS, "aud": {CLIENT_ID: 1}}),
    ("two audiences without azp", "launch.azp_missing", {**CLAIMS, "aud": [CLIENT_ID, "tool-2"]}),
    ("two audiences, azp another", "launch.azp_mismatch", {**CLAIMS, "aud": [CLIENT_ID, "b"], "azp": "b"}),
    ("one audience, azp another", "launch.azp_mismatch", {**CLAIMS, "azp": "tool-2"}),
    ("azp a list", "launch.azp_mismatch", {**CLAIMS, "azp": [CLIENT_ID]}),
    ("no exp", "launch.exp_missing", without(CLAIMS, "exp")),
    ("exp as text", "launch.exp_missing", {**CLAIMS, "exp": str(NOW + 60)}),
    ("exp true", "launch.exp_missing", {**CLAIMS, "exp": True}),
    ("exp beyond all dates", "launch.exp_missing", {**CLAIMS, "exp": 10**400}),
    ("expired a minute ago", "launch.token_expired", {**CLAIMS, "exp": NOW - 60}),
    ("exp and iat long ago", "launch.token_expired", {**CLAIMS, "iat": 11111, "exp": 22222}),
    ("no iat", "launch.iat_missing", without(CLAIMS, "iat")),
    ("iat as text", "launch.iat_missing", {**CLAIMS, "iat": str(NOW)}),
    ("iat in the future", "launch.issued_in_future", {**CLAIMS, "iat": NOW + 61}),
    ("iat over an hour ago", "launch.token_too_old", {**CLAIMS, "iat": NOW - 3661}),
    ("nbf in the future", "launch.not_yet_valid", {**CLAIMS, "nbf": NOW + 61}),
    ("nbf as text", "launch.not_yet_valid", {**CLAIMS, "nbf": "now"}),
    ("no nonce", "launch.nonce_missing", without(CLAIMS, "nonce")),
    ("an empty nonce", "launch.nonce_missing", {**CLAIMS, "nonce": ""}),
    ("a number as nonce", "launch.nonce_missing", {**CLAIMS, "nonce": 5}),
    ("the nonce of another login", "launch.nonce_mismatch", {**CLAIMS, "nonce": "n-other"}),
    ("no deployment", "launch.deployment_missing", without(CLAIMS, c.DEPLOYMENT_ID)),
    ("an empty deployment", "launch.deployment_missing", {**CLAIMS, c.DEPLOYMENT_ID: ""}),
    ("a list as deployment", "launch.deployment_missing", {**CLAIMS, c.DEPLOYMENT_ID: ["dep-1"]}),
    ("an unknown deployment", "launch.deployment_unknown", {**CLAIMS, c.DEPLOYMENT_ID: "dep-9"}),
    ("a deployment in capitals", "launch.deployment_unknown", {**CLAIMS, c.DEPLOYMENT_ID: "DEP-1"}),
    ("no message type", "launch.message_type_missing", without(CLAIMS, c.MESSAGE_TYPE)),
    ("a number as message type", "launch.message_type_missing", {**CLAIMS, c.MESSAGE_TYPE: 1}),
    ("an unknown message type", "launch.message_type_unknown", {**CLAIMS, c.MESSAGE_TYPE: "LtiUnheardOf"}),
    ("an answer as request", "launch.message_type_unknown", {**CLAIMS, c.MESSAGE_TYPE: "LtiDeepLinkingResponse"}),
    ("no version", "launch.version_unsupported", without(CLAIMS, c.VERSION)),
    ("version 11.3", "launch.version_unsupported", {**CLAIMS, c.VERSION: "11.3"}),
    ("a number as version", "launch.version_unsupported", {**CLAIMS, c.VERSION: 1.3}),
    ("no target", "launch.target_link_uri_missing", without(CLAIMS, c.TARGET_LINK_URI)),
    ("an empty target", "launch.target_link_uri_foreign", {**CLAIMS, c.TARGET_LINK_URI: ""}),
    ("a foreign target", "launch.target_link_uri_foreign", {**CLAIMS, c.TARGET_LINK_URI: "https://evil.example/lti/launch"}),
    ("a list as target", "launch.target_link_uri_foreign", {**CLAIMS, c.TARGET_LINK_URI: [good.TARGET]}),
    ("no resource link", "launch.resource_link_missing", without(CLAIMS, c.RESOURCE_LINK)),
    ("a null resource link", "launch.resource_link_missing", {**CLAIMS, c.RESOURCE_LINK: None}),
    ("a resource link without id", "launch.resource_link_id_missing", {**CLAIMS, c.RESOURCE_LINK: {"title": "a"}}),
    ("an empty resource link id", "launch.resource_link_id_missing", {**CLAIMS, c.RESOURCE_LINK: {"id": ""}}),
    ("a long resource link id", "launch.identifier_too_long", {**CLAIMS, c.RESOURCE_LINK: {"id": LONG}}),
    ("a long context id", "launch.identifier_too_long", {**CLAIMS, c.CONTEXT: {"id": LONG}}),
    ("a long sub", "launch.identifier_too_long", {**CLAIMS, "sub": LONG}),
    ("no roles", "launch.roles_missing", without(CLAIMS, c.ROLES)),
    ("roles as text", "launch.claim_malformed", {**CLAIMS, c.ROLES: "Learner"}),
    ("a number among the roles", "launch.claim_malformed", {**CLAIMS, c.ROLES: [1]}),
    ("an empty sub", "launch.sub_missing", {**CLAIMS, "sub": ""}),
    ("an object as sub", "launch.claim_malformed", {**CLAIMS, "sub": {"id": 1}}),
    ("a true sub", "launch.claim_malformed", {**CLAIMS, "sub": True}),
    ("a context without id", "launch.context_id_missing", {**CLAIMS, c.CONTEXT: {"title": "a"}}),
    ("a text as context", "launch.claim_malformed", {**CLAIMS, c.CONTEXT: "c-3"}),
    ("a number as name", "launch.claim_malformed", {**CLAIMS, "name": 5}),
    ("a list as custom", "launch.claim_malformed", {**CLAIMS, c.CUSTOM: ["a"]}),
    ("no settings", "launch.deep_linking_settings_missing", without(DEEP_LINKING, c.DEEP_LINKING_SETTINGS)),
    ("a list as settings", "launch.deep_linking_settings_missing", {**DEEP_LINKING, c.DEEP_LINKING_SETTINGS: []}),
    ("no return address", "launch.deep_link_return_url_missing", settings(deep_link_return_url="left out")),
    ("a script as return", "launch.deep_link_return_url_invalid", settings(deep_link_return_url="javascript:1")),
    ("an http return", "launch.deep_link_return_url_invalid", settings(deep_link_return_url="http://lms.example/b")),
    ("no accepted types", "launch.accept_types_missing", settings(accept_types="left out")),
    ("no accepted targets", "launch.accept_targets_missing", settings(accept_presentation_document_targets="left out")),
    ("a review without AGS", "launch.review.ags_missing", without(REVIEW, c.AGS_ENDPOINT)),
    ("a review without line item", "launch.review.line_item_missing", {**REVIEW, c.AGS_ENDPOINT: {"scope": []}}),
    ("a review with bad scopes", "launch.claim_malformed", {**REVIEW, c.AGS_ENDPOINT: {**ENDPOINT, "scope": [5]}}),
    ("a review with a bad line item", "launch.review.line_item_missing", {**REVIEW, c.AGS_ENDPOINT: {"lineitem": "x"}}),
    ("a review of nobody", "launch.review.for_user_missing", without(REVIEW, c.FOR_USER)),
    ("a review of somebody", "launch.review.for_user_id_missing", {**REVIEW, c.FOR_USER: {"name": "Ada"}}),
    ("a review of an empty id", "launch.review.for_user_id_missing", {**REVIEW, c.FOR_USER: {"user_id": ""}}),
    ("a review by nobody", "launch.sub_missing", without(REVIEW, "sub")),
    ("a review without roles", "launch.roles_missing", without(REVIEW, c.ROLES)),
    ("a review, link without id", "launch.resource_link_id_missing", {**REVIEW, c.RESOURCE_LINK: {}}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "claims"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_launch_is_refused(code: str, claims: dict[str, Any]) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch(claims)
    assert refusal.value.code == code
    assert refusal.value.spec


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("a list of one audience", {**CLAIMS, "aud": [CLIENT_ID]}),
    ("two audiences, azp ours", {**CLAIMS, "aud": ["tool-2", CLIENT_ID], "azp": CLIENT_ID}),
    ("one audience, azp ours", {**CLAIMS, "azp": CLIENT_ID}),
    ("azp null", {**CLAIMS, "azp": None}),
    ("expired within the leeway", {**CLAIMS, "exp": NOW - 59}),
    ("times with fractions", {**CLAIMS, "iat": NOW - 0.5, "exp": NOW + 59.5}),
    ("issued in the near future", {**CLAIMS, "iat": NOW + 60}),
    ("issued an hour ago", {**CLAIMS, "iat": NOW - 3660}),
    ("nbf in the near future", {**CLAIMS, "nbf": NOW + 60}),
    ("no sub: anonymous", without(CLAIMS, "sub", "name", "given_name", "family_name", "email")),
    ("sub null", {**CLAIMS, "sub": None}),
    ("sub a number", {**CLAIMS, "sub": 42}),
    ("no context", without(CLAIMS, c.CONTEXT)),
    ("context null", {**CLAIMS, c.CONTEXT: None}),
    ("no roles in the list", {**CLAIMS, c.ROLES: []}),
    ("an empty role", {**CLAIMS, c.ROLES: [""]}),
    ("ids of 255 characters", {**CLAIMS, "sub": "x" * 255}),
    ("a guid of 255 characters", {**CLAIMS, c.TOOL_PLATFORM: {"guid": "x" * 255}}),
    ("sizes that are none", {**CLAIMS, c.LAUNCH_PRESENTATION: {"height": "", "width": "100%"}}),
    ("another query of the target", {**CLAIMS, c.TARGET_LINK_URI: good.LAUNCH_URL}),
    ("deep linking without target", without(DEEP_LINKING, c.TARGET_LINK_URI)),
    ("deep linking without roles", without(DEEP_LINKING, c.ROLES)),
    ("deep linking, no targets accepted", settings(accept_presentation_document_targets=[])),
    ("deep linking, media types as text", settings(accept_media_types="image/*,text/html")),
    ("deep linking, booleans as text", settings(accept_multiple="true", auto_create="false")),
    ("a review without link", without(REVIEW, c.RESOURCE_LINK)),
    ("a review without roles in the list", {**REVIEW, c.ROLES: []}),
    ("numbers in custom", {**CLAIMS, c.CUSTOM: {"a": 1, "b": True, "c": None, "d": [1]}}),
    ("height as text", {**CLAIMS, c.LAUNCH_PRESENTATION: {"height": "600", "width": 800.0}}),
    ("vendor claims", {**CLAIMS, "https://vendor.example/x": {"deep": [1, {"er": None}]}, "user": "u", "claims": 1}),
]


@pytest.mark.parametrize("claims", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_a_launch_is_accepted(claims: dict[str, Any]) -> None:
    assert {**good.launch(claims).claims, "nonce": 0} == {**claims, "nonce": 0}


WARNED: list[tuple[str, str, dict[str, Any]]] = [
    ("another target", "launch.target_link_uri_mismatch", {**CLAIMS, c.TARGET_LINK_URI: good.LAUNCH_URL}),
    ("an unknown role", "launch.roles_unknown", {**CLAIMS, c.ROLES: ["https://vendor.example/role#King"]}),
    ("an id that is not ASCII", "launch.identifier_too_long", {**CLAIMS, "sub": "ü-42"}),
    ("a platform without guid", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: {"name": "LMS"}}),
    ("a platform as text", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: "LMS"}),
    ("a platform with an empty guid", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: {"guid": ""}}),
    ("a platform with a long guid", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: {"guid": LONG}}),
    ("a guid that is not ASCII", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: {"guid": "ü-1"}}),
    ("a number as guid", "launch.tool_platform_ignored", {**CLAIMS, c.TOOL_PLATFORM: {"guid": 5}}),
    ("mentees without a mentor", "launch.mentor_scope_ignored", {**CLAIMS, c.ROLE_SCOPE_MENTOR: ["u-1"]}),
    ("a migration claim of numbers", "launch.claim_malformed", {**CLAIMS, c.LTI1P1: {"user_id": 5}}),
    ("a migration claim as text", "launch.claim_malformed", {**CLAIMS, c.LTI1P1: "old"}),
    ("a gradebook as an array", "service.ags.claim_malformed", {**CLAIMS, c.AGS_ENDPOINT: []}),
    ("a gradebook at a number", "service.ags.claim_malformed", {**CLAIMS, c.AGS_ENDPOINT: {"lineitems": 5}}),
    ("no scope among scopes", "service.ags.claim_malformed", {**CLAIMS, c.AGS_ENDPOINT: {"scope": [None, "a"]}}),
    ("scopes by name", "service.ags.claim_malformed", {**CLAIMS, c.AGS_ENDPOINT: {"scope": {"a": 1}}}),
    ("a class list nowhere", "service.nrps.url_missing", {**CLAIMS, c.NRPS: {"service_versions": ["2.0"]}}),
    ("a class list as a number", "service.nrps.url_missing", {**CLAIMS, c.NRPS: 5}),
    ("a class list at an empty place", "service.nrps.url_missing", {**CLAIMS, c.NRPS: {"context_memberships_url": ""}}),
    ("a number as version", "service.nrps.version_unsupported", {**CLAIMS, c.NRPS: {**MEMBERS, VERSIONS: [2.0]}}),
    ("groups nowhere", "service.groups.claim_malformed", {**CLAIMS, c.GROUPS: {}}),
    ("groups as text", "service.groups.claim_malformed", {**CLAIMS, c.GROUPS: "https://lms.example/g"}),
    ("group sets at a number", "service.groups.claim_malformed", {**CLAIMS, c.GROUPS: {**GROUPS, SETS: 5}}),
    ("a number as scope", "service.groups.claim_malformed", {**CLAIMS, c.GROUPS: {**GROUPS, "scope": [5]}}),
    ("notices nowhere", "service.pns.claim_malformed", {**CLAIMS, c.PLATFORM_NOTIFICATION_SERVICE: {"scope": []}}),
    ("outcomes as numbers", "service.outcomes.claim_malformed", {**CLAIMS, c.BASIC_OUTCOME: {SOURCEDID: 5}}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "claims"), [row[1:] for row in WARNED], ids=[row[0] for row in WARNED])
def test_a_harmless_mistake_is_accepted_with_a_warning(code: str, claims: dict[str, Any]) -> None:
    launch = good.launch(claims)
    assert [warning.code for warning in launch.warnings] == [code]
    assert (launch.warnings[0].code, launch.warnings[0].spec) not in [(item.code, item.spec) for item in launch.checks]


def test_what_a_warning_drops_is_not_read_but_kept() -> None:
    launch = good.launch({**CLAIMS, c.TOOL_PLATFORM: {"name": "LMS"}, c.ROLE_SCOPE_MENTOR: ["u-1"], c.LTI1P1: 5})
    assert (launch.tool_platform, launch.role_scope_mentor, launch.migration) == (None, (), None)
    assert launch.claims[c.TOOL_PLATFORM] == {"name": "LMS"}


def test_a_service_that_cannot_be_read_is_not_to_be_had_and_the_others_are() -> None:
    whole = {c.AGS_ENDPOINT: ENDPOINT, c.NRPS: MEMBERS, c.GROUPS: GROUPS}
    launch = good.launch({**CLAIMS, **whole, c.NRPS: {}, c.GROUPS: 5})
    assert launch.may.submit_scores is good.launch({**CLAIMS, **whole}).may.submit_scores
    assert (launch.endpoint is None, launch.names_role_service, launch.groups_service) == (False, None, None)
    assert [one.code for one in launch.warnings] == ["service.nrps.url_missing", "service.groups.claim_malformed"]
    assert (launch.claims[c.NRPS], launch.claims[c.GROUPS]) == ({}, 5)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
members = st.sampled_from(
    [
        *("scope", "lineitems", "lineitem", "context_memberships_url", "service_versions", "context_groups_url"),
        *("context_group_sets_url", "platform_notification_service_url", "notice_types_supported"),
        *("lis_result_sourcedid", "lis_outcome_service_url"),
    ]
)
SERVICE_CLAIMS = [c.AGS_ENDPOINT, c.NRPS, c.GROUPS, c.PLATFORM_NOTIFICATION_SERVICE, c.BASIC_OUTCOME]


@given(st.dictionaries(st.sampled_from(SERVICE_CLAIMS), anything | st.dictionaries(members, anything)))
def test_whatever_is_said_of_services_the_launch_is_good(said: dict[str, object]) -> None:
    launch = restored({**CLAIMS, **said}, good.REGISTRATION, good.TARGET)
    assert dict(launch.claims) == {**CLAIMS, **said}


def test_a_good_launch_warns_of_nothing() -> None:
    for claims in (CLAIMS, DEEP_LINKING, REVIEW):
        assert good.launch(claims).warnings == ()


def test_a_mentor_is_told_whom_they_look_after() -> None:
    mentor = {**CLAIMS, c.ROLES: [good.MEMBERSHIP + "Mentor"]}
    assert good.launch({**mentor, c.ROLE_SCOPE_MENTOR: ["u-1", "u-2"]}).role_scope_mentor == ("u-1", "u-2")
    assert good.launch({**mentor, c.ROLE_SCOPE_MENTOR: "u-1"}).role_scope_mentor == ("u-1",)


def deployed(deployment_id: str) -> LaunchMessage:
    """A launch of that deployment, whose login named none, where any deployment was agreed on."""
    launching = Launching(good.registration(deployment_ids=[], deployments="any"))
    launching.request = good.login(good.initiation(lti_deployment_id=""), launching.registration)
    launching.sent = dict(launching.request.parameters)
    launching.cookies = {launching.request.cookie_name: launching.request.cookie_value}
    return launching.accept(launching.form(launching.claims(**{c.DEPLOYMENT_ID: deployment_id})))


def test_a_deployment_that_was_never_met_has_at_most_255_characters() -> None:
    assert deployed("d" * 255).deployment_id == "d" * 255
    with pytest.raises(LaunchRefused) as refusal:
        deployed("d" * 256)
    assert refusal.value.code == "launch.identifier_too_long"
    assert "deployment_id" in refusal.value.message


@pytest.mark.parametrize(
    "claims",
    [
        settings(deep_link_return_url="http://u:hidden@other.example/back?token=hidden#hidden"),
        settings(deep_link_return_url="javascript:1?token=hidden"),
        {**REVIEW, c.AGS_ENDPOINT: {"lineitem": "//lms.example/line?token=hidden"}},
        {**REVIEW, c.AGS_ENDPOINT: {"lineitem": "line#hidden"}},
    ],
)
def test_what_was_found_in_the_place_of_an_address_is_told_without_its_query(claims: dict[str, Any]) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch(claims)
    assert refusal.value.found
    assert "hidden" not in str(refusal.value.found)


@given(st.text())
def test_any_address_is_shown_without_query_fragment_and_user(text: str) -> None:
    shown = address_shown(text)
    assert isinstance(shown, str)
    assert set(shown).isdisjoint("?#")
    assert address_shown(shown) == shown or "@" in shown


def test_an_address_is_shown_as_it_is_but_for_its_secrets() -> None:
    assert address_shown("https://lms.example:8443/a/b@c") == "https://lms.example:8443/a/b@c"
    assert address_shown("https://u:p@lms.example/a?b=c#d") == "https://lms.example/a"
    assert address_shown(None) is None


def test_the_deployment_must_be_the_one_of_the_login() -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch({**CLAIMS, c.DEPLOYMENT_ID: "dep-2"}, deployment_ids=["dep-1", "dep-2"])
    assert refusal.value.code == "launch.deployment_mismatch"


def test_content_cannot_be_chosen_in_a_window_of_its_own() -> None:
    launching = Launching(lti_new_window="1")
    with pytest.raises(LaunchRefused) as refusal:
        launching.accept(launching.form(launching.claims(DEEP_LINKING)))
    assert refusal.value.code == "launch.new_window"
    assert launching.nonces.used == set()
    assert launching.accept().message_type == "LtiResourceLinkRequest"


def test_every_rule_has_a_case_here_that_breaks_it() -> None:
    kinds = [rule for kind in MESSAGE_TYPES.values() for rule in kind.rules]
    rules = [rule for group in CLAIM_GROUPS for rule in group] + kinds
    tried = {row[1] for row in REFUSED + WARNED} | {"launch.deployment_mismatch", "launch.new_window"}
    assert {rule.code for rule in rules} <= tried


def test_every_rule_says_what_it_demands_and_where_that_is_written() -> None:
    for rule in (*HEADER, *(rule for group in CLAIM_GROUPS for rule in group)):
        assert rule.passed.sentence.endswith(".")
        assert "§" in rule.spec or "Guide" in rule.spec


@pytest.mark.parametrize(
    ("code", "header"),
    [
        ("launch.algorithm_not_allowed", {"kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": "none", "kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": "NONE", "kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": "HS256", "kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": "PS256", "kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": ["RS256"], "kid": "k"}),
        ("launch.algorithm_not_allowed", {"alg": {"RS256": 1}, "kid": "k"}),
        ("launch.critical_header", {"alg": "RS256", "kid": "k", "crit": []}),
        ("launch.critical_header", {"alg": "RS256", "kid": "k", "crit": None}),
        ("launch.kid_missing", {"alg": "RS256"}),
        ("launch.kid_missing", {"alg": "RS256", "kid": ""}),
        ("launch.kid_missing", {"alg": "RS256", "kid": 5}),
    ],
)
def test_a_header_is_refused(code: str, header: dict[str, Any]) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        check(HEADER, header, EXPECTED)
    assert refusal.value.code == code


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
def test_a_header_is_accepted_whatever_its_typ_and_key_hints(algorithm: str) -> None:
    header = {"alg": algorithm, "kid": "k", "typ": "jwt", "jku": "https://evil.example", "jwk": {}, "x5c": []}
    assert check(HEADER, header, EXPECTED) == ()


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://tool.example/lti/launch", True),
        ("https://tool.example/lti/launch?quiz=7#top", True),
        ("https://TOOL.example:443/lti/launch", True),
        ("https://tool.example/quiz/7", True),
        ("https://tool.example/quiz/", True),
        ("https://tool.example/quiz", False),
        ("https://tool.example/quiz/../admin", False),
        ("https://tool.example/quiz/%2e%2E/admin", False),
        ("https://tool.example/lti/launch/", False),
        ("https://tool.example/lti", False),
        ("http://tool.example/lti/launch", False),
        ("https://tool.example:8443/lti/launch", False),
        ("https://tool.example.evil.example/lti/launch", False),
        ("https://tool.example@evil.example/lti/launch", False),
        ("https://evil.example\\@tool.example/lti/launch", False),
        ("//tool.example/lti/launch", False),
        ("javascript:alert(1)//tool.example/lti/launch", False),
        ("https://tool.example/lti/ launch", False),
        ("https://tool.example\n/lti/launch", False),
        ("https://[::1/lti/launch", False),
        ("https://tool.example:port/lti/launch", False),
        ("", False),
        (None, False),
        (["https://tool.example/lti/launch"], False),
    ],
)
def test_only_the_tools_own_addresses_are_ours(url: object, ours: bool) -> None:
    assert TargetUrls.of(["https://tool.example/lti/launch", "https://tool.example/quiz/*"]).have(url) is ours
