"""Whatever strangers and platforms send: it is accepted as what it is, or an LtiError comes out, and nothing else."""

import json
from base64 import urlsafe_b64encode
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LtiError
from lti_core.launch import CLAIM_GROUPS, accept
from lti_core.login import AuthenticationRequest, LoginInitiation, begin_login, choose
from lti_core.messages import MESSAGE_TYPES, LaunchMessage
from lti_core.migration import verify_migration
from lti_core.registration import Registration
from lti_core.return_url import return_url
from lti_core.rules.header import HEADER
from lti_core.rules.rule import Mismatch
from lti_core.tokens import ALGORITHMS, Jws, KeySet, VerificationKey, read_key_set, sign, signer, take_apart
from tests import good
from tests.amounts import amount
from tests.fakes import PLATFORM_KEY, PLATFORM_PEM, FakeKeys, FakeNonces, FixedClock
from tests.good import CLAIMS, DEEP_LINKING, EXPECTED, LAUNCH_URL, NOW, REGISTRATION, REVIEW, SETTINGS, TARGET_URLS

MANY = amount(2000, here=150)
many = settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Everybodys(VerificationKey):
    """A key that takes every signature for its own, so that what comes after the signature is reached."""

    def fits(self, algorithm: object) -> bool:
        return True

    def verifies(self, jws: Jws) -> bool:
        return True


class EverybodysKeys(FakeKeys):
    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        return (Everybodys(kid, {}),)


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def as_object(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


LOGIN = good.login()
STATE = dict(LOGIN.parameters)["state"]
NONCE = dict(LOGIN.parameters)["nonce"]
COOKIES = {LOGIN.cookie_name: LOGIN.cookie_value}
ANSWER = {**CLAIMS, "nonce": NONCE}
GOOD_TOKEN = good.token(ANSWER)
UNSIGNED = f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(ANSWER)}.c2ln"
KEYS = FakeKeys()
OPEN_KEYS = EverybodysKeys()


def launched(keys: FakeKeys, form: list[tuple[str, str]]) -> LaunchMessage | None:
    """The launch, used as a page uses it; None where it is refused. Whatever else is raised fails the test."""
    nonces, clock = FakeNonces(), FixedClock()
    try:
        response = AuthenticationResponse.read(form)
        launch = accept(response, REGISTRATION, keys, nonces, clock, cookies=COOKIES, settings=SETTINGS)
    except LtiError as refusal:
        repr([str(refusal), refusal.expected, refusal.found])
        return None
    use(launch)
    return launch


def use(launch: LaunchMessage) -> None:
    assert isinstance(launch, LaunchMessage)
    assert launch.__eq__(launch) is True
    hash(launch)
    assert type(launch).__name__ in repr(launch)
    assert len(launch.roles.explain()) == len(launch.roles)
    assert launch.user.is_anonymous or len(launch.user.key) == 64
    for named in (launch.context, launch.resource_link):
        assert named is None or len(named.key) == 64
    assert all(isinstance(text, str) for text in (*launch.custom.values(), *launch.ext.values()))
    assert not verify_migration(launch, lambda key, launch: ["a secret"]).verified
    with suppress(LtiError):
        assert return_url(launch, message="Done.").isprintable()
    json.dumps(dict(launch.claims), ensure_ascii=False).encode()


def posted(token: str, state: str = STATE) -> list[tuple[str, str]]:
    return [("id_token", token), ("state", state)]


# Strategies. Layers by hand are several times faster than st.recursive.
MESSAGES = [CLAIMS, DEEP_LINKING, REVIEW]
OPTIONAL = [
    *("azp", "nbf", "locale", "picture", c.LIS, c.NRPS, c.GROUPS, c.LTI1P1, c.BASIC_OUTCOME, c.ROLE_SCOPE_MENTOR),
    *(c.EXT, c.PLATFORM_NOTIFICATION_SERVICE),
]
NAMES = sorted({*OPTIONAL, *(name for claims in MESSAGES for name in claims)})
MEMBERS = ["id", "type", "guid", "label", "scope", "lineitem", "width", "user_id", "roles", "accept_types", "title"]
ODD: list[Any] = [
    *(None, True, False, 0, -1, 10**400, -(10**400), 2**63, 1e308, float("inf"), float("nan"), NOW, NOW + 0.5),
    *("", "true", "1", "\0", "\ud83d", "é" * 300, "$x", "https://[", "javascript:1", "Learner", good.TARGET, "RS256"),
    *([], {}, [[]], [{}], [None], {"": None}, {"id": 5}, {"id": "\ud83d"}, {"lineitem": "http://[::1"}, [["a", "b"]]),
    *({"oauth_consumer_key": "k", "oauth_consumer_key_sign": "ü="}, {"return_url": "https://x/#y"}),
]
odd = st.sampled_from(ODD)


