"""CookieService: how cookies are read and set."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import timedelta
from http.cookies import SimpleCookie

from lti_adapters.pylti1p3.request import Request, hostname_of
from lti_adapters.web.answer import set_cookie

_HOST_ONLY = "__Host-"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class CookieService:
    """Implement it to use a framework of your own."""

    _cookie_prefix = "lti1p3"

    @abstractmethod
    def get_cookie(self, name: str) -> str | None:
        """The value of a cookie of the request."""
        raise NotImplementedError

    @abstractmethod
    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """Let the response set a cookie, for `exp` seconds; None: until the browser is closed."""
        raise NotImplementedError

    def get_cookie_names(self) -> Iterable[str]:
        """The names of the request's cookies, as `get_cookie` takes them; none where the adapter cannot tell."""
        return ()

    def _get_key(self, name: str) -> str:
        """What a cookie is called in the browser. Browsers know `__Host-` at the beginning only."""
        if name.startswith(_HOST_ONLY):
            return f"{_HOST_ONLY}{self._cookie_prefix}-{name.removeprefix(_HOST_ONLY)}"
        return f"{self._cookie_prefix}-{name}"

    def _get_name(self, key: str) -> str | None:
        """What `_get_key` was told; None for a cookie of somebody else."""
        start = f"{self._cookie_prefix}-"
        if key.startswith(_HOST_ONLY + start):
            return _HOST_ONLY + key.removeprefix(_HOST_ONLY + start)
        return key.removeprefix(start) if key.startswith(start) else None


def takes_secure_cookies(request: Request) -> bool:
    """Whether browsers keep a cookie with `Secure` that comes in answer: over https, and from their own machine."""
    return request.is_secure() or hostname_of(request) in _LOOPBACK


def cookie_header(key: str, value: str | int, exp: int | None, *, is_secure: bool) -> str:
    """The header that sets a cookie, fit for frames of other sites where it is secure."""
    _, coded = SimpleCookie().value_encode(str(value))  # whatever stands in it, it stays the value
    if is_secure or key.startswith(_HOST_ONLY):
        _, header = set_cookie(key, coded, timedelta(seconds=exp or 0))
        return header if exp is not None else header.replace("; Max-Age=0", "", 1)
    lifetime = "" if exp is None else f"; Max-Age={exp}"
    return f"{key}={coded}{lifetime}; Path=/; HttpOnly"
