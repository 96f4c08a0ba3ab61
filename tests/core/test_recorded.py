"""Launches that a real Moodle 4.5 sent, run at their recorded time with its recorded key set."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LaunchRefused
from lti_core.launch import LaunchSettings, accept
from lti_core.login import cookie_name
from lti_core.messages import LaunchMessage
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls
from lti_core.state import LoginState, hash_of, make_state
from lti_core.tokens import take_apart
from tests.fakes import FakeKeys, FakeNonces, FixedClock

RECORDED = Path(__file__).parent.parent / "data" / "moodle-4.5"
PLATFORM = json.loads((RECORDED / "platform.json").read_text())
TARGETS = TargetUrls.of(
    f"http://{host}:8946{path}" for host in ("127.0.0.1", "localhost") for path in ("/launch", "/launch/*", "/deep")
)


def exchanges() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(RECORDED.glob("*.json")):
        for exchange in json.loads(path.read_text())["exchanges"]:
            yield path.stem, exchange


def launches() -> Iterator[Any]:
    for name, exchange in exchanges():
        form = dict((exchange.get("request") or {}).get("form") or [])
        if "id_token" in form:
            yield pytest.param(exchange, form["id_token"], id=f"{name}: {exchange['name']}")


def replay(exchange: dict[str, Any], id_token: str, seconds_later: float = 0) -> LaunchMessage:
    """Launch as that browser did then: with a login state of ours, which the recording cannot have."""
    claims = take_apart(id_token).claims
    registration = Registration(
        issuer=PLATFORM["issuer"],
        client_id=str(claims["aud"]),
        login_url=PLATFORM["authorization_endpoint"],
        token_url=PLATFORM["token_endpoint"],
        key_set=PLATFORM["key_set"],
        deployment_ids=[item["deployment_id"] for item in PLATFORM["registrations"].values()],
    )
    clock = FixedClock(datetime.fromisoformat(exchange["recorded_at"]) + timedelta(seconds=seconds_later))
    now = int(clock.now().timestamp())
    url = exchange["request"]["url"]
    state = LoginState(
        issuer=registration.issuer,
        client_id=registration.client_id,
        nonce=str(claims["nonce"]),
        browser=hash_of("this browser"),
        target_link_uri=url,
        issued_at=now,
        expires_at=now + 600,
    )
    keys = FakeKeys()
    sealed = make_state(state, keys.secrets(registration, "state")[0])
    return accept(
        AuthenticationResponse.read([("id_token", id_token), ("state", sealed)]),
        registration,
        keys,
        FakeNonces(),
        clock,
        cookies={cookie_name(state, url): "this browser"},
        settings=LaunchSettings(redirect_uri=url, target_urls=TARGETS),
    )


ALL = list(launches())


def test_all_26_recorded_tokens_are_run() -> None:
    assert len(ALL) == 26


@pytest.mark.parametrize(("exchange", "id_token"), ALL)
def test_a_recorded_launch_is_accepted_at_its_time(exchange: dict[str, Any], id_token: str) -> None:
    launch = replay(exchange, id_token)
    claims = take_apart(id_token).claims
    assert dict(launch.claims) == claims
    assert launch.user.id == claims["sub"]
    assert launch.user.name == claims.get("name")
    assert launch.roles.is_student or launch.roles.is_teacher
    assert launch.tool_platform is not None
    assert launch.tool_platform.product_family_code == "moodle"


@pytest.mark.parametrize(("exchange", "id_token"), ALL[:3])
def test_a_recorded_launch_is_refused_three_minutes_later(exchange: dict[str, Any], id_token: str) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        replay(exchange, id_token, seconds_later=180)
    assert refusal.value.code == "launch.token_expired"


@pytest.mark.parametrize(("exchange", "id_token"), ALL[:3])
def test_a_recorded_launch_with_one_changed_byte_is_refused(exchange: dict[str, Any], id_token: str) -> None:
    header, payload, signature = id_token.split(".")
    changed = ("A" if signature[20] != "A" else "B").join((signature[:20], signature[21:]))
    with pytest.raises(LaunchRefused) as refusal:
        replay(exchange, f"{header}.{payload}.{changed}")
    assert refusal.value.code == "launch.signature_invalid"


def named(words: str) -> LaunchMessage:
    return next(replay(*param.values) for param in ALL if words in str(param.id))


def test_names_come_in_every_script() -> None:
    names = {replay(*param.values).user.name for param in ALL}
    assert any(name and not name.isascii() and "ö" in name for name in names)
    assert any(name and any("\u4e00" <= sign <= "\u9fff" for sign in name) for name in names)
    assert any(name and any("\u0600" <= sign <= "\u06ff" for sign in name) for name in names)


def test_what_is_withheld_is_absent_and_not_empty() -> None:
    launch = named("student, link whose registration shares nothing")
    assert launch.user.id is not None
    assert launch.user.name is None
    assert launch.user.email is None
    assert launch.endpoint is None
    assert launch.names_role_service is None


def test_a_graded_link_has_its_line_item_and_an_ungraded_one_only_the_list() -> None:
    graded, ungraded = named("student, graded link"), named("student, ungraded link")
    assert graded.endpoint is not None
    assert graded.endpoint.line_item is not None
    assert "?type_id=" in graded.endpoint.line_item
    assert ungraded.endpoint is not None
    assert ungraded.endpoint.line_item is None
    assert ungraded.endpoint.line_items is not None


def test_a_review_says_who_looks_at_whose_work() -> None:
    launch = named("teacher, submission review of a student")
    assert launch.message_type == "LtiSubmissionReviewRequest"
    assert launch.for_user is not None
    assert (launch.user.id, launch.for_user.user_id) == ("3", "5")
    assert launch.may_review()  # type: ignore[attr-defined]


def test_a_deep_linking_request_says_what_is_accepted() -> None:
    settings = named("deep linking request /").deep_linking_settings  # type: ignore[attr-defined]
    assert settings.accept_types == ("ltiResourceLink",)
    assert settings.accept_presentation_document_targets == ("frame", "iframe", "window")
    assert settings.accept_multiple is True
    assert settings.auto_create is False
    assert settings.data is None


def test_custom_parameters_that_were_not_substituted_stay_readable() -> None:
    custom = named("student, graded link").custom
    assert any(value.startswith("$") for value in custom.values())
    assert "☃" in custom["unicode"]


def posted_errors() -> Iterator[Any]:
    for name, exchange in exchanges():
        form = dict(((exchange.get("response") or {}).get("form") or {}).get("fields") or [])
        if "error" in form:
            yield pytest.param(form, id=f"{name}: {exchange['name']}")


@pytest.mark.parametrize("form", list(posted_errors()))
def test_an_error_that_moodle_posts_is_read_whatever_its_state(form: dict[str, str]) -> None:
    with pytest.raises(LaunchRefused) as refusal:  # the state is not one of ours
        AuthenticationResponse.read(form.items())
    assert refusal.value.code in ("launch.state_invalid", "launch.state_missing")
