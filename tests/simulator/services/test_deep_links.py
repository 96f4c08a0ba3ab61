"""Deep linking's end: which answers of a tool are taken, and what becomes of them."""

from functools import partial

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.clients import Page
from lti_core import claims as c
from lti_core.errors import LtiError
from lti_core.keys import new_private_key
from tests.simulator.services.asking import Asking, deep_linking_settings, read, signed

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
OTHER_PEM = new_private_key()
QUIZ = {
    "type": "ltiResourceLink",
    "title": "Quiz 7",
    "text": "Ten questions",
    "url": "https://localhost/lti/launch?quiz=7",
    "custom": {"quiz": "7"},
    "lineItem": {"label": "Quiz 7", "scoreMaximum": 20, "resourceId": "quiz-7", "tag": "score"},
    "available": {"startDateTime": "2030-01-10T08:00:00Z", "endDateTime": "2030-01-17T08:00:00Z"},
    "iframe": {"width": 800, "height": 600},
}


@pytest.fixture
def request_settings(platform):
    """Lets a deep linking request go out, and gives its settings."""
    return partial(deep_linking_settings, platform)


def response(platform, *items, **changes):
    now = int(platform.clock.now().timestamp())
    claims = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": now,
        "exp": now + 300,
        "nonce": platform.random(8).hex(),
        c.DEPLOYMENT_ID: platform.deployment_id,
        c.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        c.VERSION: "1.3.0",
        f"{DL}content_items": list(items),
        f"{DL}data": "csrf-4821",
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def test_a_link_comes_into_the_course_with_its_line_item(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    answer = signed(response(platform, QUIZ, **{f"{DL}msg": "One quiz was added."}))
    received = platform.deep_linking_response(url, answer)
    [link] = received.links
    assert received.message == "One quiz was added."
    assert list(platform.links) == [link]
    assert (link.title, link.type, link.url, link.item) == ("Quiz 7", "ltiResourceLink", QUIZ["url"], QUIZ)
    item = platform.gradebook.named("quiz-7")
    assert (item.label, item.maximum, item.tag, item.resource_link_id) == ("Quiz 7", 20, "score", link.id)


def test_what_came_back_can_be_launched(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    [link] = platform.deep_linking_response(url, signed(response(platform, QUIZ))).links
    message = platform.resource_link(activity=link.id)
    assert message == platform.resource_link(activity=link.activity)
    assert message.target_link_uri == QUIZ["url"]
    assert message.claims[c.RESOURCE_LINK] == {"id": link.id, "title": "Quiz 7", "description": "Ten questions"}
    assert message.claims[c.CUSTOM] == {"quiz": "7"}
    asking = Asking(platform)
    line_item = message.claims[c.AGS_ENDPOINT]["lineitem"]
    assert read(asking.get("line-item", line_item))["resourceId"] == "quiz-7"
    assert asking.score(url=line_item, scoreGiven=1, scoreMaximum=2).status == 204
    assert platform.gradebook[link.id]["u-learner"].score == 10


def test_several_items_of_all_types_come_back(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    items = [
        {"type": "ltiResourceLink"},
        {"type": "link", "url": "https://elsewhere.example/", "title": "A page"},
        {"type": "file", "url": "https://elsewhere.example/x.pdf", "mediaType": "image/png"},
        {"type": "html", "html": "<b>x</b>"},
        {"type": "image", "url": "https://elsewhere.example/x.png"},
    ]
    links = platform.deep_linking_response(url, signed(response(platform, *items))).links
    assert [link.type for link in links] == [item["type"] for item in items]
    assert [link.activity is not None for link in links] == [True, False, False, False, False]
    assert links[0].activity.target_link_uri == platform.launch_url
    assert platform.activities[-1] == links[0].activity


def test_nothing_may_come_back_with_the_reason(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    said = {f"{DL}errormsg": "It broke", f"{DL}errorlog": "E7", f"{DL}log": "none"}
    received = platform.deep_linking_response(url, signed(response(platform, **said)))
    assert (received.links, received.error, received.error_log, received.log) == ((), "It broke", "E7", "none")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://localhost"}, "issuer_wrong"),
        ({"iss": None}, "issuer_wrong"),
        ({"aud": "tool-1"}, "audience_wrong"),
        ({"aud": ["https://platform.example", "x"]}, "audience_wrong"),
        ({"aud": None}, "audience_wrong"),
        ({"exp": None}, "times_wrong"),
        ({"iat": None}, "times_wrong"),
        ({"exp": 10**12}, "times_wrong"),
        ({"exp": 10**400}, "times_wrong"),
        ({"iat": 10**10, "exp": 10**10 + 1}, "times_wrong"),
        ({"iat": 0, "exp": 60}, "expired"),
        ({"nonce": None}, "nonce_missing"),
        ({"nonce": 7}, "nonce_missing"),
        ({c.DEPLOYMENT_ID: "another"}, "deployment_wrong"),
        ({c.DEPLOYMENT_ID: None}, "deployment_wrong"),
        ({c.MESSAGE_TYPE: "LtiDeepLinkingRequest"}, "type_wrong"),
        ({c.VERSION: "1.3"}, "version_wrong"),
        ({f"{DL}data": "another"}, "data_wrong"),
        ({f"{DL}data": None}, "data_wrong"),
        ({f"{DL}content_items": "x"}, "items_malformed"),
        ({f"{DL}content_items": [{"type": "link"}] * 101}, "items_malformed"),
    ],
    ids=str,
)
def test_a_response_that_is_not_the_tools_answer_is_refused(platform, request_settings, changes, code):
    url = request_settings()["deep_link_return_url"]
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, signed(response(platform, QUIZ, **changes)))
    assert refusal.value.code == f"platform.response_{code}"
    assert len(platform.links) == 0


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        (lambda claims: signed(claims, OTHER_PEM), "signature_wrong"),
        (lambda claims: signed(claims, kid="unknown"), "key_unknown"),
        (lambda claims: signed(claims, kid=""), "key_unknown"),
        (lambda claims: signed(claims, algorithm="RS384"), "signature_wrong"),
        (lambda claims: "no token", "malformed"),
        (lambda claims: "", "malformed"),
    ],
)
def test_a_response_that_the_tool_did_not_sign_is_refused(platform, request_settings, sign, code):
    url = request_settings()["deep_link_return_url"]
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, sign(response(platform, QUIZ)))
    assert refusal.value.code == f"platform.response_{code}"


