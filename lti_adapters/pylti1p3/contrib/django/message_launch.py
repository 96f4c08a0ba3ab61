"""DjangoMessageLaunch: a launch in Django's terms."""

from typing import Any

from django.http import HttpRequest

from lti_adapters.pylti1p3.contrib.django.cookie import DjangoCookieService
from lti_adapters.pylti1p3.contrib.django.request import DjangoRequest, adapted
from lti_adapters.pylti1p3.contrib.django.session import DjangoSessionService
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.message_launch import MessageLaunch
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract


class DjangoMessageLaunch(
    MessageLaunch[DjangoRequest, ToolConfAbstract[Any], DjangoSessionService, DjangoCookieService]
):
    """Makes session and cookie service by itself where none are given. Its view must be `csrf_exempt`."""

    def __init__(
        self,
        request: HttpRequest | DjangoRequest,
        tool_config: ToolConfAbstract[Any],
        session_service: DjangoSessionService | None = None,
        cookie_service: DjangoCookieService | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
        requests_session: Any = None,
    ) -> None:
        own = adapted(request, post_only=True)
        super().__init__(
            own,
            tool_config,
            session_service or DjangoSessionService(own),
            cookie_service or DjangoCookieService(own),
            launch_data_storage,
            requests_session,
        )

    def _get_request_param(self, key: str) -> str | None:
        return self._request.get_param(key)
