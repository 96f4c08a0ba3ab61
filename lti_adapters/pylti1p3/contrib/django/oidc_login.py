"""DjangoOIDCLogin: a login in Django's terms."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from lti_adapters.pylti1p3.contrib.django.cookie import DjangoCookieService
from lti_adapters.pylti1p3.contrib.django.redirect import DjangoRedirect, framed
from lti_adapters.pylti1p3.contrib.django.request import DjangoRequest, adapted
from lti_adapters.pylti1p3.contrib.django.session import DjangoSessionService
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_adapters.pylti1p3.oidc_login import OIDCLogin
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract


class DjangoOIDCLogin(
    OIDCLogin[DjangoRequest, ToolConfAbstract[Any], DjangoSessionService, DjangoCookieService, HttpResponseBase]
):
    """Makes session and cookie service by itself where none are given."""

    def __init__(
        self,
        request: HttpRequest | DjangoRequest,
        tool_config: ToolConfAbstract[Any],
        session_service: DjangoSessionService | None = None,
        cookie_service: DjangoCookieService | None = None,
        launch_data_storage: LaunchDataStorage[Any] | None = None,
    ) -> None:
        own = adapted(request)
        super().__init__(
            own,
            tool_config,
            session_service or DjangoSessionService(own),
            cookie_service or DjangoCookieService(own),
            launch_data_storage,
        )

    def get_redirect(self, url: str) -> DjangoRedirect:
        """See `OIDCLogin`."""
        return DjangoRedirect(url, self._cookie_service)

    def get_response(self, html: str) -> HttpResponseBase:
        """See `OIDCLogin`."""
        return framed(HttpResponse(html, headers={"Cache-Control": "no-store"}))
