"""Urllib3Http: the Http port. Bounded in time, in size, and in where it may go."""

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import BadStatusLine, HTTPException
from time import monotonic

from attrs import field, frozen
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import SSLError as LibrarySslError
from urllib3.exceptions import TimeoutError as LibraryTimeoutError
from urllib3.response import HTTPResponse as Answer  # HttpResponse is the port's

from lti_adapters.http.address import Address, is_trusted, read_address, redirected
from lti_adapters.http.connecting import Connector
from lti_adapters.http.idle import IdleConnections
from lti_adapters.http.patience import Patience, PatientSocket
from lti_core.errors import ServiceFailed
from lti_core.ports import MIB, HttpRequest, HttpResponse

PIECE = 64 * 1024
MOST_REDIRECTS = 3
OUR_HEADERS = {"user-agent": "lti-advantage-tool", "accept-encoding": "gzip, deflate"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")


@frozen(eq=False)
class Urllib3Http:
    """The Http port of lti_core. Its connections are kept open for a while, and shared between threads.

    Redirects are followed within the same origin, at most three, and only for GET and HEAD. Proxies and passwords of
    the environment are not used, cookies are not kept. Certificates are verified as the system says.

    Attributes:
        connect: seconds for a connection.
        read: seconds of silence that are borne.
        total: seconds for the whole exchange, look-up of the name and redirects included; `HttpRequest.total` wins.
        max_bytes: of an answer's body; a request may ask for less, never for more.

    Raises, beside what the port names:
        ServiceFailed: `http.response_malformed` when what answers does not speak HTTP, `http.header_refused` when a
            header of the request cannot be sent.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 30.0
    max_bytes: int = 32 * MIB
    _connector: Connector = field(init=False, repr=False)
    _idle: IdleConnections = field(factory=IdleConnections, init=False, repr=False)

    @_connector.default
    def _new_connector(self) -> Connector:
        return Connector(self.connect)

    def send(self, request: HttpRequest) -> HttpResponse:
        """See `lti_core.ports.Http`."""
        total = self.total if request.total is None else request.total
        patience = Patience(until=monotonic() + total, read=self.read)
        headers, address = _headers(request.headers), read_address(request.url)
        for _ in range(MOST_REDIRECTS + 1):
            response = self._exchanged(request, headers, address, patience)
            if response.status not in _REDIRECTS:
                return response
            _refuse_redirect(request.method, address)
            address = redirected(address, response.headers.get("location", ""))
        raise ServiceFailed("http.redirect_refused", "The platform redirects again and again.", found=str(address))

    def _exchanged(
        self, request: HttpRequest, headers: Mapping[str, str], address: Address, patience: Patience
    ) -> HttpResponse:
        trusted = is_trusted(address, request.trusted_url)
        connection = self._idle.take(address, trusted=trusted)
        if connection is None:
            with _translated(address, not_sent=True):
                connection = self._connector.open(address, patience, trusted=trusted)
        with _translated(address):
            try:
                _ask(connection, request, headers, address, patience)
                response = _answer(connection, min(request.max_bytes, self.max_bytes), address)
            except BaseException:
                connection.close()
                raise
        self._idle.give_back(connection, address, trusted=trusted)
        return response


def _ask(
    connection: HTTPConnection, request: HttpRequest, headers: Mapping[str, str], address: Address, patience: Patience
) -> None:
    assert isinstance(connection.sock, PatientSocket)
    connection.sock.patience = patience
    connection.sock.hold()
    connection.request(request.method, address.target, request.body, headers, preload_content=False)
    with suppress(BrokenPipeError, ConnectionResetError):  # the answer may have come before the body was sent
        connection.sock.release()


def _answer(connection: HTTPConnection, max_bytes: int, address: Address) -> HttpResponse:
    with connection.getresponse() as answer:
        if answer.status < 200:
            raise BadStatusLine(str(answer.status))
        return HttpResponse(
            status=answer.status,
            headers={name.lower(): answer.headers[name] for name in answer.headers},
            body=_body(answer, max_bytes, address),
        )


def _body(answer: Answer, max_bytes: int, address: Address) -> bytes:
    # One encoding at most: an answer that is packed several times can keep a processor busy without a byte coming out.
    packed = answer.headers.get("content-encoding", "").lower() in _ENCODINGS
    body = bytearray()
    while piece := answer.read1(PIECE, decode_content=packed):
        body += piece
        if len(body) > max_bytes:
            message = "The platform's answer is too large."
            raise ServiceFailed("http.response_too_large", message, expected=max_bytes, found=str(address))
        if not packed and answer.length_remaining == 0:
            break
    return bytes(body)


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    headers = dict(OUR_HEADERS)
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            message = "A header of the request holds characters that a header cannot hold."
            raise ServiceFailed("http.header_refused", message, "RFC 9110 §5.5", found=name[:100])
        headers[name.lower()] = value
    return headers


def _refuse_redirect(method: str, address: Address) -> None:
    if method not in ("GET", "HEAD"):
        message = f"The platform redirects a {method} request, which must not be sent twice."
        raise ServiceFailed("http.redirect_refused", message, found=str(address))


@contextmanager
def _translated(address: Address, *, not_sent: bool = False) -> Iterator[None]:
    """Every way in which sockets, TLS and HTTP fail, as one of our codes; `not_sent` before a request was begun."""
    try:
        yield
    except (TimeoutError, LibraryTimeoutError) as error:
        message = "The platform did not answer in time."
        raise ServiceFailed("http.timeout", message, found=str(address), not_sent=not_sent) from error
    except (OSError, ProtocolError, LibrarySslError) as error:
        message = f"The platform cannot be reached: {_reason(error)}."
        raise ServiceFailed("http.unreachable", message, found=str(address), not_sent=not_sent) from error
    except (HTTPException, HTTPError, ValueError) as error:
        message = "What answers there does not speak HTTP."
        raise ServiceFailed("http.response_malformed", message, "RFC 9112", found=str(address)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good ({error.verify_message})"
    return getattr(error, "strerror", None) or "the connection broke"
