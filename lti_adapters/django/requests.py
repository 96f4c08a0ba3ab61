"""From Django's request, and back to its responses."""

import logging
from collections.abc import Iterable
from http.cookies import Morsel
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from lti_adapters.django.mount import launch_url, mount_of, mounts
from lti_adapters.pages.refusal import error_document, headers_of, refused_page, status_of
from lti_adapters.web import wsgi
from lti_adapters.web.answer import Answer, Header, json_answer, page_answer
from lti_adapters.web.asked import Asked, TooLarge, make_asked
from lti_adapters.web.endpoints import refused
from lti_adapters.web.later import Entered
from lti_adapters.web.mounted import Mounted
from lti_core.errors import LtiError

log = logging.getLogger("lti")
_PARTITIONED = "; Partitioned"
_DIGITS = 18  # of a length; more would take long to read as a number


def asked_of(request: HttpRequest, mounted: Mounted) -> Asked:
    """The request, as that tool sees it."""
    return _asked(request, launch_url(request, mounted.name))


def _asked(request: HttpRequest, launch_address: str) -> Asked:
    header = request.META.get
    return make_asked(
        method=request.method or "",
        launch_url=launch_address,
        query=_query(request),
        cookie=header("HTTP_COOKIE", ""),
        accept=header("HTTP_ACCEPT", ""),
        origin=header("HTTP_ORIGIN", ""),
        fetch_dest=header("HTTP_SEC_FETCH_DEST", ""),
        media_type=request.content_type or "",
        read_body=lambda most: _read_body(request, most),
    )


def _query(request: HttpRequest) -> str:
    """WSGI servers hand bytes over as if they were Latin-1."""
    query: str = request.META.get("QUERY_STRING", "")
    return query.encode("latin-1", "replace").decode(errors="replace") if isinstance(request, WSGIRequest) else query


def _read_body(request: HttpRequest, most: int) -> bytes:
    """Also after a middleware has read the form: Django keeps the body of one."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    try:
        if length.isascii() and length.isdecimal():
            if len(length) > _DIGITS or int(length) > most:
                raise TooLarge
            return request.body
        if isinstance(request, WSGIRequest):
            return wsgi.read_body(request.environ, most)
        return _read_to_the_end(request, most)
    except (RequestDataTooBig, UnreadablePostError, OSError) as error:
        raise TooLarge from error


def _read_to_the_end(request: HttpRequest, most: int) -> bytes:
    """A body that does not say how long it is, under ASGI: Django reads all of it."""
    body = b""
    while piece := request.read(most + 1 - len(body)):
        body += piece
        if len(body) > most:
            raise TooLarge
    return body


def response_of(answer: Answer) -> HttpResponseBase:
    """An answer as Django's response. It says itself who may frame it."""
    response: HttpResponseBase
    if isinstance(answer.body, str):
        response = HttpResponse(answer.body, status=answer.status)
    else:
        response = FileResponse(answer.body, status=answer.status)
    add_headers(response, answer.headers)
    return _framed(response)


def add_headers(response: HttpResponseBase, headers: Iterable[Header]) -> None:
    """Put headers to those of `response`, and cookies to its cookies."""
    for name, value in headers:
        if name == "Set-Cookie":
            _set_cookie(response, value)
        else:
            response.headers[name] = value


def _framed(response: HttpResponseBase) -> HttpResponseBase:
    """`X-Frame-Options` is not added to it."""
    vars(response)["xframe_options_exempt"] = True
    return response


def _set_cookie(response: HttpResponseBase, header: str) -> None:
    """Django writes the header of its own cookies, and other middleware may look at them."""
    pair, *attributes = header.removesuffix(_PARTITIONED).split("; ")
    name, _, value = pair.partition("=")
    cookie = _Partitioned()
    cookie.set(name, value, value)
    said = (attribute.partition("=") for attribute in attributes)
    dict.update(cookie, {word.lower(): text or True for word, _, text in said})  # they are ours: nothing to look up
    response.cookies[name] = cookie


class _Partitioned(Morsel[str]):
    """A cookie with the attribute that Python knows from 3.14 on."""

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802 the name is that of Python's
        """As the header's value."""
        return super().OutputString(attrs) + _PARTITIONED


def of_launch(entered: Entered, response: HttpResponseBase) -> HttpResponseBase:
    """An answer to a request with a launch.

    It may be framed: no other site can trick people with it, since its address holds the launch id.
    """
    for name, value in entered.defaults:
        response.headers.setdefault(name, value)
    return _framed(response)


def refusal(request: HttpRequest, error: LtiError, mounted: Mounted | None = None) -> HttpResponseBase:
    """Explain a refusal: as JSON where that is asked for, else as a page.

    Args:
        mounted: the tool of the request's launch, where there is one.
    """
    as_json = _asked(request, "").wants_json
    try:
        mount = mount_of(request) or mounts()[0]
        return response_of(refused(mounted or mount.mounted(), error, as_json=as_json))
    except LtiError as unmade:
        log.error("the tool cannot be made: %s %s", unmade.code, unmade.message)
        if as_json:
            return response_of(json_answer(error_document(error), status_of(error), headers_of(error).items()))
        return response_of(page_answer(refused_page(error)))
