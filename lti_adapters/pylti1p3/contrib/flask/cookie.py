"""FlaskCookieService: cookies in Flask's terms."""

from collections.abc import Iterable

from flask import Response

from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.cookie import CookieService, cookie_header, takes_secure_cookies


class FlaskCookieService(CookieService):
    """Reads the request's cookies, and keeps those to be set until there is a response."""

    def __init__(self, request: FlaskRequest) -> None:
        self._request = request
        self._cookies_to_set: dict[str, str] = {}

    def get_cookie(self, name: str) -> str | None:
        """See `CookieService`."""
        return self._request.get_cookie(self._get_key(name))

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """See `CookieService`."""
        key = self._get_key(name)
        self._cookies_to_set[key] = cookie_header(key, value, exp, is_secure=takes_secure_cookies(self._request))

    def get_cookie_names(self) -> Iterable[str]:
        """See `CookieService`."""
        names = getattr(self._request, "get_cookie_keys", tuple)  # a request of the program's own may not tell them
        return filter(None, map(self._get_name, names()))

    def update_response(self, response: Response) -> None:
        """Set the cookies."""
        for header in self._cookies_to_set.values():
            response.headers.add("Set-Cookie", header)
