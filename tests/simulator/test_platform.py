"""What the platform says, how it signs, and how the tool learns about it."""

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.people import ANONYMOUS, ASSISTANT, DESIGNER, LEARNER, OBSERVER, PEOPLE, PREVIEW, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core import claims as c
from lti_core.errors import ConfigurationError
from lti_core.messages import MESSAGE_TYPES
from lti_core.roles import Roles
from lti_core.rules.rule import Expected, TargetUrls, check
from lti_core.state import LoginState
from lti_core.tokens import read_key_set, take_apart

NAMES = [person.login for person in PEOPLE]


@pytest.fixture
def token(platform, request_of, authorize):
    """Makes the token that an ordinary launch brings."""

    def make():
        answer = authorize(request_of(platform.resource_link()).items())
        return take_apart(dict(answer.fields)["id_token"])

    return make


def test_tokens_verify_with_the_published_key_set(platform, token):
    signed = token()
    [key] = read_key_set(platform.keys.published()).find(signed.header["kid"])
    assert key.verifies(signed)


def test_after_a_rotation_the_new_key_signs_and_the_old_one_stays_published(platform, token):
    old = token()
    platform.keys.rotate()
    new = token()
    published = read_key_set(platform.keys.published())
    assert new.header["kid"] != old.header["kid"]
    for signed in (old, new):
        assert [key.verifies(signed) for key in published.find(signed.header["kid"])] == [True]


def test_a_retired_key_is_published_no_longer(platform):
    old = platform.keys.newest.kid
    platform.keys.rotate()
    platform.keys.retire()
    assert read_key_set(platform.keys.published()).kids == (platform.keys.newest.kid,)
    assert platform.keys.newest.kid != old


def test_the_key_set_holds_no_private_part(platform):
    [key] = platform.keys.published()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}


def test_a_token_carries_the_time_of_the_clock_and_the_nonce_of_the_tool(platform, clock, token):
    claims = token().claims
    now = int(clock.now().timestamp())
    assert {name: claims[name] for name in ("iss", "aud", "azp", "iat", "exp", "nonce")} == {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "azp": platform.client_id,
        "iat": now,
        "exp": now + 300,
        "nonce": "n-1",
    }


MESSAGES = {
    "link": lambda platform, person: platform.resource_link(person),
    "page": lambda platform, person: platform.resource_link(person, "page-1"),
    "deep linking": lambda platform, person: platform.deep_linking(person),
    "review": lambda platform, person: platform.submission_review(person),
}


@pytest.mark.parametrize("person", PEOPLE, ids=NAMES)
@pytest.mark.parametrize("make", MESSAGES.values(), ids=MESSAGES)
def test_honest_messages_keep_the_rules_of_their_type_without_a_warning(platform, clock, registration, person, make):
    message = make(platform, person)
    if person is ANONYMOUS and message.claims[c.MESSAGE_TYPE] == "LtiSubmissionReviewRequest":
        return
    now = int(clock.now().timestamp())
    state = LoginState(
        issuer=platform.issuer,
        client_id=platform.client_id,
        nonce="n-1",
        browser="",
        target_link_uri=message.target_link_uri,
        issued_at=now,
        expires_at=now + 600,
    )
    target_urls = TargetUrls.of([platform.launch_url])
    expected = Expected(registration=registration, state=state, now=now, target_urls=target_urls)
    kind = MESSAGE_TYPES[message.claims[c.MESSAGE_TYPE]]
    assert check(kind.rules, message.claims, expected) == ()


def test_people_are_what_they_are_called():
    def roles(person):
        return Roles(person.roles)

    assert roles(TEACHER).is_teacher
    assert roles(ASSISTANT).is_teaching_assistant
    assert not roles(ASSISTANT).is_teacher
    assert roles(LEARNER).is_student
    assert roles(OBSERVER).is_observer
    assert roles(DESIGNER).is_designer
    assert roles(PREVIEW).is_transient
    assert ANONYMOUS.identity == {}


def test_only_the_observer_is_told_whom_they_look_after(platform):
    mentees = {person.login: platform.resource_link(person).claims.get(c.ROLE_SCOPE_MENTOR) for person in PEOPLE}
    assert mentees.pop("observer") == [LEARNER.id]
    assert set(mentees.values()) == {None}


