"""The services over HTTP: a Flask request becomes an `HttpRequest`, a `Reply` becomes bytes on the way, or none."""

import socket
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from flask import Request, Response

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.services.answers import Reply
from lti_adapters.simulator.services.misbehaviour import base_of
from lti_core.ports import HttpRequest

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOST = "The platform was told to end the connection here, which this server cannot do."


def serve_service(platform: SimulatedPlatform, request: Request) -> Response:
    """The answer of the service that `request` is for."""
    asked = HttpRequest(
        method=request.method,
        url=url_of(platform, request),
        headers=dict(request.headers),
        body=request.get_data(),
    )
    reply = platform.services.respond(asked, _connection(request))
    if reply.lost and _hang_up(request):
        return Response()
    if reply.lost:
        return Response(LOST, 504, content_type="text/plain")
    if reply.delay:
        platform.clock.sleep(reply.delay)
    return _response(platform, reply)


def url_of(platform: SimulatedPlatform, request: Request) -> str:
    """Where `request` went, as it was written, at the platform's own origin."""
    written = urlsplit(request.environ.get("RAW_URI", "") or quote(request.path))
    query = request.query_string.decode("latin-1")
    return f"{base_of(platform.issuer)}{written.path}{'?' if query else ''}{query}"


def _response(platform: SimulatedPlatform, reply: Reply) -> Response:
    answered, body = reply.response, reply.response.body
    dripping = reply.pause > 0
    response = Response(_drops(platform, body, reply.pause) if dripping else body, headers=dict(answered.headers))
    response.status = f"{answered.status} {'Error' if not answered.status else ''}".strip()
    if "content-type" not in answered.headers:
        del response.headers["Content-Type"]
    return response


def _drops(platform: SimulatedPlatform, body: bytes, pause: float) -> Iterator[bytes]:
    for place in range(len(body)):
        platform.clock.sleep(pause)
        yield body[place : place + 1]


def _connection(request: Request) -> str:
    return f"{request.remote_addr}:{request.environ.get('REMOTE_PORT', '')}"


def _hang_up(request: Request) -> bool:
    """End the connection without a word; False where the server does not let us."""
    connection = request.environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        return False
    connection.shutdown(socket.SHUT_RDWR)
    return True
