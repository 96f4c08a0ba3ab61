"""Messages: typed values, unknown claims kept, keys that are unique over platforms, and types of one's own."""

from typing import Annotated

import pytest
from attrs import frozen
from attrs.exceptions import FrozenInstanceError

from lti_core import claims as c
from lti_core.errors import LaunchRefused
from lti_core.launch import restored
from lti_core.messages import MESSAGE_TYPES, LaunchMessage, MessageType, with_types
from lti_core.messages.generic import GenericLaunch, generic
from lti_core.messages.submission_review import SubmissionReviewRequest
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule
from tests import good
from tests.good import CLAIMS, MEMBERSHIP, REVIEW, Launching


def test_the_message_types_of_the_package_are_found_by_themselves() -> None:
    assert set(MESSAGE_TYPES) == {"LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"}


def test_every_claim_of_the_specification_is_a_typed_value() -> None:
    launch = good.launch(
        {
            **CLAIMS,
            "middle_name": "King",
            "picture": "https://lms.example/ada.png",
            "locale": "en-GB",
            "zoneinfo": "Europe/London",
            c.LIS: {"person_sourcedid": "S-1", "course_section_sourcedid": "", "course_offering_sourcedid": None},
            c.LTI11_LEGACY_USER_ID: "old-42",
            c.LTI1P1: {"user_id": "old-42", "oauth_consumer_key": "key", "oauth_consumer_key_sign": "s="},
            c.AGS_ENDPOINT: {"scope": ["a", "b"], "lineitems": "https://lms.example/i", "lineitem": None},
            c.NRPS: {"context_memberships_url": "https://lms.example/m", "service_versions": ["2.0"]},
            c.GROUPS: {"context_groups_url": "https://lms.example/g", "service_versions": ["1.0"], "scope": ["s"]},
            c.BASIC_OUTCOME: {"lis_result_sourcedid": "{}", "lis_outcome_service_url": "https://lms.example/o"},
            c.PLATFORM_NOTIFICATION_SERVICE: {
                "platform_notification_service_url": "https://lms.example/n",
                "service_versions": ["1.0"],
                "scope": ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"],
                "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"],
            },
            c.EXT: {"lms": "moodle-2", "user_username": "ada", "serverid": 5},
        }
    )
    assert (launch.user.middle_name, launch.user.locale, launch.user.zoneinfo) == ("King", "en-GB", "Europe/London")
    assert launch.lis is not None
    assert (launch.lis.person_sourcedid, launch.lis.course_section_sourcedid) == ("S-1", "")
    assert launch.lis.course_offering_sourcedid is None
    assert launch.lti11_legacy_user_id == "old-42"
    assert launch.migration is not None
    assert launch.migration.oauth_consumer_key == "key"
    assert launch.endpoint is not None
    assert (launch.endpoint.scopes, launch.endpoint.line_item) == (("a", "b"), None)
    assert launch.names_role_service is not None
    assert launch.names_role_service.service_versions == ("2.0",)
    assert launch.groups_service is not None
    assert launch.groups_service.scopes == ("s",)
    assert launch.basic_outcome is not None
    assert launch.notification_service is not None
    assert launch.notification_service.platform_notification_service_url == "https://lms.example/n"
    assert launch.notification_service.service_versions == ("1.0",)
    assert launch.notification_service.scopes == ("https://purl.imsglobal.org/spec/lti/scope/noticehandlers",)
    assert launch.notification_service.notice_types == ("LtiHelloWorldNotice", "LtiContextCopyNotice")
    assert launch.ext == {"lms": "moodle-2", "user_username": "ada", "serverid": "5"}
    assert launch.launch_presentation is not None
    assert launch.launch_presentation.return_url == "https://lms.example/back?c=3"


def test_what_is_not_known_stays_readable() -> None:
    vendor = {"tenant_id": "t", "more": [1, {"deep": None}]}
    launch = good.launch({**CLAIMS, "http://www.brightspace.com": vendor, c.CONTEXT: {"id": "c-3", "errors": {}}})
    assert launch.claims["http://www.brightspace.com"] == vendor
    assert launch.context is not None
    assert launch.context.claims == {"id": "c-3", "errors": {}}


