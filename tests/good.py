"""A good login and a good launch, for tests that change one thing in it."""

from collections.abc import Mapping
from typing import Any

from lti_core import claims as c
from lti_core.authentication_response import AuthenticationResponse
from lti_core.launch import LaunchSettings, accept
from lti_core.login import AuthenticationRequest, LoginInitiation, begin_login, choose
from lti_core.messages import MESSAGE_TYPES, LaunchMessage, MessageType
from lti_core.registration import Registration
from lti_core.rules.rule import Expected, TargetUrls
from lti_core.state import LoginState
from lti_core.tokens import sign, signer
from tests.fakes import NOON, PLATFORM_KEY, PLATFORM_PEM, FakeKeys, FakeNonces, FixedClock

ISSUER = "https://lms.example"
CLIENT_ID = "tool-1"
LAUNCH_URL = "https://tool.example/lti/launch"
TARGET = LAUNCH_URL + "?quiz=7"
NOW = int(NOON.timestamp())
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TARGET_URLS = TargetUrls.of([LAUNCH_URL])
SETTINGS = LaunchSettings(redirect_uri=LAUNCH_URL, target_urls=TARGET_URLS)


def registration(**changes: Any) -> Registration:
    """The agreement with the platform of these tests."""
    values: dict[str, Any] = {
        "issuer": ISSUER,
        "client_id": CLIENT_ID,
        "login_url": "https://lms.example/auth",
        "token_url": "https://lms.example/token",
        "key_set": {"keys": [dict(PLATFORM_KEY.public)]},
        "deployment_ids": ["dep-1"],
    }
    return Registration(**{**values, **changes})


REGISTRATION = registration()
STATE = LoginState(
    issuer=ISSUER,
    client_id=CLIENT_ID,
    nonce="n-9f2c",
    browser="wZ5yDk5S1lG8rIVxCkJ3z0Q9bB5p0l8uJ3yPq8o0v5M",
    target_link_uri=TARGET,
    issued_at=NOW,
    expires_at=NOW + 600,
    deployment_id="dep-1",
)
EXPECTED = Expected(registration=REGISTRATION, state=STATE, now=NOW, target_urls=TARGET_URLS)
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT_ID,
    "sub": "u-42",
    "iat": NOW,
    "exp": NOW + 3600,
    "nonce": "n-9f2c",
    "name": "Ada Lovelace",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "email": "ada@lms.example",
    c.MESSAGE_TYPE: "LtiResourceLinkRequest",
    c.VERSION: "1.3.0",
    c.DEPLOYMENT_ID: "dep-1",
    c.TARGET_LINK_URI: TARGET,
    c.RESOURCE_LINK: {"id": "rl-7", "title": "Quiz 7"},
    c.ROLES: [MEMBERSHIP + "Learner"],
    c.CONTEXT: {
        "id": "c-3",
        "label": "MATH-1",
        "title": "Maths 1",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
    },
    c.TOOL_PLATFORM: {"guid": "g-1", "name": "Example LMS", "product_family_code": "example"},
    c.CUSTOM: {"chapter": "2", "due": "$ResourceLink.submission.endDateTime"},
    c.LAUNCH_PRESENTATION: {
        "document_target": "iframe",
        "locale": "en-GB",
        "return_url": "https://lms.example/back?c=3",
    },
}
DEEP_LINKING: Mapping[str, Any] = {
    **{name: value for name, value in CLAIMS.items() if name != c.RESOURCE_LINK},
    c.MESSAGE_TYPE: "LtiDeepLinkingRequest",
    c.DEEP_LINKING_SETTINGS: {
        "deep_link_return_url": "https://lms.example/picked?course=3",
        "accept_types": ["ltiResourceLink", "link"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "data": "keep-me",
    },
}
REVIEW: Mapping[str, Any] = {
    **CLAIMS,
    c.MESSAGE_TYPE: "LtiSubmissionReviewRequest",
    c.ROLES: [MEMBERSHIP + "Instructor"],
    c.FOR_USER: {"user_id": "u-7", "name": "Blaise Pascal", "roles": [MEMBERSHIP + "Learner"]},
    c.AGS_ENDPOINT: {"scope": [], "lineitem": "https://lms.example/ags/1/lineitem"},
}


def initiation(**changes: str) -> list[tuple[str, str]]:
    """The parameters of a good login initiation."""
    values = {
        "iss": ISSUER,
        "login_hint": "h-1",
        "target_link_uri": TARGET,
        "lti_message_hint": "m-1",
        "client_id": CLIENT_ID,
        "lti_deployment_id": "dep-1",
    }
    return list({**values, **changes}.items())


def login(
    pairs: list[tuple[str, str]] | None = None, registration: Registration = REGISTRATION, clock: Any = None
) -> AuthenticationRequest:
    """A login that begins well."""
    read = LoginInitiation.read(initiation() if pairs is None else pairs)
    return begin_login(
        read,
        choose(read, [registration]),
        FakeKeys(),
        clock or FixedClock(),
        redirect_uri=LAUNCH_URL,
        target_urls=TARGET_URLS,
    )


def token(claims: Mapping[str, Any], header: Mapping[str, str] | None = None) -> str:
    """A token that the platform signed."""
    whole = {"typ": "JWT", "kid": PLATFORM_KEY.kid} if header is None else header
    return sign(claims, signer(PLATFORM_PEM, "RS256"), "RS256", whole)


class Launching:
    """One launch, step by step, each of which a test may spoil."""

    def __init__(
        self, registration: Registration = REGISTRATION, clock: FixedClock | None = None, **initiated: str
    ) -> None:
        self.registration = registration
        self.clock = clock or FixedClock()
        self.keys = FakeKeys()
        self.nonces = FakeNonces()
        pairs = [*initiation(), *initiated.items()]
        self.request = login(pairs, registration=registration, clock=self.clock)
        self.sent = dict(self.request.parameters)
        self.cookies = {self.request.cookie_name: self.request.cookie_value}
        self.settings = SETTINGS
        self.message_types: Mapping[str, MessageType] = MESSAGE_TYPES

    def claims(self, of: Mapping[str, Any] = CLAIMS, **changes: Any) -> dict[str, Any]:
        """Good claims for this login."""
        return {**of, "nonce": self.sent["nonce"], **changes}

    def form(self, claims: Mapping[str, Any] | None = None, **changes: str) -> list[tuple[str, str]]:
        """The form that the platform would post."""
        made = {"state": self.sent["state"]}
        if "id_token" not in changes and "error" not in changes:
            made["id_token"] = token(self.claims() if claims is None else claims)
        return list({**made, **changes}.items())

    def accept(self, form: list[tuple[str, str]] | None = None) -> LaunchMessage:
        """Post the form."""
        return accept(
            AuthenticationResponse.read(self.form() if form is None else form),
            self.registration,
            self.keys,
            self.nonces,
            self.clock,
            cookies=self.cookies,
            settings=self.settings,
            message_types=self.message_types,
        )


def launch(claims: Mapping[str, Any] = CLAIMS, **registered: Any) -> LaunchMessage:
    """Launch with `claims`; the nonce is put right where they have one."""
    launching = Launching(registration(**registered) if registered else REGISTRATION)
    fresh = {"nonce": launching.sent["nonce"]} if claims.get("nonce") == CLAIMS["nonce"] else {}
    return launching.accept(launching.form({**claims, **fresh}))


def without(claims: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`claims` but for those called `names`."""
    return {name: value for name, value in claims.items() if name not in names}
