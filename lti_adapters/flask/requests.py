"""From Flask's request, and back to its responses."""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import IO

from attrs import evolve
from flask import Request, Response, current_app, request, url_for
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from lti_adapters.flask.mounted import mounted_tools
from lti_adapters.web import wsgi
from lti_adapters.web.answer import Answer
from lti_adapters.web.asked import Asked, TooLarge
from lti_adapters.web.endpoints import refused
from lti_adapters.web.mounted import Mounted
from lti_core.errors import LtiError

_PIECE = 64 * 1024


def asked_of(mounted: Mounted) -> Asked:
    """The current request, as that tool sees it. Werkzeug takes longer to read a form than most of a launch."""
    current: Request = request._get_current_object()  # type: ignore[attr-defined]  # each look through a proxy takes time
    form = list(current.form.items(multi=True)) if "form" in vars(current) else None
    asked = wsgi.asked_of(current.environ, _launch_url(mounted, current), form)
    if form is None and "stream" in vars(current):  # the application has begun to read
        return evolve(asked, read_body=partial(_read_by_werkzeug, current))
    return asked


def _read_by_werkzeug(current: Request, most: int) -> bytes:
    current.max_content_length = most + 1  # where a body that names no length is cut off without an error
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
