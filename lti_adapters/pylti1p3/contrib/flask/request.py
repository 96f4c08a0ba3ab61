"""FlaskRequest: Flask's request."""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request
from flask import session as current_session

from lti_adapters.pylti1p3.request import USED_LAUNCHES, Request


class FlaskRequest(Request):
    """Each argument stands in for a part of the current request; `request_data` for query and form."""

    def __init__(
        self,
        cookies: Mapping[str, str] | None = None,
        session: Any = None,
        request_data: Mapping[str, Any] | None = None,
        request_is_secure: bool | None = None,
    ) -> None:
        self._cookies = cookies
        self._session = session
        self._request_data = request_data
        self._request_is_secure = request_is_secure

    @property
    def session(self) -> Any:
        """The session."""
        return current_session if self._session is None else self._session

    def get_param(self, key: str) -> str | None:
        """Of the query, when the method is GET; else of the form."""
        if self._request_data:
            return self._request_data.get(key)
        return (request.args if request.method == "GET" else request.form).get(key)

    def get_cookie(self, key: str) -> str | None:
        """A cookie."""
        return self._all_cookies.get(key)

    def get_cookie_keys(self) -> list[str]:
        """The names of all cookies."""
        return list(self._all_cookies)

    def is_secure(self) -> bool:
        """Whether the request came over https."""
        return request.is_secure if self._request_is_secure is None else self._request_is_secure

    def get_host(self) -> str | None:
        """See `Request`; unknown to one that stands for itself."""
        return None if self._request_data else request.host

    @property
    def used_launches(self) -> set[str]:
        """See `Request`."""
        used: set[str] = request.environ.setdefault(USED_LAUNCHES, set()) if has_request_context() else set()
        return used

    @property
    def _all_cookies(self) -> Mapping[str, str]:
        return request.cookies if self._cookies is None else self._cookies
