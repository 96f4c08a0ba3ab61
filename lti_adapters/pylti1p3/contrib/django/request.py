"""DjangoRequest: Django's request."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lti_adapters.pylti1p3.request import USED_LAUNCHES, Request


class DjangoRequest(Request):
    """Reads query and form, of which the query wins; with `post_only` the form alone.

    Args:
        default_params: for what the request does not have.
    """

    def __init__(
        self, request: HttpRequest, post_only: bool = False, default_params: Mapping[str, str] | None = None
    ) -> None:
        self.set_request(request)
        self._post_only = post_only
        self._default_params = default_params or {}

    @property
    def session(self) -> Any:
        """The session."""
        return self._request.session

    def set_request(self, request: HttpRequest) -> None:
        """Stand for another request."""
        self._request = request

    def get_param(self, key: str) -> str | None:
        """A parameter."""
        found = None if self._post_only else self._request.GET.get(key)
        return self._request.POST.get(key, self._default_params.get(key)) if found is None else found

    def get_cookie(self, key: str) -> str | None:
        """A cookie."""
        return self._request.COOKIES.get(key)

    def get_cookie_keys(self) -> list[str]:
        """The names of all cookies."""
        return list(self._request.COOKIES)

    def is_secure(self) -> bool:
        """Whether the request came over https."""
        return self._request.is_secure()

    def get_host(self) -> str | None:
        """See `Request`."""
        get_host = getattr(self._request, "get_host", None)  # what a program's tests made up may have none
        return None if get_host is None else get_host()

    @property
    def used_launches(self) -> set[str]:
        """See `Request`."""
        environ = getattr(self._request, "META", None)  # Django REST framework's request has the same
        return environ.setdefault(USED_LAUNCHES, set()) if isinstance(environ, dict) else set()


def adapted(request: Any, *, post_only: bool = False) -> Any:
    """What a program hands over: an adapter, or Django's own request, or what passes for one.

    The request of Django REST framework is none of Django's, and has its attributes.
    """
    return request if isinstance(request, Request) else DjangoRequest(request, post_only)
