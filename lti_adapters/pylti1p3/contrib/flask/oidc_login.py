"""FlaskOIDCLogin: a login in Flask's terms."""

from typing import Any

from flask import Response, make_response

from lti_adapters.pylti1p3.contrib.flask.cookie import FlaskCookieService
from lti_adapters.pylti1p3.contrib.flask.redirect import FlaskRedirect
from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.contrib.flask.session import FlaskSessionService
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.oidc_login import OIDCLogin
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract


class FlaskOIDCLogin(OIDCLogin[FlaskRequest, ToolConfAbstract[Any], FlaskSessionService, FlaskCookieService, Response]):
    """Makes session and cookie service by itself where none are given."""

    def __init__(
        self,
        request: FlaskRequest,
        tool_config: ToolConfAbstract[Any],
        session_service: FlaskSessionService | None = None,
        cookie_service: FlaskCookieService | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
    ) -> None:
        super().__init__(
            request,
            tool_config,
            session_service or FlaskSessionService(request),
            cookie_service or FlaskCookieService(request),
            launch_data_storage,
        )

    def get_redirect(self, url: str) -> FlaskRedirect:
        """See `OIDCLogin`."""
        return FlaskRedirect(url, self._cookie_service)

    def get_response(self, html: str) -> Response:
        """See `OIDCLogin`."""
        response = make_response(html)
        response.headers["Cache-Control"] = "no-store"
        return response