def test_claims_of_proctoring_are_readable() -> None:
    proctoring = "https://purl.imsglobal.org/spec/lti-ap/claim/"
    sent = {proctoring + "start_assessment_url": "https://lms.example/p", proctoring + "attempt_number": 2}
    launch = good.launch({**CLAIMS, **sent})
    assert {name: launch.claims[name] for name in sent} == sent


def test_custom_parameters_are_texts_and_keep_what_was_sent() -> None:
    sent = {"text": "a", "number": 1.5, "yes": True, "nothing": None, "list": [1, "ü"]}
    launch = good.launch({**CLAIMS, c.CUSTOM: sent})
    assert launch.custom == {"text": "a", "number": "1.5", "yes": "true", "list": '[1, "ü"]'}
    assert launch.claims[c.CUSTOM] == sent


def test_sizes_may_be_texts() -> None:
    shown = good.launch({**CLAIMS, c.LAUNCH_PRESENTATION: {"height": "600", "width": 800}}).launch_presentation
    assert shown is not None
    assert (shown.height, shown.width) == (600, 800)


@pytest.mark.parametrize("size", ["", "100%", "tall", "-1", "١٢", "9" * 5000, True, [], {"px": 5}])
def test_a_size_that_is_no_number_of_pixels_is_absent_and_stays_readable(size: object) -> None:
    shown = good.launch({**CLAIMS, c.LAUNCH_PRESENTATION: {"height": 600, "width": size}}).launch_presentation
    assert shown is not None
    assert (shown.height, shown.width) == (600, None)
    assert shown.claims["width"] == size


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({c.CONTEXT: {"id": "c", "label": 5}}, c.CONTEXT + ".label"),
        ({c.CONTEXT: {"id": "c", "type": [1]}}, c.CONTEXT + ".type"),
        ({c.CUSTOM: "a=b"}, c.CUSTOM),
        ({"family_name": ["Lovelace"]}, "family_name"),
        ({c.LIS: {"person_sourcedid": 5}}, c.LIS + ".person_sourcedid"),
        ({c.FOR_USER: {"user_id": "u", "roles": "x"}}, c.FOR_USER + ".roles"),
    ],
)
def test_a_claim_of_another_shape_is_refused_by_name(claims: dict[str, object], path: str) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch({**CLAIMS, **claims})
    assert (refusal.value.code, refusal.value.found) == ("launch.claim_malformed", path)


@pytest.mark.parametrize(
    ("written", "scopes"),
    [
        (["a", "b"], ("a", "b")),
        ("a", ("a",)),
        ("a b", ("a", "b")),
        ("a,b", ("a", "b")),
        (" a,  b ,c", ("a", "b", "c")),
        ("", ()),
        ([], ()),
        (None, ()),
    ],
)
def test_scopes_are_read_from_one_text_too(written: object, scopes: tuple[str, ...]) -> None:
    named = {"scope": written}
    launch = good.launch(
        {
            **CLAIMS,
            c.AGS_ENDPOINT: named,
            c.GROUPS: {"context_groups_url": "https://lms.example/g", **named},
            c.PLATFORM_NOTIFICATION_SERVICE: {"platform_notification_service_url": "https://lms.example/n", **named},
        }
    )
    for service in (launch.endpoint, launch.groups_service, launch.notification_service):
        assert service is not None
        assert service.scopes == scopes


def test_the_same_id_at_two_platforms_is_two_people() -> None:
    here, there = good.launch(), Launching(good.registration(issuer="https://other.example"))
    # A launch of the other platform, with the same ids.
    launch = restored(there.claims(iss="https://other.example"), there.registration, good.TARGET)
    assert here.context is not None
    assert launch.context is not None
    assert (here.user.id, here.context.id) == (launch.user.id, launch.context.id)
    assert here.user.key != launch.user.key
    assert here.context.key != launch.context.key


def test_the_same_context_id_in_two_deployments_is_two_contexts_of_one_person() -> None:
    both = {"deployments": "any"}
    one, two = (
        restored({**CLAIMS, c.DEPLOYMENT_ID: name}, good.registration(**both), good.TARGET) for name in ("d1", "d2")
    )
    assert one.user.key == two.user.key
    assert one.context is not None
    assert two.context is not None
    assert one.context.key != two.context.key
    assert one.resource_link is not None
    assert two.resource_link is not None
    assert one.resource_link.key != two.resource_link.key