def words(longest: int) -> st.SearchStrategy[str]:
    """Any text; now and then with half a character, which st.text() has none of."""
    return st.tuples(st.text(max_size=longest), st.sampled_from(["", "", "", "\ud83d"])).map("".join)


scalars = odd | st.integers() | st.floats() | words(5)
names = st.sampled_from(MEMBERS) | words(3)


def objects(names: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(st.tuples(names, values), max_size=2).map(dict)


inner = scalars | st.lists(odd, max_size=2) | objects(names, odd)
anything = odd | scalars | st.lists(inner, max_size=2) | objects(names, inner)


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


parts = (st.binary(max_size=20) | anything.map(lambda value: json.dumps(value).encode())).map(text_of)
tokens = words(30) | st.tuples(parts, parts, parts).map(".".join)


ADDRESSES = [
    (c.TARGET_LINK_URI, ""),
    (c.LAUNCH_PRESENTATION, "return_url"),
    (c.AGS_ENDPOINT, "lineitem"),
    (c.DEEP_LINKING_SETTINGS, "deep_link_return_url"),
]
BAD_ADDRESSES = ["https://[", "http://[::1", "https://x:port/", "https://x:99999/", "//", "https://\u2100.example"]
members = st.tuples(st.sampled_from(NAMES), names, inner) | st.tuples(
    st.sampled_from(ADDRESSES), st.sampled_from(BAD_ADDRESSES)
).map(lambda two: (*two[0], two[1]))


@st.composite
def signed_claims(draw: st.DrawFn) -> dict[str, Any]:
    """Good claims, of which some are missing, some are something else, and one has an odd member."""
    claims = {**draw(st.sampled_from(MESSAGES)), "nonce": NONCE}
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=2)):
        claims.pop(name, None)
    claims.update(draw(objects(st.sampled_from(NAMES), anything)))
    name, member, value = draw(members)
    return {**claims, name: {**as_object(claims.get(name)), member: value} if member else value}


LOGIN_NAMES = [name for name, _ in good.initiation()]
login_pairs = st.tuples(st.sampled_from(LOGIN_NAMES) | words(3), words(20))
HINTS = ["login_hint", "lti_message_hint", "lti_deployment_id"]
changed_logins = objects(st.sampled_from(HINTS), words(20)) | objects(st.sampled_from(LOGIN_NAMES), words(20))


def begun(pairs: list[tuple[str, str]]) -> AuthenticationRequest | None:
    clock = FixedClock()
    try:
        asked = LoginInitiation.read(pairs)
        registration = choose(asked, [REGISTRATION])
        return begin_login(asked, registration, KEYS, clock, redirect_uri=LAUNCH_URL, target_urls=TARGET_URLS)
    except LtiError:
        return None


@many
@given(changed_logins.map(lambda changes: good.initiation(**changes)) | st.lists(login_pairs, max_size=6))
def test_any_login_parameters_begin_a_login_or_are_refused(pairs: list[tuple[str, str]]) -> None:
    request = begun(pairs)
    if request is not None:
        assert request.url.isascii()
        assert request.url.isprintable()
        assert dict(request.parameters)["login_hint"] == dict(pairs)["login_hint"]


fields = st.sampled_from(["id_token", "state", "error", "error_description", "lti_message_type"]) | words(3)
contents = words(20) | st.sampled_from(["", GOOD_TOKEN, STATE, GOOD_TOKEN[:-9], UNSIGNED, "a.b.c"])


@many
@given(st.lists(st.tuples(fields, contents), max_size=4))
def test_any_form_is_the_launch_or_is_refused(form: list[tuple[str, str]]) -> None:
    launch = launched(KEYS, form)
    assert launch is None or (dict(form)["id_token"], dict(form)["state"]) == (GOOD_TOKEN, STATE)


