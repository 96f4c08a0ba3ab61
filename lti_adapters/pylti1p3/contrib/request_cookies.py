"""RequestCookies: cookies of a framework's request, and of the response that there will be."""

from collections.abc import Iterable
from typing import Any

from lti_adapters.pylti1p3.cookie import CookieService


class RequestCookies(CookieService):
    """Reads the request's cookies, and keeps those to be set until there is a response."""

    def __init__(self, request: Any) -> None:
        self._request = request
        self._cookie_data_to_set: dict[str, dict[str, Any]] = {}  # subclasses put attributes of their own to these

    def get_cookie(self, name: str) -> str | None:
        """See `CookieService`."""
        found: str | None = self._request.get_cookie(self._get_key(name))
        return found

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """See `CookieService`."""
        self._cookie_data_to_set[self._get_key(name)] = {"value": value, "exp": exp}

    def get_cookie_names(self) -> Iterable[str]:
        """See `CookieService`."""
        names = getattr(self._request, "get_cookie_keys", tuple)  # a request of the program's own may not tell them
        return filter(None, map(self._get_name, names()))
