"""A tool that was written for the old package logs in and launches."""

import gc
import weakref
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import Client

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.tool_config import ToolConfDict
from lti_core import claims as c
from tests.good import CLAIMS, CLIENT_ID, DEEP_LINKING, ISSUER, MEMBERSHIP, REVIEW
from tests.pylti1p3.tool import BASE, ENTRY, LAUNCH_URL, Parameters, Tool, configuration


def test_a_launch_gives_all_claims(tool: Tool) -> None:
    claims = tool.launched()["used"]
    assert claims[c.RESOURCE_LINK] == CLAIMS[c.RESOURCE_LINK]
    assert claims["sub"] == "u-42"


def test_the_authentication_request_has_what_platforms_expect(tool: Tool) -> None:
    sent = tool.login(lti_message_hint="m-1")
    fixed = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}
    assert sent | fixed == sent
    assert (sent["client_id"], sent["redirect_uri"]) == (CLIENT_ID, LAUNCH_URL)
    assert (sent["login_hint"], sent["lti_message_hint"]) == ("h-1", "m-1")


def test_a_login_url_with_a_query_keeps_it(tool: Tool) -> None:

    tool.configuration = configuration(auth_login_url="https://lms.example/auth?school=7")
    assert tool.asked().headers["Location"].startswith("https://lms.example/auth?school=7&scope=openid")


def test_the_cookie_of_a_login_comes_back_in_a_frame(tool: Tool) -> None:
    header = tool.asked().headers["Set-Cookie"]
    assert header.startswith("__Host-lti1p3-lti-login-")
    for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert attribute in header


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"iss": ""}, "Could not find issuer"),
        ({"login_hint": ""}, "Could not find login hint"),
        ({"iss": "https://other.example"}, "iss https://other.example not found in settings"),
        ({"client_id": "tool-2"}, "iss https://lms.example [client_id=tool-2] not found in settings"),
    ],
)
def test_a_login_that_cannot_be_followed_is_refused_in_the_old_words(
    tool: Tool, changes: dict[str, str], text: str
) -> None:
    assert tool.asked(**changes).json == {"refused": text}


def test_a_login_does_not_lead_to_another_host_that_its_request_names(tool: Tool) -> None:
    tool.log_in = lambda login: login.redirect(login._request.get_param("target_link_uri"))
    refused = tool.asked(target_link_uri="https://evil.example/launch")
    assert refused.json == {"refused": "The launch URL is no address of this tool"}
    assert tool.asked().status_code == 302


def test_a_login_over_https_does_not_lead_to_an_address_without(tool: Tool) -> None:
    plain = LAUNCH_URL.replace("https:", "http:")
    tool.log_in = lambda login: login.get_redirect_object().do_redirect()
    refused = tool.asked(target_link_uri=plain).json
    assert refused == {"refused": "The launch URL is no address of this tool"}
    tool.log_in = lambda login: login.redirect(plain)
    assert tool.post(tool.form(tool.login()))["refused"].startswith("State not found")


def test_a_redirect_object_can_be_had_without_an_address(tool: Tool) -> None:
    tool.log_in = lambda login: login.get_redirect_object().get_redirect_url()
    assert tool.asked().text.startswith("https://lms.example/auth?")


def test_a_redirect_by_script_leads_to_the_same_place(tool: Tool) -> None:
    tool.log_in = lambda login: login.redirect(LAUNCH_URL, js_redirect=True)
    assert 'window.location="https://lms.example/auth?scope=openid' in tool.asked().text


def test_the_page_that_looks_for_cookies_carries_the_login_and_escapes_its_texts(tool: Tool) -> None:
    tool.log_in = lambda login: login.enable_check_cookies(main_msg="<b>No cookies</b>").redirect(LAUNCH_URL)
    page = tool.asked(login_hint='"><script>')
    assert "&lt;b&gt;No cookies" in page.text
    assert "login_hint=%22%3E%3Cscript%3E" in page.text
    assert "Set-Cookie" not in page.headers
    assert tool.asked(lti1p3_new_window="1").status_code == 302


def test_parameters_of_a_login_come_back_with_its_launch(tool: Tool) -> None:
    tool.log_in = lambda login: login.pass_params_to_launch({"from": "menu"}).redirect(LAUNCH_URL)
    tool.use = lambda launch: launch.get_params_from_login()
    assert tool.launched()["used"] == {"from": "menu"}


def test_nobody_adds_to_the_parameters_of_a_login_or_exchanges_them(tool: Tool) -> None:
    def log_in(params: dict[str, str]) -> Parameters:
        tool.log_in = lambda login: login.pass_params_to_launch(params).redirect(LAUNCH_URL)
        return tool.login(**{"from": "the address"}, params="the address")

    tool.use = lambda launch: launch.get_params_from_login()
    menu, teacher = log_in({"from": "menu"}), log_in({"from": "teacher"})
    form = tool.form(menu)
    for state in (teacher["state"], f"{menu['state']}x", teacher["nonce"]):
        assert "refused" in tool.post({**form, "state": state})
    assert tool.post({**form, "from": "the form", "params": "the form"})["used"] == {"from": "menu"}


