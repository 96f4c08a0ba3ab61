"""From Flask's request, and back to its responses."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import IO

from flask import Request, Response, current_app, request, url_for
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_content_length

from lti_adapters.flask.mounted import mounted_tools
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import Asked, TooLarge, make_asked
from lti_adapters.web.endpoints import refused
from lti_adapters.web.mounted import Mounted
from lti_core.errors import LtiError

_PIECE = 64 * 1024


def asked_of(mounted: Mounted) -> Asked:
    """The current request, as that tool sees it."""
    current: Request = request._get_current_object()  # type: ignore[attr-defined]  # each look through a proxy takes time
    header = current.environ.get
    return make_asked(
        method=current.method,
        launch_url=_launch_url(mounted, current),
        query=header("QUERY_STRING", ""),
        cookie=header("HTTP_COOKIE", ""),
        accept=header("HTTP_ACCEPT", ""),
        origin=header("HTTP_ORIGIN", ""),
        fetch_dest=header("HTTP_SEC_FETCH_DEST", ""),
        media_type=current.mimetype,
        read_body=_read_body,
        form=list(current.form.items(multi=True)) if "form" in vars(current) else None,
    )


def _read_body(most: int) -> bytes:
    current: Request = request._get_current_object()  # type: ignore[attr-defined]  # as above
    length = get_content_length(current.environ)
    if not length or "stream" in vars(current):
        return _read_by_werkzeug(current, most)
    if length > most:
        raise TooLarge
    return _read(current, length)


def _read(current: Request, length: int) -> bytes:
    """A body of that length. Werkzeug takes longer than most of a launch; to the application's own it is left to read.

    Raises:
        TooLarge: it is cut off, or the browser went away.
    """
    try:
        body: bytes = current.environ["wsgi.input"].read(length)
    except (OSError, ValueError) as error:  # those that werkzeug expects of a server
        raise TooLarge from error
    if len(body) < length:
        raise TooLarge
    current.environ["wsgi.input"] = BytesIO(body)
    return body


def _read_by_werkzeug(current: Request, most: int) -> bytes:
    """A body that does not say how long it is, or that the application has begun to read."""
    current.max_content_length = most + 1  # where it is cut off without an error
    try:
        body = current.get_data()
    except HTTPException as error:  # werkzeug's: too large, or cut off
        raise TooLarge from error
    if len(body) > most:
        raise TooLarge
    return body


def _launch_url(mounted: Mounted, current: Request) -> str:
    """The tool's launch address, as this request sees it."""
    if current_app.url_default_functions:  # the application's own, which may put more of the request into addresses
        return url_for(f"{mounted.name}.launch", _external=True)
    return _usual_launch_url(mounted, current.scheme, current.host, current.root_path)


@lru_cache(maxsize=64)  # bounded: the host comes from the request
def _usual_launch_url(mounted: Mounted, *_: str) -> str:
    """What `url_for` answers depends on nothing else of the request, and takes it some time."""
    return url_for(f"{mounted.name}.launch", _external=True)


class _Redirect(Response):
    """Goes out as it was made: werkzeug would go through the long address of the platform several times more."""

    def get_wsgi_headers(self, _: object) -> Headers:
        """All of them."""
        return self.headers


def response_of(answer: Answer) -> Response:
    """An answer as Flask's response."""
    if answer.status in (302, 303):
        return _Redirect("", answer.status, (*answer.headers, ("Content-Length", "0")))
    if isinstance(answer.body, str):
        return current_app.response_class(answer.body, answer.status, answer.headers)
    response = current_app.response_class(_pieces(answer.body), answer.status, answer.headers)
    response.call_on_close(answer.body.close)
    return response


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    with body:
        while piece := body.read(_PIECE):
            yield piece


def refusal(error: LtiError) -> Response:
    """Explain a refusal: as JSON where that is asked for, else as a page."""
    tools = mounted_tools()
    mounted = next((one for one in tools if one.name == request.blueprint), tools[0])
    return response_of(refused(mounted, error, as_json=asked_of(mounted).wants_json))
