"""What the contract suite asks of a framework."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from attrs import field, frozen

from lti_core.messages import LaunchMessage


@frozen(kw_only=True)
class Wanted:
    """A tool, said so that every framework can make it.

    It answers launches of links and of deep linking with JSON: who, what, and the address `/later` that carries the
    launch. `/later` answers who launched, `/picture` too, and may be kept for a minute; `/grades` is for teachers.

    Attributes:
        options: as of `Lti`, by their names.
        proxied: behind one proxy that says in X-Forwarded-Proto and -Host what it was asked for.
        handler: answers launches with a text or a document, in place of that.
    """

    config: Mapping[str, Any]
    options: Mapping[str, Any] = field(factory=dict)
    proxied: bool = False
    handler: Callable[[LaunchMessage], Any] | None = None


class Site(Protocol):
    """A framework's way to make such a tool, to serve it, and to send it requests without a network."""

    def application(self, wanted: Wanted) -> Any:
        """The application, as its servers call it."""

    def client(self, application: Any) -> Any:
        """The framework's test client, with cookies of its own."""

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """Serve over HTTP what `make` makes of the address that it is served at."""
