"""Request: what a framework's adapter tells of a request."""

from abc import abstractmethod
from typing import Any
from urllib.parse import urlsplit

USED_LAUNCHES = "lti.used_launches"  # in the WSGI environment, where no header of a request gets a name like it


class Request:
    """Implement it to use a framework of your own.

    As all that programs implement here, it is no ABC: they implement what they use, in classes with any metaclass.
    """

    @property
    @abstractmethod
    def session(self) -> Any:
        """The framework's session: like a dict."""
        raise NotImplementedError

    @abstractmethod
    def is_secure(self) -> bool:
        """Whether the request came over https."""
        raise NotImplementedError

    @abstractmethod
    def get_param(self, key: str) -> str | None:
        """A parameter of the request."""
        raise NotImplementedError

    def get_host(self) -> str | None:
        """The host that was asked for, perhaps with its port; None where the adapter does not tell it.

        A login whose way back was taken from the request itself must lead to this host.
        """
        return None

    @property
    def used_launches(self) -> set[str]:
        """The launches that were used up to answer this request: while it is answered each may be validated again.

        Override it where a program does so: with a set that the framework's request keeps, and no other request has.
        """
        return set()


def used_by(request: Request) -> set[str]:
    """The same; also of an adapter that does not inherit the question."""
    used: set[str] = getattr(request, "used_launches", set())
    return used


def host_of(request: Request) -> str | None:
    """The host that was asked for; None also of an adapter that does not inherit the question."""
    get_host = getattr(request, "get_host", None)
    return None if get_host is None else get_host()


def hostname_of(request: Request) -> str | None:
    """The host that was asked for, without its port; None where nobody tells it."""
    try:
        return urlsplit(f"//{host_of(request) or ''}").hostname
    except ValueError:  # brackets that make no sense
        return None
