"""SessionHttp: the Http port over a `requests.Session`, or whatever has its `get` and `post`."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlencode

from attrs import frozen

from lti_adapters.http.address import read_address, redirected
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse

CONNECT, TOTAL = 3.0, 30.0  # seconds
PIECE = 64 * 1024
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@frozen(eq=False)
class SessionHttp:
    """Sends with the program's own session: its proxies, its certificates, its fakes.

    A `requests.Session` gets limits of time and size, and follows redirects within an origin only. The time is looked
    at between pieces: a platform that sends a byte every few seconds can outlast it, as it cannot without a session.
    What another object does is its own business; its whole answer is there before it can be measured.
    """

    session: Any

    def send(self, request: HttpRequest) -> HttpResponse:
        """See `lti_core.ports.Http`."""
        address, url = read_address(request.url), request.url
        until = monotonic() + (TOTAL if request.total is None else request.total)
        for _ in range(MOST_REDIRECTS + 1):
            response = self._exchanged(request, url, until)
            if response.status not in _REDIRECTS:
                return response
            if request.method != "GET":
                break
            address = redirected(address, response.headers.get("location", ""))
            url = f"{address.scheme}://{address.host}:{address.port}{address.target}"
        raise ServiceFailed("http.redirect_refused", "The platform redirects again and again.", found=str(address))

    def _exchanged(self, request: HttpRequest, url: str, until: float) -> HttpResponse:
        """One answer.

        Raises:
            ServiceFailed: `http.unreachable`, `http.timeout`, `http.response_too_large`.
        """
        try:
            with _released(self._sent(request, url, max(until - monotonic(), 0.1))) as answer:
                body = b"".join(_limited(_pieces(answer), request.max_bytes, until))
                return HttpResponse(status=int(answer.status_code), headers=_headers(answer), body=body)
        except ServiceFailed:
            raise
        except Exception as error:  # a session of the program's own may raise anything
            code = "http.timeout" if _is_of_requests(error, "Timeout") else "http.unreachable"
            message = f"The platform cannot be reached: {type(error).__name__}."
            raise ServiceFailed(code, message, found=url.partition("?")[0]) from error

    def _sent(self, request: HttpRequest, url: str, left: float) -> Any:
        limits: dict[str, Any] = {}
        if _is_of_requests(self.session, "Session"):
            limits = {"timeout": (min(CONNECT, left), left), "stream": True, "allow_redirects": False}
            theirs = getattr(self.session, "hooks", {}).get("response") or []  # hooks of one request replace these
            limits["hooks"] = {"response": [*([theirs] if callable(theirs) else theirs), _leave_redirect]}
        headers = dict(request.headers)
        if request.method == "POST":
            return self.session.post(url, data=_given(request), headers=headers, **limits)
        return self.session.get(url, headers=headers, **limits)


@contextmanager
def _released(answer: Any) -> Iterator[Any]:
    """An answer of `requests` that was not read to its end holds a connection."""
    try:
        yield answer
    finally:
        if _is_from_network(answer):
            answer.close()


def _leave_redirect(answer: Any, *args: Any, **kwargs: Any) -> None:
    """`requests` reads what comes with a redirect before it answers, without any limit; nothing of it is needed."""
    if answer.is_redirect:
        answer.close()


def _given(request: HttpRequest) -> Any:
    """A body as the fakes of programs look at it: a form by its fields, JSON as text. What is sent is the same."""
    body = request.body or b""
    if not body.isascii():
        return body
    text = body.decode()
    if request.headers.get("Content-Type") != "application/x-www-form-urlencoded":
        return text
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return fields if urlencode(fields) == text else text


def _is_from_network(answer: Any) -> bool:
    return _is_of_requests(answer, "Response") and getattr(answer, "raw", None) is not None


def _is_of_requests(thing: Any, kind: str) -> bool:
    theirs = getattr(sys.modules.get("requests"), kind, None)
    return theirs is not None and isinstance(thing, theirs)


def _pieces(answer: Any) -> Iterator[bytes]:
    """As they come from the network. An answer that a program's tests made up may have its text only, or its JSON."""
    if _is_from_network(answer):
        yield from answer.iter_content(PIECE)
    elif isinstance(content := getattr(answer, "content", None), bytes):
        yield content
    elif isinstance(text := getattr(answer, "text", None), str):
        yield text.encode()
    else:
        yield json.dumps(answer.json()).encode()


def _limited(pieces: Iterator[bytes], max_bytes: int, until: float) -> Iterator[bytes]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > max_bytes:
            raise ServiceFailed("http.response_too_large", "The platform's answer is too large.", expected=max_bytes)
        if monotonic() > until:
            raise ServiceFailed("http.timeout", "The platform did not answer in time.")
        yield piece


def _headers(answer: Any) -> Mapping[str, str]:
    return {str(name).lower(): str(value) for name, value in answer.headers.items()}