def test_a_message_is_changed_by_making_another_one(platform):
    message = platform.resource_link()
    changed = message.having({c.VERSION: "9"}).lacking(c.CONTEXT)
    assert message.claims[c.VERSION] == "1.3.0"
    assert changed.claims[c.VERSION] == "9"
    assert c.CONTEXT in message.claims
    assert c.CONTEXT not in changed.claims
    with pytest.raises(FrozenInstanceError):
        message.target_link_uri = "https://elsewhere.example"


def test_a_graded_activity_has_a_line_item_and_another_has_none(platform):
    assert platform.resource_link().claims[c.AGS_ENDPOINT]["lineitem"].endswith("/lineitems/quiz-1")
    assert "lineitem" not in platform.resource_link(activity="page-1").claims[c.AGS_ENDPOINT]


def test_a_review_names_both_people_and_the_line_item(platform):
    claims = platform.submission_review(TEACHER, LEARNER).claims
    assert (claims["sub"], claims[c.FOR_USER]["user_id"]) == (TEACHER.id, LEARNER.id)
    assert claims[c.AGS_ENDPOINT]["lineitem"]


def test_an_activity_of_ones_own_can_be_opened(platform):
    essay = Activity(id="essay-1", title="Essay", description="", target_link_uri="https://localhost/lti/launch?x=1")
    message = platform.resource_link(TEACHER, essay)
    assert message.claims[c.RESOURCE_LINK]["id"] == "essay-1"
    assert platform.initiate(message)["target_link_uri"] == "https://localhost/lti/launch?x=1"


def test_an_unknown_activity_is_explained(platform):
    with pytest.raises(ConfigurationError, match="quiz-1, page-1") as refusal:
        platform.resource_link(activity="quizz")
    assert refusal.value.code == "config.activity_unknown"


def test_an_unknown_broken_launch_is_explained(platform, client):
    with pytest.raises(ConfigurationError, match="expired") as refusal:
        platform.launch(client, broken="expird")
    assert refusal.value.code == "config.broken_unknown"


def test_an_unknown_profile_is_explained():
    with pytest.raises(ConfigurationError, match="spec, canvas") as refusal:
        SimulatedPlatform(profile="nonsense")
    assert refusal.value.code == "config.profile_unknown"


def test_the_registration_document_is_what_a_registrations_file_holds(platform):
    [[issuer, [registration]]] = platform.registration_document().items()
    assert issuer == "https://platform.example"
    assert registration["key_set"] == platform.keys.published()
    assert registration["deployment_ids"] == ["deployment-1"]
    assert "private_key" not in registration


def test_the_registration_document_may_give_the_address_of_the_keys(platform):
    [[registration]] = platform.registration_document(inline_keys=False).values()
    assert (registration["key_set_url"], registration["key_set"]) == ("https://platform.example/jwks", None)


def test_the_config_holds_all_that_a_tool_needs_in_a_test(platform):
    [[registration]] = platform.config["registrations"]["document"].values()
    assert registration["private_key"] == platform.tool_private_key
    assert platform.config["tool"] == {"url": "https://localhost"}


def test_addresses_of_the_tool_follow_from_where_it_is(platform):
    elsewhere = SimulatedPlatform(
        clock=platform.clock, keys=platform.keys, tool_private_key="", tool_url="https://tool.example/app"
    )
    assert elsewhere.login_url == "https://tool.example/app/lti/login"
    assert elsewhere.redirect_uris == ("https://tool.example/app/lti/launch",)
    assert elsewhere.resource_link().target_link_uri == "https://tool.example/app/lti/launch"


def test_an_ordinary_launch_reaches_the_tool(platform, client):
    page = platform.launch(client, user=TEACHER, resource_link="page-1")
    assert page.status == 200
    assert page.json["claims"]["name"] == "Renée Lindqvist"
    assert page.json["claims"][c.RESOURCE_LINK]["id"] == "page-1"


def test_a_launch_may_say_anything(platform, client):
    message = platform.resource_link(LEARNER).having({"https://vendor.example/x": [1, {"y": "ü"}]})
    assert platform.launch(client, message=message).json["claims"]["https://vendor.example/x"] == [1, {"y": "ü"}]


def test_a_launch_by_get_reaches_the_tool(platform, client):
    assert platform.launch(client, method="GET").status == 200


def test_a_person_of_ones_own_can_launch(platform, client):
    somebody = evolve(LEARNER, id="u-9", login="somebody", name="Ada")
    assert platform.launch(client, user=somebody).json["claims"]["sub"] == "u-9"