@pytest.mark.parametrize(
    "item",
    [
        7,
        {},
        {"type": ""},
        {"type": 7},
        {"type": "link"},
        {"type": "file", "url": ""},
        {"type": "image", "url": "javascript:alert(1)"},
        {"type": "link", "url": "//elsewhere.example/x"},
        {"type": "link", "url": "https://[x"},
        {"type": "ltiResourceLink", "url": "/launch"},
        {"type": "ltiResourceLink", "title": 7},
        {"type": "html"},
        {"type": "html", "html": ""},
        {"type": "ltiResourceLink", "custom": {"a": 1}},
        {"type": "ltiResourceLink", "custom": []},
        {"type": "ltiResourceLink", "lineItem": {}},
        {"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 0}},
        {"type": "ltiResourceLink", "lineItem": {"scoreMaximum": "10"}},
        {"type": "ltiResourceLink", "lineItem": {"scoreMaximum": 1, "tag": 7}},
        {"type": "ltiResourceLink", "lineItem": None},
        {"type": "ltiResourceLink", "available": {"startDateTime": "2030-01-10T08:00:00"}},
        {"type": "ltiResourceLink", "available": 7},
        {
            "type": "ltiResourceLink",
            "submission": {"startDateTime": "2030-01-10T08:00:00Z", "endDateTime": "2029-01-10T08:00:00Z"},
        },
    ],
    ids=str,
)
def test_an_item_that_is_none_is_refused(platform, request_settings, item):
    url = request_settings()["deep_link_return_url"]
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, signed(response(platform, item)))
    assert refusal.value.code == "platform.response_items_malformed"


@pytest.mark.parametrize(
    ("settings", "items", "code"),
    [
        ({"accept_types": ["link"]}, [QUIZ], "type_not_accepted"),
        ({"accept_multiple": False}, [QUIZ, QUIZ], "multiple_not_accepted"),
        ({"accept_lineitem": False}, [QUIZ], "line_item_not_accepted"),
    ],
)
def test_items_that_the_request_does_not_accept_are_refused(platform, request_settings, settings, items, code):
    url = request_settings(**settings)["deep_link_return_url"]
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, signed(response(platform, *items)))
    assert refusal.value.code == f"platform.response_{code}"


