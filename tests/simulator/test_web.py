"""The platform's page, as far as a program sees it."""

import json
from html import unescape
from html.parser import HTMLParser

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.broken import BROKEN
from lti_adapters.simulator.choices import choices
from lti_adapters.simulator.courses import BIOLOGY, QUIZ
from lti_adapters.simulator.people import LEARNER, PEOPLE
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app, local_platform
from lti_core import claims as c
from lti_core.tokens import take_apart


@pytest.fixture
def page(platform):
    return create_platform_app(platform).test_client()


class Forms(HTMLParser):
    """The forms of a page: action, method, target, report, fields."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append({**attributes, "fields": {}})
        elif tag == "input" and attributes.get("type") == "hidden":
            self.forms[-1]["fields"][attributes["name"]] = attributes["value"]


def start(page, **chosen):
    answer = page.post("/launch", data={"person": "learner", "activity": "quiz-1", "how": "frame", **chosen})
    assert answer.status_code == 200
    return Forms(answer.text).forms


def authorized(page, platform, **chosen):
    [login] = start(page, **chosen)
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": platform.launch_url,
        "login_hint": login["fields"]["login_hint"],
        "lti_message_hint": login["fields"]["lti_message_hint"],
        "nonce": "n-1",
        "state": "s-1",
    }
    return Forms(page.get("/auth", query_string=request).text).forms


def test_the_page_lists_people_activities_and_broken_launches(page, platform):
    text = unescape(page.get("/").text)
    for word in (*(person.name for person in PEOPLE if person.name), *(choice.title for choice in choices(platform))):
        assert word in text
    for variation in BROKEN:
        assert f'value="{variation.name}"' in text


def test_launch_posts_a_login_initiation_to_the_tool(page, platform):
    [form] = start(page)
    assert (form["action"], form["method"]) == ("https://localhost/lti/login", "POST")
    assert form["fields"]["iss"] == platform.issuer


def test_the_authorization_endpoint_answers_with_a_form_that_is_posted_to_the_tool(page, platform):
    [form] = authorized(page, platform)
    assert (form["action"], form["method"]) == ("https://localhost/lti/launch", "POST")
    assert take_apart(form["fields"]["id_token"]).claims["sub"] == LEARNER.id
    assert form["fields"]["state"] == "s-1"


def test_the_authorization_endpoint_takes_a_posted_form_too(page, platform):
    answer = page.post("/auth", data={"client_id": platform.client_id, "redirect_uri": platform.launch_url})
    [form] = Forms(answer.text).forms
    assert form["fields"]["error"] == "invalid_scope"


@pytest.mark.parametrize("person", [person.login for person in PEOPLE])
@pytest.mark.parametrize(
    ("activity", "kind"),
    [
        ("quiz-1", "LtiResourceLinkRequest"),
        ("page-1", "LtiResourceLinkRequest"),
        ("deep-linking", "LtiDeepLinkingRequest"),
        ("review-quiz-1", "LtiSubmissionReviewRequest"),
    ],
)
def test_everybody_can_open_everything(page, platform, person, activity, kind):
    [form] = authorized(page, platform, person=person, activity=activity)
    assert take_apart(form["fields"]["id_token"]).claims[c.MESSAGE_TYPE] == kind


def test_a_new_window_is_told_to_the_tool(page, platform):
    [form] = authorized(page, platform, how="window")
    presentation = take_apart(form["fields"]["id_token"]).claims[c.LAUNCH_PRESENTATION]
    assert presentation["document_target"] == "window"


def test_a_broken_launch_is_broken_and_says_what_the_tool_must_do(page, platform):
    [login] = start(page, how="broken", broken="expired")
    assert json.loads(login["data-report"])["broken"]["code"] == "launch.token_expired"
    [form] = authorized(page, platform, how="broken", broken="expired")
    claims = take_apart(form["fields"]["id_token"]).claims
    assert claims["exp"] < platform.clock.now().timestamp()


def test_a_broken_launch_is_always_one_of_a_link(page, platform):
    [form] = authorized(page, platform, how="broken", broken="empty-user", activity="deep-linking")
    assert take_apart(form["fields"]["id_token"]).claims[c.MESSAGE_TYPE] == "LtiResourceLinkRequest"


def test_a_replayed_launch_is_sent_to_a_hidden_frame_first(page, platform):
    first, second = authorized(page, platform, how="broken", broken="replayed")
    assert first["target"] == "before"
    assert first["fields"] == second["fields"]


def test_what_was_sent_is_told_to_the_page(page, platform):
    [form] = authorized(page, platform)
    report = json.loads(form["data-report"])
    told = {title: json.loads(text) for title, text in report["parts"]}
    assert told["Header of the token"]["alg"] == "RS256"
    assert told["Claims of the token"]["name"] == "Σοφία Παππά"


@pytest.mark.parametrize("name", ["huge-token", "deeply-nested", "not-lti", "platform-error", "unsigned"])
def test_what_was_sent_is_told_however_odd_it_is(page, platform, name):
    [form] = authorized(page, platform, how="broken", broken=name)
    assert len(form["data-report"]) < 60_000


def test_no_reachable_tool_is_explained(platform):
    lonely = SimulatedPlatform(
        clock=platform.clock, keys=platform.keys, tool_private_key="", tool_url="http://127.0.0.1:9"
    )
    page = create_platform_app(lonely).test_client()
    [login] = start(page, how="broken", broken="other-browser")
    request = {name: login["fields"][name] for name in ("client_id", "login_hint", "lti_message_hint")}
    fixed = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    own = {"redirect_uri": lonely.launch_url, "nonce": "n", "state": "s"}
    answer = page.get("/auth", query_string={**request, **fixed, **own})
    assert answer.status_code == 502
    assert "Is it running?" in answer.text


@pytest.mark.parametrize("chosen", [{"person": "x"}, {"activity": "x"}, {"how": "broken", "broken": "x"}])
def test_what_cannot_be_chosen_is_refused(page, chosen):
    answer = page.post("/launch", data={"person": "learner", "activity": "quiz-1", **chosen})
    assert answer.status_code == 400


def test_an_unknown_tool_gets_a_page_and_no_redirect(page):
    answer = page.get("/auth", query_string={"client_id": "<b>x", "redirect_uri": "https://elsewhere.example"})
    assert (answer.status_code, answer.headers.get("Location")) == (400, None)
    assert "&lt;b&gt;x" in answer.text
    assert "<b>x" not in answer.text


def test_the_key_set_may_be_kept_for_a_while_and_the_rest_not(page, platform):
    answer = page.get("/jwks")
    assert answer.json == platform.keys.published()
    assert answer.headers["Cache-Control"] == "max-age=300"
    assert page.get("/").headers["Cache-Control"] == "no-store"


def test_it_says_that_it_is_up(page):
    assert page.get("/healthz").json == {"status": "ok"}


def test_only_the_tool_may_be_framed_and_posted_to_and_nothing_is_loaded_from_elsewhere(page):
    policy = page.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-src 'self' https://localhost;" in policy
    assert "form-action 'self' https://localhost;" in policy
    assert "unsafe" not in policy
    for path in ("/", "/static/platform.css", "/static/home.js", "/static/storage.js", "/static/onward.js"):
        with page.get(path) as answer:
            shown = answer.text.replace("https://platform.example launches https://localhost", "")
            assert "http" not in shown.replace('data-tools="https://localhost"', "")


def test_what_the_tool_says_on_return_is_shown(page):
    text = page.get("/return?course=1&lti_msg=Well+done&lti_errormsg=Oh+no").text
    assert "Well done" in text
    assert "Oh no" in text


TAGS = st.text().map(lambda text: f"<script>{text}</script>")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["lti_msg", "lti_errormsg"]), TAGS)
def test_what_the_tool_says_on_return_is_escaped(page, name, said):
    assert "<script>" not in page.get("/return", query_string={name: said}).text


def test_names_of_people_and_activities_are_escaped(platform):
    nasty = '"><script>alert(1)</script>'
    hostile = SimulatedPlatform(
        clock=platform.clock,
        keys=platform.keys,
        tool_private_key="",
        people=(evolve(LEARNER, name=nasty, about=nasty, login=nasty),),
        courses=(evolve(BIOLOGY, title=nasty, activities=(evolve(QUIZ, id=nasty, title=nasty),)),),
    )
    page = create_platform_app(hostile).test_client()
    assert "<script>alert" not in page.get("/").text
    sent = page.post("/launch", data={"person": nasty, "activity": nasty}).text
    assert "<script>alert" not in sent
    [form] = Forms(sent).forms
    assert form["fields"]["login_hint"] == nasty


def test_a_local_platform_has_its_own_address_as_issuer():
    local = local_platform("127.0.0.1", 8800, "http://localhost:8801/")
    assert (local.issuer, local.login_url) == ("http://127.0.0.1:8800", "http://localhost:8801/lti/login")