def test_parameters_of_another_browsers_login_are_not_had(tool: Tool) -> None:
    tool.log_in = lambda login: login.pass_params_to_launch({"from": "menu"}).redirect(LAUNCH_URL)
    tool.use = lambda launch: launch.set_auto_validation(False).get_params_from_login()
    form = tool.form(tool.login())
    tool.browser = Client(tool.app)
    assert tool.post(form)["used"] is None


def test_a_session_of_its_own_for_each_launch_does_not_read_the_private_key_again(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lti_adapters import key_store

    assert tool.launched()["used"]["sub"] == "u-42"
    read: list[str] = []
    monkeypatch.setattr(key_store, "read_private_key", read.append)  # of key stores that are made from now on
    for _ in range(2):
        tool.session = SimpleNamespace()
        assert tool.launched()["used"]["sub"] == "u-42"
    assert read == []


def test_claims_that_a_program_gives_validate_nothing(tool: Tool) -> None:
    tool.use = lambda launch: launch.set_jwt({"header": {}, "body": {"sub": "forged"}}).get_launch_data()
    assert tool.post({})["refused"] == "Missing state param"
    assert tool.launched()["used"]["sub"] == "u-42"


def test_who_says_that_a_launch_was_restored_has_none(tool: Tool) -> None:
    tool.use = lambda launch: launch.set_restored().get_launch_data()
    assert tool.launched()["refused"] == "Can't validate restored launch"


def test_a_launch_is_validated_once_however_often_it_is_asked_for(tool: Tool) -> None:
    tool.use = lambda launch: launch.validate().validate().get_launch_data()
    assert tool.launched()["used"]["sub"] == "u-42"


def test_a_launch_in_another_browser_is_refused(tool: Tool) -> None:
    form = tool.form(tool.login())
    tool.browser = Client(tool.app)
    assert tool.post(form)["refused"].startswith("State not found")


@pytest.mark.parametrize(
    ("claims", "changes", "text"),
    [
        (CLAIMS, {"iss": None}, '"iss" is empty'),
        (CLAIMS, {"iss": "https://other.example"}, "iss https://other.example not found in settings"),
        (CLAIMS, {"aud": "tool-2"}, "Client id not registered for this issuer"),
        (CLAIMS, {"aud": [CLIENT_ID, "x"], "azp": "x"}, "Client id not registered for this issuer"),
        (CLAIMS, {"nonce": None}, '"nonce" is empty'),
        (CLAIMS, {"nonce": "other"}, "Invalid Nonce"),
        (CLAIMS, {"exp": 1}, "Can't decode id_token"),
        (CLAIMS, {"exp": None}, "Can't decode id_token"),
        (CLAIMS, {c.DEPLOYMENT_ID: None}, "deployment_id is not set in jwt body"),
        (CLAIMS, {c.DEPLOYMENT_ID: "dep-2"}, "Unable to find deployment"),
        (CLAIMS, {c.MESSAGE_TYPE: None}, "Invalid message type"),
        (CLAIMS, {c.MESSAGE_TYPE: "LtiNews"}, "Unrecognized message type"),
        (CLAIMS, {c.VERSION: "1.1"}, "Incorrect version, expected 1.3.0"),
        (CLAIMS, {c.ROLES: None}, "Missing Roles Claim"),
        (CLAIMS, {c.RESOURCE_LINK: None}, "Missing Resource Link Id"),
        (CLAIMS, {c.RESOURCE_LINK: {"title": "x"}}, "Missing Resource Link Id"),
        (DEEP_LINKING, {c.ROLES: None}, "Missing Roles Claim"),
        (DEEP_LINKING, {c.DEEP_LINKING_SETTINGS: None}, "Missing Deep Linking Settings"),
        (REVIEW, {c.FOR_USER: None}, "For user claim must be included in a LtiSubmissionReviewRequest"),
        (REVIEW, {c.AGS_ENDPOINT: None}, "Grade services must be included in a LtiSubmissionReviewRequest"),
    ],
)
def test_a_launch_that_lacks_something_is_refused_in_the_old_words(
    tool: Tool, claims: dict[str, Any], changes: dict[str, Any], text: str
) -> None:
    assert tool.launched(claims, **changes)["refused"].startswith(text)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"state": ""}, "Missing state param"),
        ({"id_token": ""}, "Missing id_token"),
        ({"state": "state-1"}, "State not found"),
        ({"id_token": "a.b"}, "Invalid id_token, JWT must contain 3 parts"),
        ({"id_token": "a.b.c"}, "Invalid JWT format, can't be decoded"),
    ],
)
def test_a_form_that_lacks_something_is_refused_in_the_old_words(
    tool: Tool, changes: dict[str, str], text: str
) -> None:
    assert tool.post({**tool.form(tool.login()), **changes})["refused"].startswith(text)