@pytest.mark.parametrize("data", ["", "another", None])
def test_data_comes_back_as_it_was_also_when_it_is_empty(platform, request_settings, data):
    url = request_settings(data=data)["deep_link_return_url"]
    assert platform.deep_linking_response(url, signed(response(platform, QUIZ, **{f"{DL}data": data}))).links


def test_a_nonce_works_once(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    answer = signed(response(platform, QUIZ))
    platform.deep_linking_response(url, answer)
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, answer)
    assert refusal.value.code == "platform.response_nonce_used"
    assert len(platform.links) == 1


def test_a_refused_response_does_not_use_up_the_nonce(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    nonce = {"nonce": "n-1"}
    with pytest.raises(PlatformRefused):
        platform.deep_linking_response(url, signed(response(platform, {"type": "link"}, **nonce)))
    assert platform.deep_linking_response(url, signed(response(platform, QUIZ, **nonce))).links


def test_nobody_asked_at_that_address(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    for asked in (f"{url}0", "https://platform.example/deep-links", ""):
        with pytest.raises(PlatformRefused) as refusal:
            platform.deep_linking_response(asked, signed(response(platform, QUIZ)))
        assert refusal.value.code == "platform.request_unknown"


def test_a_request_is_forgotten_after_twelve_hours(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    platform.clock.advance(12 * 3600)
    with pytest.raises(PlatformRefused) as refusal:
        platform.deep_linking_response(url, signed(response(platform, QUIZ)))
    assert refusal.value.code == "platform.request_unknown"


def test_the_form_on_a_tools_page_is_sent_back(platform, request_settings):
    url = request_settings()["deep_link_return_url"].replace("&", "&amp;")
    form = f'<form method="post" action="{url}"><input type="hidden" name="JWT" value="{{}}"></form>'
    page = Page(status=200, url="https://localhost", text=form.format(signed(response(platform, QUIZ))), headers={})
    assert [link.title for link in platform.submit(page).links] == ["Quiz 7"]


def test_a_page_without_that_form_is_explained(platform):
    page = Page(status=200, url="https://localhost", text="<form><input name=x></form>", headers={})
    with pytest.raises(PlatformRefused) as refusal:
        platform.submit(page)
    assert refusal.value.code == "platform.response_missing"


def test_moodle_looks_at_little_and_makes_an_activity_of_everything(platform_with):
    platform = platform_with(profile="moodle")
    settings = deep_linking_settings(platform)
    assert settings["accept_types"] == ["ltiResourceLink"]
    assert "data" not in settings
    answer = response(platform, {"type": "link", "url": "https://elsewhere.example/"}, aud="x", nonce=None)
    [link] = platform.deep_linking_response(settings["deep_link_return_url"], signed(answer)).links
    assert link.activity is not None


def test_a_platform_begins_anew_without_what_came_back(platform, request_settings):
    url = request_settings()["deep_link_return_url"]
    platform.deep_linking_response(url, signed(response(platform, QUIZ)))
    platform.reset()
    assert (len(platform.links), len(platform.activities), list(platform.gradebook)) == (0, 2, ["quiz-1"])


def test_links_and_requests_do_not_grow_for_ever(platform, request_settings):
    first = request_settings()["deep_link_return_url"]
    for _ in range(1000):
        request_settings()
    with pytest.raises(PlatformRefused):
        platform.deep_linking_response(first, signed(response(platform, QUIZ)))


scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats(allow_nan=False) | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
items = st.dictionaries(st.sampled_from([*QUIZ, "html"]), anything).map(lambda changed: {**QUIZ, **changed})


@given(st.lists(items, max_size=3) | anything)
def test_whatever_the_items_are_they_are_taken_or_refused(platform_with, sent):
    platform = platform_with()
    url = deep_linking_settings(platform)["deep_link_return_url"]
    answer = signed(response(platform, **{f"{DL}content_items": sent}))
    try:
        links = platform.deep_linking_response(url, answer).links
    except LtiError:
        links = ()
    for link in links:
        assert platform.resource_link(activity=evolve(link.activity)) if link.activity else link.item
