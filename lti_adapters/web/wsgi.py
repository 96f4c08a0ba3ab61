"""A request as WSGI has it: for the adapters of frameworks that are served so."""

from collections.abc import Mapping, MutableMapping
from functools import partial
from io import BytesIO
from typing import Any

from lti_adapters.web.asked import Asked, Fields, TooLarge, make_asked

_LONGEST_LENGTH = 18  # digits; more would take long to read as a number


def asked_of(environ: MutableMapping[str, Any], launch_url: str, form: Fields | None = None) -> Asked:
    """The request, as the addresses of a tool need it. Its body is read when asked for, and left to be read again.

    Args:
        launch_url: the tool's launch address, as the framework tells it from this request.
        form: as of `Asked`.
    """
    header = environ.get
    query = header("QUERY_STRING", "")
    return make_asked(
        method=environ["REQUEST_METHOD"],
        launch_url=launch_url,
        query=query if query.isascii() else query.encode("latin-1").decode(errors="replace"),
        cookie=header("HTTP_COOKIE", ""),
        accept=header("HTTP_ACCEPT", ""),
        origin=header("HTTP_ORIGIN", ""),
        fetch_dest=header("HTTP_SEC_FETCH_DEST", ""),
        media_type=header("CONTENT_TYPE", "").partition(";")[0].strip().lower(),
        read_body=partial(read_body, environ),
        form=form,
    )


def read_body(environ: MutableMapping[str, Any], most: int) -> bytes:
    """The body, when it has at most so many bytes. One that does not say how long it is must be ended by the server.

    Raises:
        TooLarge: it has more, is cut off, or the browser went away.
    """
    length = _length(environ)
    if length is not None and length > most:
        raise TooLarge
    unsaid = most + 1 if environ.get("wsgi.input_terminated") else 0
    body = _read(environ["wsgi.input"], unsaid if length is None else length)
    if len(body) > most or len(body) < (length or 0):
        raise TooLarge
    environ["wsgi.input"] = BytesIO(body)
    return body


def _length(environ: Mapping[str, Any]) -> int | None:
    """How many bytes the body has; None where that is not said. What is no number stands for none."""
    said = environ.get("CONTENT_LENGTH")
    if not said or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _LONGEST_LENGTH else 0


def _read(stream: Any, most: int) -> bytes:
    body = b""
    try:
        while len(body) < most and (piece := stream.read(most - len(body))):
            body += piece
    except (OSError, ValueError) as error:  # what servers raise where the browser went away
        raise TooLarge from error
    return body
