"""What the contract suite asks of a framework."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from io import RawIOBase
from typing import Any, Protocol

from attrs import field, frozen

from lti_core.messages import LaunchMessage


@frozen(kw_only=True)
class Wanted:
    """A tool, said so that every framework can make it.

    It answers launches with JSON: who, what, and the address `/later` that carries the launch. `/later` answers who
    launched, `/picture` too, and may be kept for a minute; `/grades` is for teachers.

    Attributes:
        options: as of `Lti`, by their names.
        proxied: behind one proxy that says in X-Forwarded-Proto and -Host what it was asked for.
        messages: the types of launches that it has a handler for.
        handler: answers launches with a text or a document, in place of that.
        beside: a second tool in the same application; its `options` give it a name and a prefix of its own.
    """

    config: Mapping[str, Any]
    options: Mapping[str, Any] = field(factory=dict)
    proxied: bool = False
    messages: tuple[str, ...] = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest")
    handler: Callable[[LaunchMessage], Any] | None = None
    beside: "Wanted | None" = None

    def tools(self) -> "list[Wanted]":
        """All tools of the application."""
        return [self] if self.beside is None else [self, self.beside]


class Body(RawIOBase):
    """A body, or one that never ends; it knows how much of it was read."""

    def __init__(self, content: bytes | None) -> None:
        """Give it a `content`; None for one without an end."""
        self.read_bytes, self._content = 0, content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer) if self._content is None else min(len(buffer), len(self._content) - self.read_bytes)
        buffer[:size] = b"x" * size if self._content is None else self._content[self.read_bytes :][:size]
        self.read_bytes += size
        return size


@frozen(kw_only=True)
class Request:
    """A request as a server hands it to an application, whatever strangers wrote into it.

    Attributes:
        headers: by lower-case names. Without `content-length` the body ends where it ends.
    """

    method: str
    path: str
    query: bytes = b""
    headers: Mapping[str, str]
    body: Body = field(factory=lambda: Body(b""))


@frozen
class Answered:
    """The answer to it. `headers` have lower-case names; of several with one name the last is there."""

    status: int
    headers: Mapping[str, str]


class Site(Protocol):
    """A framework's way to make such a tool, to serve it, and to send it requests without a network."""

    def application(self, wanted: Wanted) -> Any:
        """The application, as its servers call it."""

    def client(self, application: Any) -> Any:
        """The framework's test client, with cookies of its own."""

    def answered(self, application: Any, request: Request) -> Answered:
        """What the application answers a server. A mistake that it does not answer is raised."""

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """Serve over HTTP what `make` makes of the address that it is served at."""
