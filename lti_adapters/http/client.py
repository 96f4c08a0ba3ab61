"""Urllib3Http: the Http port. Bounded in time, in size, and in where it may go."""

import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import BadStatusLine, HTTPException, IncompleteRead
from http.client import HTTPConnection as PlainConnection
from http.client import HTTPResponse as PlainAnswer
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
from lti_core.making import maker_of
from lti_core.ports import MIB, HttpRequest, HttpResponse

PIECE = 64 * 1024
MOST_REDIRECTS = 3
OUR_HEADERS = {"user-agent": "lti-advantage-tool", "accept-encoding": "gzip, deflate"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_response = maker_of(HttpResponse)
_FAILURES = (OSError, HTTPException, HTTPError, ValueError)  # every way in which sockets, TLS and HTTP fail
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
        connection = self._idle.take(address, trusted=trusted) or self._opened(address, patience, trusted=trusted)
        try:
            _ask(connection, request, headers, address, patience)
            response = _answer(connection, request.method, min(request.max_bytes, self.max_bytes), address)
        except BaseException as error:
            connection.close()
            if isinstance(error, _FAILURES):
                raise _translated(error, address) from error
            raise
        self._idle.give_back(connection, address, trusted=trusted)
        return response

    def _opened(self, address: Address, patience: Patience, *, trusted: bool) -> HTTPConnection:
        try:
            return self._connector.open(address, patience, trusted=trusted)
        except _FAILURES as error:
            raise _translated(error, address, not_sent=True) from error


def _ask(
    connection: HTTPConnection, request: HttpRequest, headers: Mapping[str, str], address: Address, patience: Patience
) -> None:
    assert isinstance(connection.sock, PatientSocket)
    connection.sock.patience = patience
    connection.sock.hold()
    connection.request(request.method, address.target, request.body, headers)
    with suppress(BrokenPipeError, ConnectionResetError):  # the answer may have come before the body was sent
        connection.sock.release()


def _answer(connection: HTTPConnection, method: str, max_bytes: int, address: Address) -> HttpResponse:
    # What urllib3's connection inherits: its own `getresponse` wraps each answer, for a fifth of what a request costs.
    with PlainConnection.getresponse(connection) as answer:
        if answer.status < 200:
            raise BadStatusLine(str(answer.status))
        headers = _received(answer)
        if _is_simple(answer, headers, max_bytes):
            body = answer.read()
        else:
            body = _body(_wrapped(answer, headers, method), max_bytes, address)
        return _response(status=answer.status, headers=headers, body=body)


def _received(answer: PlainAnswer) -> dict[str, str]:
    """The headers of an answer: folded lines are one, and what came under one name several times is joined.

    Source: RFC 9112 §5.2, RFC 9110 §5.3.
    """
    headers: dict[str, str] = {}
    for given, folded in answer.headers.items():
        name, value = given.lower(), folded.replace("\r\n", "")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _is_simple(answer: PlainAnswer, headers: Mapping[str, str], max_bytes: int) -> bool:
    """Whether the body is short, comes as it is, and has one length that is beyond doubt: most answers."""
    length = answer.length
    if length is None or length > min(PIECE, max_bytes) or headers.get("content-length") != str(length):
        return False
    return headers.keys().isdisjoint(("content-encoding", "transfer-encoding"))


def _wrapped(answer: PlainAnswer, headers: Mapping[str, str], method: str) -> Answer:
    """urllib3's reader, for bodies that are packed, long, or sent in chunks."""
    return Answer(
        body=answer,
        headers=headers,
        status=answer.status,
        preload_content=False,
        original_response=answer,
        request_method=method,
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


def _translated(error: Exception, address: Address, *, not_sent: bool = False) -> ServiceFailed:
    """One of `_FAILURES` as one of our codes; `not_sent` before a request was begun."""
    if isinstance(error, TimeoutError | LibraryTimeoutError):
        message = "The platform did not answer in time."
        return ServiceFailed("http.timeout", message, found=str(address), not_sent=not_sent)
    if isinstance(error, OSError | ProtocolError | LibrarySslError | IncompleteRead):
        message = f"The platform cannot be reached: {_reason(error)}."
        return ServiceFailed("http.unreachable", message, found=str(address), not_sent=not_sent)
    return ServiceFailed(
        "http.response_malformed", "What answers there does not speak HTTP.", "RFC 9112", found=str(address)
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good ({error.verify_message})"
    return getattr(error, "strerror", None) or "the connection broke"
