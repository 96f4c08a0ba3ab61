"""Addresses of services: taken as platforms give them, with their query, and only ever added to."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from attrs import Attribute

from lti_core.errors import ServiceFailed

_PORTS = {"https": 443, "http": 80}


def service_address(_: object, attribute: "Attribute[Any]", value: object) -> None:
    """A validator: an absolute http(s) address.

    Raises:
        ServiceFailed: `http.url_refused`. Where it may lead is for the sender to judge, when it connects.
    """
    if not is_address(value):
        message = f"The platform's service has no address that can be called ({attribute.name})."
        raise ServiceFailed("http.url_refused", message, expected="an absolute https address", not_sent=True)


def is_address(value: object) -> bool:
    """Whether it is an absolute http(s) address."""
    return isinstance(value, str) and _origin(value) is not None


def is_same_origin(first: str, second: str) -> bool:
    """Whether two addresses have scheme, host and port in common; what is no address has none."""
    return _origin(first) is not None and _origin(first) == _origin(second)


@lru_cache
def below(url: str, name: str) -> str:
    """The address of a part of `url`: its query stays behind the path, and nothing is doubled."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith(f"/{name}"):
        path = f"{path}/{name}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def with_parameters(url: str, **parameters: str | int | None) -> str:
    """`url` with more parameters behind its own, which stay as they are. None stands for a parameter to leave out."""
    added = urlencode(
        {name: value for name, value in parameters.items() if value is not None}, quote_via=quote, safe=""
    )
    url = urldefrag(url).url
    if not added:
        return url
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{separator}{added}"


def on_same_origin(page_url: str, link: str) -> str:
    """Where `link`, which may be relative, leads from `page_url`.

    Raises:
        ServiceFailed: `http.url_refused` when it leads to another origin, which would be handed the access token.
    """
    try:
        address = urldefrag(urljoin(page_url, link)).url
    except ValueError:
        address = ""
    if (origin := _origin(address)) is None or origin != _origin(page_url):
        message = "The platform's answer leads to another origin, or to what is no address."
        raise ServiceFailed("http.url_refused", message, "RFC 8288", expected="an address of the same origin")
    return address


def without_query(url: str) -> str:
    """`url` as it may be shown: no query, which may name a person."""
    return url.partition("?")[0]


@lru_cache
def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what has none, or brings a user's name."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port
