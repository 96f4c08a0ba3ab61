"""From Starlette's request, and back to its responses."""

from collections.abc import AsyncIterator
from functools import lru_cache
from typing import IO

from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from lti_adapters.starlette.here import here_of, path_in
from lti_adapters.starlette.threads import Threads
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import FORM, MAX_BODY, Asked, TooLarge, make_asked
from lti_adapters.web.endpoints import refused
from lti_core.errors import LtiError

_PIECE = 64 * 1024


def asked_of(request: Request, name: str, body: bytes | None = b"") -> Asked:
    """The request, as the tool of that name sees it.

    Args:
        body: what was read of it; None: it is too large.
    """
    headers = request.headers

    def read_body(most: int) -> bytes:
        if body is None or len(body) > most:
            raise TooLarge
        return body

    return make_asked(
        method=request.method,
        launch_url=launch_url(request, name),
        query=request.scope["query_string"].decode(errors="replace"),
        cookie="; ".join(headers.getlist("cookie")),  # HTTP/2 sends one header for each
        accept=", ".join(headers.getlist("accept")),
        origin=headers.get("origin", ""),
        fetch_dest=headers.get("sec-fetch-dest", ""),
        media_type=_media_type(request),
        read_body=read_body,
    )


async def asked_with_form(request: Request, name: str) -> Asked:
    """As `asked_of`; the body is read first, where it is a form, so that no thread waits for it."""
    is_form = request.method == "POST" and _media_type(request) == FORM
    return asked_of(request, name, await body_of(request, MAX_BODY) if is_form else b"")


async def body_of(request: Request, most: int) -> bytes | None:
    """The body; None when it has more bytes, and then little of it is read, or when it is cut off."""
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and (len(said) > len(str(most)) or int(said) > most):
        return None
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def launch_url(request: Request, name: str) -> str:
    """The tool's launch address, as this request sees it."""
    here, scope = here_of(request), request.scope
    server = tuple(scope.get("server") or ())
    return _launch_url(name, here.app, here.root, scope.get("scheme", "http"), server, request.headers.get("host"))


@lru_cache(maxsize=64)  # bounded: the host comes from the request
def _launch_url(name: str, app: Starlette, root: str, scheme: str, server: tuple[object, ...], host: str | None) -> str:
    """It depends on nothing else of the request, and takes some time."""
    headers = [] if host is None else [(b"host", host.encode("latin-1"))]
    path = path_in(app, root, f"{name}:launch")
    return str(URL(scope={"scheme": scheme, "server": server or None, "headers": headers, "path": path}))


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def response_of(answer: Answer, threads: Threads) -> Response:
    """An answer as Starlette's response."""
    body = answer.body
    response = (
        Response(body, answer.status)
        if isinstance(body, str)
        else StreamingResponse(_pieces(body, threads), answer.status)
    )
    for name, value in answer.headers:
        response.headers.append(name, value)
    return response


async def _pieces(body: IO[bytes], threads: Threads) -> AsyncIterator[bytes]:
    with body:
        while piece := await threads.run(body.read, _PIECE):
            yield piece


def response_to(said: object) -> Response:
    """What a handler says as a response: a text as plain text, so that no browser runs what it holds; else JSON."""
    if isinstance(said, Response):
        return said
    return PlainTextResponse(said) if isinstance(said, str) else JSONResponse(said)


async def refusal(request: Request, error: Exception) -> Response:
    """Explain a refusal: as JSON where that is asked for, else as a page."""
    assert isinstance(error, LtiError)  # the only kind that it is registered for
    tool = here_of(request).tool
    as_json = asked_of(request, tool.mounted.name).wants_json
    return response_of(refused(tool.mounted, error, as_json=as_json), tool.threads)
