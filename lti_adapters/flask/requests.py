"""From Flask's request, and back to its answers."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import TypedDict
from urllib.parse import parse_qsl

from flask import Response, current_app, jsonify, make_response, request, url_for
from werkzeug.exceptions import HTTPException

from lti_adapters.flask.mounted import Mounted, mounted_tools
from lti_adapters.pages.page import Page
from lti_adapters.pages.refusal import error_document, headers_of, refused_page, status_of
from lti_adapters.pages.texts import texts_with
from lti_core.errors import LtiError

FORM = "application/x-www-form-urlencoded"
MAX_BODY = 256 * 1024  # a token has at most half of it
MOST_FIELDS = 1000  # to take a form apart takes time for each field, before anybody was asked who they are


class Texts(TypedDict):
    """Arguments that our pages have in common."""

    texts: Mapping[str, str]
    language: str


def query_pairs() -> list[tuple[str, str]]:
    """The parameters in the address, repeats kept."""
    return list(request.args.items(multi=True))


def form_pairs(too_large: Callable[[], LtiError]) -> list[tuple[str, str]]:
    """The fields of the form, repeats kept; none of a body of another kind.

    Werkzeug's own reading of a form takes longer than most of a launch; it is used where the application has had the
    form read before, since then the body is gone.

    Raises:
        LtiError: `too_large()`, before a body of more than 256 KiB or of more than 1,000 fields is parsed.
    """
    if request.mimetype != FORM:
        return []
    if "form" in vars(request):
        return list(request.form.items(multi=True))
    request.max_content_length = MAX_BODY + 1  # where a body that names no length is cut off without an error
    try:
        body = request.get_data()
    except HTTPException as error:  # werkzeug's: too large, or cut off
        raise too_large() from error
    if len(body) > MAX_BODY or body.count(b"&") >= MOST_FIELDS:
        raise too_large()
    return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)


def cookies() -> dict[str, str]:
    """The request's cookies; of one name the first counts. Those that this tool sets need no unquoting."""
    pairs = (pair.partition("=") for pair in request.environ.get("HTTP_COOKIE", "").split(";"))
    found: dict[str, str] = {}
    for name, _, value in pairs:
        found.setdefault(name.strip(), value.strip())
    return found


def launch_url(mounted: Mounted) -> str:
    """The tool's launch address, as this request sees it."""
    if current_app.url_default_functions:  # the application's own, which may put more of the request into addresses
        return url_for(f"{mounted.name}.launch", _external=True)
    return _launch_url(mounted, request.scheme, request.host, request.root_path)


@lru_cache(maxsize=64)  # bounded: the host comes from the request
def _launch_url(mounted: Mounted, *_: str) -> str:
    """What `url_for` answers depends on nothing else of the request, and takes it some time."""
    return url_for(f"{mounted.name}.launch", _external=True)


def set_cookie(answer: Response, name: str, value: str, lifetime: timedelta) -> None:
    """Set a cookie that comes back to a tool in a platform's frame, too, also where third-party cookies are blocked.

    Name and value are ours: letters, digits, `-` and `_`.
    """
    seconds = int(lifetime.total_seconds())
    cookie = f"{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
    answer.headers.add("Set-Cookie", cookie)


def delete_cookie(answer: Response, name: str) -> None:
    """Delete a cookie that `set_cookie` set."""
    set_cookie(answer, name, "", timedelta(0))


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
