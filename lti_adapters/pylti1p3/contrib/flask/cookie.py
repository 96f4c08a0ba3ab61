"""FlaskCookieService: cookies in Flask's terms."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from lti_adapters.pylti1p3.contrib.flask.request import FlaskRequest
from lti_adapters.pylti1p3.cookie import CookieService, cookie_header, takes_secure_cookies


class FlaskCookieService(CookieService):
    """Reads the request's cookies, and keeps those to be set until there is a response."""

    def __init__(self, request: FlaskRequest) -> None:
        self._request = request
        self._cookie_data_to_set: dict[str, dict[str, Any]] = {}  # subclasses put attributes of their own to these

    def get_cookie(self, name: str) -> str | None:
        """See `CookieService`."""
        return self._request.get_cookie(self._get_key(name))

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """See `CookieService`."""
        self._cookie_data_to_set[self._get_key(name)] = {"value": value, "exp": exp}

    def get_cookie_names(self) -> Iterable[str]:
        """See `CookieService`."""
        names = getattr(self._request, "get_cookie_keys", tuple)  # a request of the program's own may not tell them
        return filter(None, map(self._get_name, names()))

    def update_response(self, response: Response) -> None:
        """Set the cookies."""
        is_secure = takes_secure_cookies(self._request)
        for key, cookie in self._cookie_data_to_set.items():
            value = str(cookie["value"]).encode().decode("latin-1")  # Flask reads the octets of a cookie as UTF-8
            header = cookie_header(key, value, cookie["exp"], is_secure=is_secure)
            response.headers.add("Set-Cookie", header)
