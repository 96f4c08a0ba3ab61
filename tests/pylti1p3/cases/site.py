"""A Flask tool on either package, a browser that uses it, and the platform's side of a launch."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, jsonify
from werkzeug.test import Client

from tests.pylti1p3.cases.kit import (
    BASE,
    CLAIM,
    CLIENT_ID,
    ISSUER,
    LAUNCH_URL,
    MEMBERSHIP,
    Of,
    jwk,
    now,
    private_pem,
    public_pem,
    raised,
    token,
)

AGS = "https://purl.imsglobal.org/spec/lti-ags/"
ENDPOINT, NRPS = f"{AGS}claim/endpoint", "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
ALL_SCOPES = [f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")]
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT_ID,
    "sub": "u-1",
    "name": "Ada Lovelace",
    f"{CLAIM}message_type": "LtiResourceLinkRequest",
    f"{CLAIM}version": "1.3.0",
    f"{CLAIM}deployment_id": "1",
    f"{CLAIM}target_link_uri": LAUNCH_URL,
    f"{CLAIM}resource_link": {"id": "rl-1", "title": "Quiz 1"},
    f"{CLAIM}roles": [f"{MEMBERSHIP}Learner"],
    f"{CLAIM}context": {"id": "course-3", "title": "Maths"},
    f"{CLAIM}custom": {"chapter": "2"},
    ENDPOINT: {"scope": ALL_SCOPES, "lineitems": f"{ISSUER}/items", "lineitem": f"{ISSUER}/items/1"},
    NRPS: {"context_memberships_url": f"{ISSUER}/members", "service_versions": ["2.0"]},
}
_FOR_USER = {f"{CLAIM}for_user": {"user_id": "u-7", "name": "Blaise Pascal"}}
_WITHOUT_LINK = {name: CLAIMS[name] for name in CLAIMS if not name.endswith(("resource_link", "context"))}
MESSAGES: dict[str, dict[str, Any]] = {
    "resource link": CLAIMS,
    "deep linking": {
        **_WITHOUT_LINK,
        f"{CLAIM}message_type": "LtiDeepLinkingRequest",
        SETTINGS: {
            "deep_link_return_url": f"{ISSUER}/picked",
            "accept_types": ["ltiResourceLink", "link"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "data": "keep me",
        },
    },
    "submission review": {**CLAIMS, f"{CLAIM}message_type": "LtiSubmissionReviewRequest", **_FOR_USER},
    "data privacy": {**_WITHOUT_LINK, f"{CLAIM}message_type": "DataPrivacyLaunchRequest", **_FOR_USER},
}
KINDS = ("resource_launch", "deep_link_launch", "data_privacy_launch", "submission_review_launch")
ACCESS = ("staff", "student", "teacher", "teaching_assistant", "designer", "observer")


def told(launch: Any) -> Any:
    """What a program asks a launch for."""
    data = launch.get_launch_data()
    return {
        "claims": sorted(name for name in data if name not in ("iat", "exp", "nonce")),
        "is": [kind for kind in KINDS if getattr(launch, f"is_{kind}")()],
        "has": [service for service in ("ags", "nrps", "cgs") if getattr(launch, f"has_{service}")()],
        "may": [who for who in ACCESS if getattr(launch, f"check_{who}_access")()],
        "who": [launch.get_iss(), launch.get_client_id()],
        "for user": launch.get_submission_review_user(),
    }


class Site:
    """What a case changes, the views use."""

    def __init__(self, of: Of, **entry: Any) -> None:
        self.of, self.flask = of, of("contrib.flask")
        self.configuration = configured(of, [{"default": True, **entry}])
        self.use: Callable[[Any], Any] = told
        self.log_in: Callable[[Any], Any] = lambda login: login.redirect(LAUNCH_URL)
        self.login_class, self.launch_class = self.flask.FlaskOIDCLogin, self.flask.FlaskMessageLaunch
        self.storage: Any = None
        self.session: Any = None
        app = Flask(__name__)
        app.secret_key = "only for tests"
        app.add_url_rule("/login", "login", self._login, methods=["GET", "POST"])
        app.add_url_rule("/launch", "launch", self._launch, methods=["POST"])
        app.add_url_rule("/again/<launch_id>", "again", self._again)
        self.app = app
        self.browser = Client(app)

    def asked(self, **changes: str) -> Any:
        """What a login is answered."""
        form = {"iss": ISSUER, "login_hint": "h", "target_link_uri": LAUNCH_URL, "client_id": CLIENT_ID, **changes}
        return self.browser.post("/login", data={name: form[name] for name in form if form[name]}, base_url=BASE)

    def login(self, **changes: str) -> dict[str, str]:
        """The authentication request of a login."""
        return dict(parse_qsl(urlsplit(self.asked(**changes).headers["Location"]).query))

    def form(self, sent: Mapping[str, str], claims: Mapping[str, Any] = CLAIMS, **header: Any) -> dict[str, str]:
        """What the platform posts back. A claim that is None is left out."""
        whole = {"nonce": sent["nonce"], "iat": now(), "exp": now() + 600, **claims}
        return {"state": sent["state"], "id_token": token({n: v for n, v in whole.items() if v is not None}, **header)}

    def post(self, form: Mapping[str, str]) -> Any:
        """What the tool makes of it."""
        return self.browser.post("/launch", data=form, base_url=BASE).json

    def launched(self, claims: Mapping[str, Any] = CLAIMS, **header: Any) -> Any:
        """Log in, and launch, in a browser that is new."""
        self.browser = Client(self.app)
        return self.post(self.form(self.login(), claims, **header))

    def again(self, launch_id: str) -> Any:
        """A later request."""
        return self.browser.get(f"/again/{launch_id}", base_url=BASE).json

    def _login(self) -> Any:
        login = self.login_class(self.flask.FlaskRequest(), self.configuration, launch_data_storage=self.storage)
        return self._answered(lambda: self.log_in(login))

    def _launch(self) -> Any:
        launch = self.launch_class(
            self.flask.FlaskRequest(),
            self.configuration,
            launch_data_storage=self.storage,
            requests_session=self.session,
        )
        return self._answered(lambda: jsonify({"is": self.use(launch), "id": launch.get_launch_id()}))

    def _again(self, launch_id: str) -> Any:
        restored = lambda: self.launch_class.from_cache(  # noqa: E731 it may fail, and is asked for within _answered
            launch_id, self.flask.FlaskRequest(), self.configuration, launch_data_storage=self.storage
        )
        return self._answered(lambda: jsonify({"is": self.use(restored())}))

    @staticmethod
    def _answered(answer: Callable[[], Any]) -> Any:
        try:
            return answer()
        except Exception as error:  # noqa: BLE001 whatever it is, is compared
            return jsonify(raised(error)), 400


def configured(of: Of, entries: list[dict[str, Any]]) -> Any:
    """A configuration with one issuer, and one entry for each of `entries`."""
    usual = {
        "client_id": CLIENT_ID,
        "auth_login_url": f"{ISSUER}/auth",
        "auth_token_url": f"{ISSUER}/token",
        "key_set": {"keys": [jwk("platform")]},
        "deployment_ids": ["1"],
    }
    whole = [{**usual, **entry} for entry in entries]
    made = of("tool_config").ToolConfDict({ISSUER: whole})
    for entry in whole:
        made.set_private_key(ISSUER, private_pem("tool"), client_id=entry["client_id"])
        made.set_public_key(ISSUER, public_pem("tool"), client_id=entry["client_id"])
    return made