@many
@given(tokens)
def test_any_text_as_token_or_as_state_is_refused(text: str) -> None:
    assert launched(OPEN_KEYS, posted(text)) is None
    assert launched(OPEN_KEYS, posted(GOOD_TOKEN, text)) is None


@many
@given(st.integers(0, len(GOOD_TOKEN) - 1), words(2), st.integers(0, 2))
def test_a_good_token_with_changed_letters_is_refused_or_is_the_same(place: int, instead: str, length: int) -> None:
    token = GOOD_TOKEN[:place] + instead + GOOD_TOKEN[place + length :]
    launch = launched(KEYS, posted(token))
    # The last letter of a signature has bits that stand for nothing.
    assert launch is None or (launch.claims == ANSWER and token[:-1] == GOOD_TOKEN[:-1])


@many
@given(objects(st.sampled_from(["alg", "kid", "typ", "crit", "jku", "jwk", "x5c"]), anything))
def test_any_header_is_accepted_or_refused(changes: dict[str, Any]) -> None:
    header = {"alg": "RS256", "kid": PLATFORM_KEY.kid, **changes}
    for rule in HEADER:
        assert isinstance(rule.check(header, EXPECTED), Mismatch | None)
    token = f"{part(header)}.{part(ANSWER)}.c2ln"
    assert launched(KEYS, posted(token)) is None  # nobody signed it
    if launched(OPEN_KEYS, posted(token)) is not None:
        assert header["alg"] in ALGORITHMS
        assert isinstance(header["kid"], str)
        assert "crit" not in header


CLAIM_RULES = [rule for group in CLAIM_GROUPS for rule in group]
RULES = [*CLAIM_RULES, *(rule for kind in MESSAGE_TYPES.values() for rule in kind.rules)]


@many
@given(signed_claims())
def test_any_claims_are_a_launch_or_are_refused_and_break_no_rule(claims: dict[str, Any]) -> None:
    for rule in RULES:
        assert isinstance(rule.check(claims, EXPECTED), Mismatch | None)
    launch = launched(OPEN_KEYS, posted(f"{part({'alg': 'RS256', 'kid': 'k'})}.{part(claims)}.c2ln"))
    assert launch is None or launch.claims == claims


SIGNER = signer(PLATFORM_PEM, "RS256")


@settings(many, max_examples=MANY // 20)
@given(signed_claims())
def test_what_the_platform_really_signed_is_a_launch_or_is_refused(claims: dict[str, Any]) -> None:
    launch = launched(KEYS, posted(sign(claims, SIGNER, "RS256", {"typ": "JWT", "kid": PLATFORM_KEY.kid})))
    assert launch is None or launch.claims == claims


MEMBER = dict(PLATFORM_KEY.public)
KEY_NAMES = [*MEMBER, "crv", "x", "y", "d", "key_ops", "x5c"]
KEY_VALUES = ["RSA", "EC", "oct", "P-256", "AQAB", "A" * 6000, "sig", "ES256", MEMBER["n"], 10**13, ["verify"]]
key_members = objects(st.sampled_from(KEY_NAMES), st.sampled_from(KEY_VALUES) | anything)
key_lists = st.lists(key_members.map(lambda changes: {**MEMBER, **changes}) | key_members | anything, max_size=2)
documents = key_lists.map(lambda keys: {"keys": keys}) | objects(st.just("keys"), anything) | anything


def read(document: bytes) -> KeySet | None:
    try:
        return read_key_set(document)
    except LtiError:
        return None


@many
@given(documents.map(lambda document: json.dumps(document).encode()) | st.binary(max_size=50))
def test_any_key_set_is_read_or_refused(document: bytes) -> None:
    keys, token = read(document), take_apart(GOOD_TOKEN)
    for kid in keys.kids if keys else ():
        for key in keys.find(kid) if keys else ():
            assert not key.verifies(token) or MEMBER["n"].encode() in document


def test_a_good_launch_gets_through_all_this() -> None:
    assert launched(KEYS, posted(GOOD_TOKEN)) is not None
    assert launched(OPEN_KEYS, posted(UNSIGNED)) is not None
    assert begun(good.initiation()) is not None
    keys = read(json.dumps({"keys": [MEMBER]}).encode())
    assert keys is not None
    assert keys.find(MEMBER["kid"])[0].verifies(take_apart(GOOD_TOKEN))