def test_a_token_of_somebody_else_is_refused(tool: Tool) -> None:
    form = tool.form(tool.login())
    form["id_token"] = form["id_token"][:-8] + ("AAAAAAAA" if form["id_token"][-8:] != "AAAAAAAA" else "BBBBBBBB")
    assert tool.post(form)["refused"].startswith("Can't decode id_token")


def test_a_refused_launch_leaves_no_claims_behind(tool: Tool) -> None:
    def use(launch: FlaskMessageLaunch) -> Any:
        try:
            launch.validate()
        except LtiException:
            launch.set_auto_validation(False)
            return launch.get_launch_data()

    tool.use = use
    assert tool.launched(exp=1)["used"] == {}


def test_an_anonymous_launch_is_good(tool: Tool) -> None:
    assert "sub" not in tool.launched(sub=None)["used"]


def test_a_launch_has_a_random_uuid_for_its_id(tool: Tool) -> None:
    ids = [tool.launched()["launch_id"] for _ in range(2)]
    assert [UUID(one.removeprefix("lti1p3-launch-")).version for one in ids] == [4, 4]
    assert ids[0] != ids[1]


def test_a_launch_is_freed_with_its_request(tool: Tool) -> None:
    seen: list[Any] = []

    def use(launch: FlaskMessageLaunch) -> bool:
        seen.append(weakref.ref(launch))
        return bool(launch.get_launch_data())

    tool.use = use
    gc.disable()  # what is in a circle would wait for it
    try:
        assert tool.launched()["used"] is True
        assert seen[0]() is None
    finally:
        gc.enable()


def test_one_client_id_of_an_issuer_cannot_answer_the_login_of_another(tool: Tool) -> None:
    from tests.fakes import TOOL_PEM

    tool.configuration = ToolConfDict({ISSUER: [dict(ENTRY), {**ENTRY, "client_id": "tool-2", "default": False}]})
    for client_id in (CLIENT_ID, "tool-2"):
        tool.configuration.set_private_key(ISSUER, TOOL_PEM, client_id=client_id)
    assert "used" in tool.post(tool.form(tool.login(client_id="tool-2"), aud="tool-2"))
    refused = tool.post(tool.form(tool.login(client_id="tool-2"), aud=CLIENT_ID))["refused"]
    assert refused.startswith("Client id not registered for this issuer")


def test_roles_are_asked_one_question_at_a_time(tool: Tool) -> None:
    tool.use = lambda launch: [
        launch.check_teacher_access(),
        launch.check_student_access(),
        launch.check_teaching_assistant_access(),
    ]
    roles = [MEMBERSHIP + "Instructor", MEMBERSHIP + "TeachingAssistant"]
    assert tool.launched(**{c.ROLES: roles})["used"] == [True, False, True]


def test_kinds_and_services_of_a_launch(tool: Tool) -> None:
    tool.use = lambda launch: [
        launch.is_resource_launch(),
        launch.is_deep_link_launch(),
        launch.is_submission_review_launch(),
        launch.has_ags(),
        launch.has_nrps(),
        launch.has_cgs(),
        launch.get_iss(),
        launch.get_client_id(),
    ]
    expected = [True, False, False, False, False, False, ISSUER, CLIENT_ID]
    assert tool.launched()["used"] == expected


def test_a_deep_linking_request_is_answered_by_a_form(tool: Tool) -> None:
    from lti_adapters.pylti1p3.deep_link_resource import DeepLinkResource

    resource = DeepLinkResource().set_url(BASE + "/quiz/7").set_title("Quiz 7").set_custom_params({"quiz": "7"})
    tool.use = lambda launch: launch.get_deep_link().output_response_form([resource])
    page = tool.launched(DEEP_LINKING)["used"]
    assert 'action="https://lms.example/picked?course=3" method="POST"' in page
    assert 'name="JWT" value="ey' in page


@pytest.mark.parametrize("name", ["DataPrivacyLaunchRequest", "LtiDataPrivacyLaunchRequest"])
def test_a_data_privacy_launch_says_whose_data_is_meant(tool: Tool, name: str) -> None:
    tool.use = lambda launch: [launch.is_data_privacy_launch(), launch.get_data_privacy_launch_user()]
    claims = {**CLAIMS, c.MESSAGE_TYPE: name, c.FOR_USER: {"user_id": "u-7"}}
    without = {c.RESOURCE_LINK: None, c.CONTEXT: None}
    assert tool.launched(claims, **without)["used"] == [True, {"user_id": "u-7"}]
    assert tool.launched(claims, **{c.CONTEXT: None})["refused"].startswith("Resource link claim must be omitted")
    assert tool.launched(claims, **without, **{c.FOR_USER: None})["refused"].startswith("For user claim must be")


def test_what_a_program_puts_into_a_cookie_stays_its_value(tool: Tool) -> None:
    def log_in(login: Any) -> Any:
        login._cookie_service.set_cookie("mine", "a; Domain=evil.example")
        return login.redirect(LAUNCH_URL)

    tool.log_in = log_in
    [header] = [one for one in tool.asked().headers.getlist("Set-Cookie") if one.startswith("lti1p3-mine")]
    assert "; Domain" not in header
