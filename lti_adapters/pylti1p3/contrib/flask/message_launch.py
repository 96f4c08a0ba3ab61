"""FlaskMessageLaunch: a launch in Flask's terms."""

from typing import Any

from lti_adapters.pylti1p3.contrib.flask.cookie import FlaskCookieService
from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.contrib.flask.session import FlaskSessionService
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.message_launch import MessageLaunch
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract


class FlaskMessageLaunch(MessageLaunch[FlaskRequest, ToolConfAbstract[Any], FlaskSessionService, FlaskCookieService]):
    """Makes session and cookie service by itself where none are given."""

    def __init__(
        self,
        request: FlaskRequest,
        tool_config: ToolConfAbstract[Any],
        session_service: FlaskSessionService | None = None,
        cookie_service: FlaskCookieService | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
        requests_session: Any = None,
    ) -> None:
        super().__init__(
            request,
            tool_config,
            session_service or FlaskSessionService(request),
            cookie_service or FlaskCookieService(request),
            launch_data_storage,
            requests_session,
        )

    def _get_request_param(self, key: str) -> str | None:
        return self._request.get_param(key)