def test_a_person_who_is_called_as_this_tool_is_shares_no_key_with_the_registration() -> None:
    assert good.launch({**CLAIMS, "sub": good.CLIENT_ID}).user.key != good.REGISTRATION.key


def test_anonymous_people_share_no_key() -> None:
    launch = good.launch(good.without(CLAIMS, "sub", "name", "given_name", "family_name", "email"))
    assert launch.user.is_anonymous
    with pytest.raises(LaunchRefused) as refusal:
        assert launch.user.key
    assert refusal.value.code == "launch.sub_missing"


def test_a_message_cannot_be_changed() -> None:
    launch = good.launch()
    with pytest.raises(FrozenInstanceError):
        launch.deployment_id = "dep-2"  # type: ignore[misc]
    with pytest.raises(TypeError):
        launch.claims["sub"] = "u-1"  # type: ignore[index]
    with pytest.raises(TypeError):
        launch.custom["a"] = "b"  # type: ignore[index]


@pytest.mark.parametrize(
    ("roles", "viewer", "mentees", "may"),
    [
        (["Instructor"], "u-1", [], True),
        ([MEMBERSHIP[:-1] + "/Instructor#TeachingAssistant"], "u-1", [], True),
        (["Learner"], "u-7", [], True),
        (["Learner"], "u-1", [], False),
        (["Mentor"], "u-1", ["u-7"], True),
        (["Mentor"], "u-1", ["u-8"], False),
        ([], "u-1", [], False),
    ],
)
def test_who_may_review_what(roles: list[str], viewer: str, mentees: list[str], may: bool) -> None:
    launch = good.launch({**REVIEW, "sub": viewer, c.ROLES: roles, c.ROLE_SCOPE_MENTOR: mentees or None})
    assert isinstance(launch, SubmissionReviewRequest)
    assert launch.may_review() is may


@frozen(kw_only=True)
class ContextLaunch(LaunchMessage):
    """A type of the user's own."""

    colour: Annotated[str, c.named("https://vendor.example/colour")]


def colour_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch has a colour."""
    return None if "https://vendor.example/colour" in claims else Mismatch("No colour.")


OWN = MessageType("LtiContextLaunchRequest", ContextLaunch, (Rule("vendor.colour", "Vendor §1", colour_is_given),))


def launched(claims: dict[str, object], *kinds: MessageType) -> LaunchMessage:
    launching = Launching()
    launching.message_types = with_types(*kinds)
    return launching.accept(launching.form(launching.claims({**CLAIMS, **claims})))


def test_a_message_type_of_ones_own_is_read_into_its_class() -> None:
    launch = launched({c.MESSAGE_TYPE: OWN.name, "https://vendor.example/colour": "red"}, OWN)
    assert isinstance(launch, ContextLaunch)
    assert launch.colour == "red"
    assert "The launch has a colour." in [check.sentence for check in launch.checks]
    with pytest.raises(LaunchRefused) as refusal:
        launched({c.MESSAGE_TYPE: OWN.name}, OWN)
    assert refusal.value.code == "vendor.colour"


def test_a_type_without_a_class_is_delivered_as_generic_launch() -> None:
    launch = launched({c.MESSAGE_TYPE: "DashboardRequest"}, generic("DashboardRequest"))
    assert isinstance(launch, GenericLaunch)
    assert launch.message_type == "DashboardRequest"


def test_claims_in_a_refusal_are_for_programs_and_not_for_logs() -> None:
    refusal = LaunchRefused("launch.message_type_unknown", "This tool does not handle that.", claims={"name": "Ada"})
    assert refusal.claims == {"name": "Ada"}
    assert "Ada" not in repr(refusal) + str(refusal)


def test_the_claims_of_an_unknown_message_type_stay_readable() -> None:
    with pytest.raises(LaunchRefused) as refusal:
        good.launch({**CLAIMS, c.MESSAGE_TYPE: "LtiUnheardOf"})
    assert refusal.value.claims is not None
    assert refusal.value.claims["name"] == CLAIMS["name"]
    assert str(CLAIMS["name"]) not in f"{refusal.value} {refusal.value!r}"
