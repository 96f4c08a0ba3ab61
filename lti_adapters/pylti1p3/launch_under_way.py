"""What the steps of a launch see of it. Its methods are the ones that subclasses replace."""

from typing import Any, Protocol

from lti_adapters.pylti1p3.launch_words import TJwtData
from lti_adapters.pylti1p3.registration import Registration


class LaunchUnderWay(Protocol):
    """A `MessageLaunch`, of whatever framework."""

    _request: Any
    _requests_session: Any
    _tool_config: Any
    _session_service: Any
    _cookie_service: Any
    _jwt: TJwtData
    _registration: Registration | None

    def _get_request_param(self, key: str) -> str | None: ...

    def _get_id_token(self) -> str: ...

    def _get_jwt_body(self) -> dict[str, Any]: ...

    def _get_iss(self) -> str: ...

    def _get_deployment_id(self) -> str: ...

    def _known_registration(self) -> Registration: ...
