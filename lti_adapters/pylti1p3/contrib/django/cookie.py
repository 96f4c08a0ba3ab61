"""DjangoCookieService: cookies in Django's terms."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase

from lti_adapters.django.requests import add_headers
from lti_adapters.pylti1p3.contrib.django.request import DjangoRequest
from lti_adapters.pylti1p3.cookie import CookieService, cookie_header, takes_secure_cookies


class DjangoCookieService(CookieService):
    """Reads the request's cookies, and keeps those to be set until there is a response."""

    def __init__(self, request: DjangoRequest) -> None:
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

    def update_response(self, response: HttpResponseBase) -> None:
        """Set the cookies."""
        for key, cookie in self._cookie_data_to_set.items():
            value, exp = cookie["value"], cookie["exp"]
            header = cookie_header(key, value, exp, is_secure=takes_secure_cookies(self._request))
            if header.endswith("; Partitioned"):
                add_headers(response, [("Set-Cookie", header)])
            else:
                response.set_cookie(key, str(value), max_age=exp, path="/", httponly=True)
