"""Whatever comes to the login and launch addresses is answered, and never by a mistake of ours."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import frozen
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.clients import browser_of
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.variation import Variation
from tests.amounts import amount
from tests.fakes import TOOL_PEM
from tests.frameworks.sites import SITES, Answered, Body, Request, Site, Wanted
from tests.frameworks.steps import KEY, answered, login

FORM = "application/x-www-form-urlencoded"
LAUNCH = "https://localhost/lti/launch"
MESSAGES = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest")
EXAMPLES = amount(350, here=40)  # for each framework; what decides is the same in all
PLATFORM = SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
QUICK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}


@frozen
class Begun:
    """A framework's tool, and a login that a browser began there: its form and its cookie."""

    site: Site
    app: Any
    form: tuple[tuple[str, str], ...]
    cookie: str


def told(launch: Any) -> dict[str, Any]:
    return {"user": launch.user.key, "teaches": launch.roles.is_teacher}


@pytest.fixture(scope="module", params=sorted(SITES))
def one(request: pytest.FixtureRequest) -> Begun:
    site = SITES[request.param]
    app = site.application(Wanted(config=PLATFORM.config, messages=MESSAGES, handler=told))
    browser = browser_of(site.client(app))
    page = login(PLATFORM, browser)
    ((name, value),) = page.cookies.items()
    return Begun(site, app, answered(PLATFORM, browser, page), f"{name}={value}")


known_names = st.sampled_from(
    [
        *("iss", "login_hint", "target_link_uri", "lti_message_hint", "client_id", "lti_deployment_id"),
        *("lti_message_type", "id_token", "state", "error", "error_description", "oauth_consumer_key"),
    ]
)
good_values = st.sampled_from(
    [PLATFORM.issuer, PLATFORM.client_id, LAUNCH, "login_required", "GOOD-STATE", "GOOD-TOKEN"]
)
dotted = st.lists(st.text("ABCabc019-_=", max_size=12), min_size=2, max_size=4).map(".".join)
values = good_values | st.text(max_size=40) | dotted | st.sampled_from(["x" * 9000, "https://[::1", "javascript:x"])
pairs = st.lists(st.tuples(known_names | st.text(max_size=9), values), max_size=9)
good_login = st.fixed_dictionaries(
    {"iss": st.just(PLATFORM.issuer), "login_hint": values, "target_link_uri": st.just(LAUNCH) | values},
    optional={"lti_message_hint": values, "client_id": st.just(PLATFORM.client_id) | values},
).map(lambda sent: list(sent.items()))
good_launch = st.fixed_dictionaries({"state": st.just("GOOD-STATE"), "id_token": values | dotted}).map(
    lambda sent: list(sent.items())
)
latin = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40)
kinds = st.sampled_from([FORM, FORM, FORM, "text/plain", "application/json", "multipart/form-data; boundary=x"]) | latin
cookies = st.sampled_from(["GOOD-COOKIE"]) | latin
hosts = st.sampled_from(["localhost"] * 4 + ["evil.example:99999", "a b", "[::1", "", "ü.example", "localhost:x"])


def encoded(sent: bytes | Iterable[tuple[str, str]], one: Begun) -> bytes:
    if isinstance(sent, bytes):
        return sent
    good = {"GOOD-STATE": dict(one.form)["state"], "GOOD-TOKEN": dict(one.form)["id_token"][:-9] + "AAAAAAAAA"}
    return urlencode([(name, good.get(value, value)) for name, value in sent]).encode()


def requested(one: Begun, path: str, sent: Any, *, method: str, kind: str, cookie: str, host: str) -> Answered:
    body = encoded(sent, one)
    where = {"query": body} if method == "GET" else {"body": Body(body)}
    cookies = one.cookie if cookie == "GOOD-COOKIE" else cookie
    headers = {"host": host, "cookie": cookies, "accept": "text/html", "content-type": kind}
    return one.site.answered(one.app, Request(method=method, path=path, headers=headers, **where))


@settings(max_examples=EXAMPLES, **QUICK)
@given(
    sent=pairs | good_login | st.binary(max_size=60),
    method=st.sampled_from(["GET", "POST"]),
    kind=kinds,
    cookie=cookies,
    host=hosts,
)
@example(sent=[("iss", PLATFORM.issuer)], method="POST", kind=FORM, cookie="", host="a b")
def test_any_login_leads_to_the_platform_or_is_refused(one: Begun, sent: Any, **how: str) -> None:
    answer = requested(one, "/lti/login", sent, **how)
    if answer.status in (200, 302):
        assert "lti-login-" in answer.headers["set-cookie"]
        assert answer.status == 200 or answer.headers["location"].startswith(f"{PLATFORM.authorization_url}?")
    else:
        assert 400 <= answer.status < 500
        assert "set-cookie" not in answer.headers


@settings(max_examples=EXAMPLES, **QUICK)
@given(
    sent=pairs | good_launch | st.binary(max_size=60),
    method=st.sampled_from(["POST", "POST", "GET"]),
    kind=kinds,
    cookie=cookies,
    host=hosts,
)
def test_any_launch_that_the_platform_did_not_make_is_refused(one: Begun, sent: Any, **how: str) -> None:
    answer = requested(one, "/lti/launch", sent, **how)
    assert 400 <= answer.status < 500
    assert "set-cookie" not in answer.headers


plain = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.text(max_size=9) | st.just("https://[::1")
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner), max_leaves=10
)
names = st.sampled_from(
    sorted(
        {"aud", "azp", "exp", "iat", "iss", "nbf", "nonce"}
        | {*PLATFORM.submission_review().claims, *PLATFORM.deep_linking().claims}
    )
)


@pytest.mark.parametrize(
    "message",
    [PLATFORM.resource_link(), PLATFORM.deep_linking(), PLATFORM.submission_review()],
    ids=["link", "deep linking", "review"],
)
@settings(max_examples=EXAMPLES // 3, **QUICK)
@given(
    changes=st.dictionaries(names, anything, max_size=3),
    accept=st.sampled_from(["text/html", "application/json"]),
)
def test_whatever_a_platform_signs_is_accepted_or_explained(
    one: Begun, message: Message, changes: dict[str, object], accept: str
) -> None:
    client = one.site.client(one.app)
    changed = Variation("changed", "", "", None, lambda draft: draft.having(changes))
    page = PLATFORM.launch(client, message=message, broken=changed, accept=accept)
    assert page.status in (200, 400)
    assert page.headers["cache-control"] == "no-store"
