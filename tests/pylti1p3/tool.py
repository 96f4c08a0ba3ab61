"""A tool written for the old package, but for its imports; and the platform's side of a launch."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, jsonify
from werkzeug.test import Client, TestResponse

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from lti_adapters.pylti1p3.exception import LtiException, OIDCException
from lti_adapters.pylti1p3.tool_config import ToolConfDict
from lti_core import claims as c
from lti_core.keys import public_pem
from tests.fakes import PLATFORM_KEY, TOOL_PEM
from tests.good import CLAIMS, CLIENT_ID, ISSUER, token

LAUNCH_URL = "https://tool.example/launch"
BASE = "https://tool.example"
ENTRY: Mapping[str, Any] = {
    "default": True,
    "client_id": CLIENT_ID,
    "auth_login_url": "https://lms.example/auth",
    "auth_token_url": "https://lms.example/token",
    "key_set": {"keys": [dict(PLATFORM_KEY.public)]},
    "deployment_ids": ["dep-1"],
}
Parameters = dict[str, str]


def configuration(**changes: Any) -> ToolConfDict:
    """One platform with one client id."""
    configured = ToolConfDict({ISSUER: [{**ENTRY, **changes}]})
    configured.set_private_key(ISSUER, TOOL_PEM, client_id=CLIENT_ID)
    configured.set_public_key(ISSUER, public_pem(TOOL_PEM), client_id=CLIENT_ID)
    return configured


class Tool:
    """A Flask application, and a browser that uses it. What a test changes, the views use."""

    def __init__(self, launch_class: type[FlaskMessageLaunch] = FlaskMessageLaunch) -> None:
        self.configuration = configuration()
        self.launch_class = launch_class
        self.storage: Callable[[], Any] = lambda: None
        self.session: Any = None
        self.use: Callable[[FlaskMessageLaunch], Any] = lambda launch: launch.get_launch_data()
        self.log_in: Callable[[FlaskOIDCLogin], Any] = lambda login: login.redirect(LAUNCH_URL)
        self.app = Flask(__name__)
        self.app.secret_key = "only for tests"
        self.app.add_url_rule("/login", view_func=self._login, methods=["GET", "POST"], endpoint="login")
        self.app.add_url_rule("/launch", view_func=self._launch, methods=["POST"], endpoint="launch")
        self.app.add_url_rule("/again/<launch_id>", view_func=self._again, endpoint="again")
        self.browser = Client(self.app)

    def _login(self) -> Any:
        try:
            return self.log_in(FlaskOIDCLogin(FlaskRequest(), self.configuration, launch_data_storage=self.storage()))
        except OIDCException as error:
            return jsonify(refused=str(error)), 400

    def _launch(self) -> Any:
        try:
            launch = self.launch_class(
                FlaskRequest(),
                self.configuration,
                launch_data_storage=self.storage(),
                requests_session=self.session,
            )
            return jsonify(used=self.use(launch), launch_id=launch.get_launch_id())
        except LtiException as error:
            return jsonify(refused=str(error)), 400

    def _again(self, launch_id: str) -> Any:
        try:
            launch = self.launch_class.from_cache(
                launch_id, FlaskRequest(), self.configuration, launch_data_storage=self.storage()
            )
            return jsonify(used=self.use(launch))
        except LtiException as error:
            return jsonify(refused=str(error)), 400

    def asked(self, **changes: str) -> TestResponse:
        """What a login is answered."""
        form = {"iss": ISSUER, "login_hint": "h-1", "target_link_uri": LAUNCH_URL, "client_id": CLIENT_ID, **changes}
        return self.browser.post("/login", data=form, base_url=BASE)

    def login(self, **changes: str) -> Parameters:
        """The authentication request of a login."""
        return dict(parse_qsl(urlsplit(self.asked(**changes).headers["Location"]).query))

    def form(self, sent: Parameters, claims: Mapping[str, Any] = CLAIMS, **changes: Any) -> Parameters:
        """What the platform posts back."""
        now = int(time.time())
        whole = {**claims, "nonce": sent["nonce"], "iat": now, "exp": now + 3600, c.TARGET_LINK_URI: LAUNCH_URL}
        whole = {name: value for name, value in {**whole, **changes}.items() if value is not None}
        return {"state": sent["state"], "id_token": token(whole)}

    def post(self, form: Parameters) -> Any:
        """What the tool makes of it."""
        return self.browser.post("/launch", data=form, base_url=BASE).json

    def launched(self, claims: Mapping[str, Any] = CLAIMS, **changes: Any) -> Any:
        """Log in, and launch."""
        return self.post(self.form(self.login(), claims, **changes))

    def again(self, launch_id: str) -> Any:
        """A later request."""
        return self.browser.get(f"/again/{launch_id}", base_url=BASE).json
