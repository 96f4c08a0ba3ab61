"""From Flask's request, and back to its answers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from flask import Response, jsonify, make_response, request, url_for
from werkzeug.exceptions import HTTPException

from lti_adapters.flask.mounted import Mounted, mounted_tools
from lti_adapters.pages.page import Page
from lti_adapters.pages.refusal import error_document, headers_of, refused_page, status_of
from lti_adapters.pages.texts import texts_with
from lti_core.errors import LtiError
from lti_core.ports import MIB

FORM = "application/x-www-form-urlencoded"
MAX_BODY = MIB


class Texts(TypedDict):
    """Arguments that our pages have in common."""

    texts: Mapping[str, str]
    language: str


def query_pairs() -> list[tuple[str, str]]:
    """The parameters in the address, repeats kept."""
    return list(request.args.items(multi=True))


def form_pairs(too_large: LtiError) -> list[tuple[str, str]]:
    """The fields of the form, repeats kept; none of a body of another kind.

    Raises:
        LtiError: `too_large`, before a body over 1 MiB is parsed.
    """
    if request.mimetype != FORM:
        return []
    request.max_content_length = MAX_BODY + 1  # where a body that names no length is cut off without an error
    try:
        whole = len(request.get_data()) <= MAX_BODY
    except HTTPException as error:  # werkzeug's: too large, or cut off
        raise too_large from error
    if not whole:
        raise too_large
    return list(request.form.items(multi=True))


def launch_url(mounted: Mounted) -> str:
    """The tool's launch address, as this request sees it."""
    return url_for(f"{mounted.name}.launch", _external=True)


def set_cookie(answer: Response, name: str, value: str, lifetime: timedelta) -> None:
    """Set a cookie that comes back to a tool in a platform's frame, too, also where third-party cookies are blocked."""
    seconds = int(lifetime.total_seconds())
    answer.set_cookie(name, value, seconds, path="/", httponly=True, secure=True, samesite="None", partitioned=True)


def delete_cookie(answer: Response, name: str) -> None:
    """Delete a cookie that `set_cookie` set."""
    answer.delete_cookie(name, path="/", httponly=True, secure=True, samesite="None", partitioned=True)


def page_response(page: Page) -> Response:
    """A page as Flask's response."""
    answer = make_response(page.html, page.status)
    for name, value in page.headers.items():
        answer.headers[name] = value
    return answer


def refused(error: LtiError) -> Response:
    """Explain a refusal: as JSON where that is asked for, else as a page."""
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        answer = jsonify(error_document(error))
        answer.status_code = status_of(error)
        answer.headers.update(headers_of(error))
        return answer
    return page_response(refused_page(error, return_url=getattr(error, "return_url", None), **texts_of(_mounted())))


def texts_of(mounted: Mounted) -> Texts:
    """The words of a tool's pages, and their language."""
    pages = mounted.settings.pages
    return {"texts": texts_with(pages.texts), "language": pages.language}


def _mounted() -> Mounted:
    tools = mounted_tools()
    return next((mounted for mounted in tools if mounted.name == request.blueprint), tools[0])
