"""A platform with its clock in our hands, and a small tool made of the core's functions only."""

from collections.abc import Callable, Iterable

import pytest
from attrs import frozen
from flask import Flask, Response, jsonify, make_response, redirect, request

from lti_adapters.simulator.clients import Browser
from lti_adapters.simulator.draft import Answer
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LaunchRefused, LtiError
from lti_core.launch import LaunchSettings, accept
from lti_core.login import LoginInitiation, begin_login, choose
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls
from tests.fakes import PLATFORM_PEM, TOOL_PEM, FakeKeys, FakeNonces, FixedClock


def registration_of(platform: SimulatedPlatform) -> Registration:
    """The platform's registration document as the core has it."""
    [[issuer, [told]]] = platform.registration_document().items()
    return Registration(
        issuer=issuer,
        client_id=told["client_id"],
        login_url=told["auth_login_url"],
        key_set=told["key_set"],
        deployment_ids=told["deployment_ids"],
        default=True,
    )


@frozen
class SmallTool:
    """Login and launch, and nothing else."""

    platform: SimulatedPlatform
    settings: LaunchSettings
    keys: FakeKeys
    nonces: FakeNonces

    def login(self) -> Response:
        initiation = LoginInitiation.read(request.values.items(multi=True))
        known = registration_of(self.platform)
        registration = choose(initiation, [known] if initiation.issuer == known.issuer else [])
        going = begin_login(
            initiation,
            registration,
            self.keys,
            self.platform.clock,
            redirect_uri=self.settings.redirect_uri,
            target_urls=self.settings.target_urls,
        )
        answer = make_response(redirect(going.url))
        answer.set_cookie(going.cookie_name, going.cookie_value, secure=True, httponly=True, samesite="None")
        return answer

    def launch(self) -> Response:
        if request.method != "POST":
            raise LaunchRefused("launch.method_not_allowed", "Only POST.")
        message = accept(
            AuthenticationResponse.read(request.form.items(multi=True)),
            registration_of(self.platform),
            self.keys,
            self.nonces,
            self.platform.clock,
            cookies=request.cookies,
            settings=self.settings,
        )
        return jsonify(claims=dict(message.claims), type=message.message_type)


def refused(error: LtiError) -> tuple[Response, int]:
    return jsonify(error={"code": error.code, "message": error.message, "spec": error.spec}), 400


def small_tool(platform: SimulatedPlatform) -> Flask:
    """A Flask application around a `SmallTool`."""
    settings = LaunchSettings(redirect_uri=platform.launch_url, target_urls=TargetUrls.of([platform.launch_url]))
    tool = SmallTool(platform, settings, FakeKeys(), FakeNonces())
    app = Flask("small_tool")
    app.add_url_rule("/lti/login", view_func=tool.login, methods=["GET", "POST"])
    app.add_url_rule("/lti/launch", view_func=tool.launch, methods=["GET", "POST"])
    app.register_error_handler(LtiError, refused)
    return app


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def platform_key() -> PlatformKey:
    return PlatformKey.of(PLATFORM_PEM)


@pytest.fixture
def platform(clock: FixedClock, platform_key: PlatformKey) -> SimulatedPlatform:
    return SimulatedPlatform(clock=clock, keys=KeyRing([platform_key]), tool_private_key=TOOL_PEM)


@pytest.fixture
def client(platform: SimulatedPlatform):
    return small_tool(platform).test_client()


@pytest.fixture
def registration(platform: SimulatedPlatform) -> Registration:
    return registration_of(platform)


@pytest.fixture
def request_of(platform: SimulatedPlatform) -> Callable[..., dict[str, str]]:
    """Makes the authentication request that a tool sends for a message; some parameters changed, or None: left out."""

    def make(message: Message, **changes: str | None) -> dict[str, str]:
        login = platform.initiate(message)
        request = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": platform.client_id,
            "redirect_uri": platform.launch_url,
            "login_hint": login["login_hint"],
            "lti_message_hint": login["lti_message_hint"],
            "nonce": "n-1",
            "state": "s-1",
        }
        return {name: value for name, value in {**request, **changes}.items() if value is not None}

    return make


@pytest.fixture
def authorize(platform: SimulatedPlatform) -> Callable[[Iterable[tuple[str, str]]], Answer]:
    """The authorization endpoint, for launches that need no other browser."""

    def nobody() -> Browser:
        raise AssertionError("this launch needs no other browser")

    return lambda pairs: platform.authorize(pairs, nobody)


@pytest.fixture
def tool_app() -> Callable[[SimulatedPlatform], Flask]:
    """Makes the small tool of a platform."""
    return small_tool
