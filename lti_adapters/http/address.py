"""Address: where a request may go. Read once, by one parser, and then used for the check and for the connection."""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin

from attrs import field, frozen
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from lti_core.errors import ServiceFailed

_PORTS = {"https": 443, "http": 80}
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
_USER = re.compile(r"^([^/?#]*//)[^/?#]*@")
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_MOST_KEPT, _LONGEST_KEPT = 512, 1000  # addresses that need not be taken apart again, and the characters of one


@frozen
class Address:
    """An absolute http or https address, taken apart.

    Attributes:
        host: in lower case; an IPv6 address without its brackets.
        target: path and query as they are sent, percent-encoded.
    """

    scheme: str
    host: str
    port: int
    target: str = field(eq=False)

    def __str__(self) -> str:
        """Without the query, which may say something about a person."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target.partition('?')[0]}"


def read_address(url: str) -> Address:
    """Take `url` apart, strictly.

    Raises:
        ServiceFailed: `http.url_refused` when it is not http or https, has no host, holds a user name, a control
            character or a backslash, or a host name that is not written in ASCII or has a blank.

    Source: RFC 3986 §3; WHATWG URL reads a backslash as a slash, so that it would mean two places.
    """
    return _kept(url) if len(url) <= _LONGEST_KEPT else _read(url)


def _read(url: str) -> Address:
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise ServiceFailed("http.url_refused", "The address cannot be read.", found=without_query(url)) from error
    host = (parts.host or "").strip("[]")
    sound = not _FORBIDDEN.search(url) and not _USER.match(url)
    if parts.scheme not in _PORTS or not host or not host.isascii() or " " in host or not sound:
        message = "The address is not an absolute https address, free of user names and control characters."
        raise ServiceFailed("http.url_refused", message, found=without_query(url))
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    return Address(parts.scheme, host, port, parts.request_uri)


_kept = lru_cache(_MOST_KEPT)(_read)  # the registrations', and those of the line items in use


def without_query(url: str) -> str:
    """`url` as an error may show it: cut, without query, fragment and user name."""
    return _USER.sub(r"\1", re.split("[?#]", url, maxsplit=1)[0])[:200]


def is_trusted(address: Address, trusted_url: str) -> bool:
    """Whether the registration that a request is made for has its own address there.

    Only then may the request be plain http, or go to a loopback, link-local or private address.

    Raises:
        ServiceFailed: `http.url_refused` when `address` is plain http and the registration's is not.
    """
    try:
        trusted = read_address(trusted_url) if trusted_url else None
    except ServiceFailed:
        trusted = None
    if address.scheme == "http" and address != trusted:
        message = "The address is not https. Plain http is used only where the registration itself has it."
        raise ServiceFailed("http.url_refused", message, found=str(address))
    return trusted is not None and address.host == trusted.host


def redirected(address: Address, location: str) -> Address:
    """Where a redirect from `address` leads.

    Raises:
        ServiceFailed: `http.redirect_refused` when it leads to another origin, or nowhere.
    """
    try:
        target = read_address(urljoin(f"{address}", location))
    except (ServiceFailed, ValueError) as error:
        message = "The platform redirects to something that is no address."
        raise ServiceFailed("http.redirect_refused", message, found=str(address)) from error
    if not location or target != address:
        message = "The platform redirects to another origin."
        raise ServiceFailed("http.redirect_refused", message, found=str(address))
    return target


def is_public(text: str) -> bool:
    """Whether an IP address can be reached by everybody: not loopback, link-local, private, shared or reserved.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is judged as what it is.
    """
    address = _inner(ip_address(text))
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
