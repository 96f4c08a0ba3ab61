"""What platforms answer: the failure that a refusal is, in words that hold no token and no person, and its JSON."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from attrs import evolve

from lti_core.errors import ServiceFailed
from lti_core.ports import MIB, HttpRequest, HttpResponse
from lti_core.services.addresses import without_query
from lti_core.services.command import Skipped
from lti_core.strict_json import read_exact_json
from lti_core.structuring import Malformed

PAGE_BYTES = 32 * MIB
LONGEST_WORDS = 500
MOST_SKIPPED = 1000
_READ = 4000  # characters of an answer that its words are taken from
_MOST_TEXTS = 20
_SHORTEST_OURS = 4  # shorter texts of ours stand in any words
_BEGINNING = 12

Item = TypeVar("Item")

_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title[^<>]*>([^<>]*)</title", re.IGNORECASE)
_OPAQUE = re.compile(r"eyJ[\w.-]*+|[A-Za-z0-9_+=~-]{20,}+")
_SECRET = frozenset({
    "access_token", "refresh_token", "id_token", "token", "client_assertion", "client_secret", "password",
    "authorization",
})  # fmt: skip
_PERSONAL = ("@", "%40", "&#64;")
_THROTTLED = re.compile(r"rate.?limit|throttl|too many requests", re.IGNORECASE)
_HIDDEN = "…"
_BOM = "\ufeff"  # what some PHP files begin with

_ASK = "Ask the platform's administrator whether this tool may use this service in this course, with the scope {scope}."
_UNAUTHORIZED = ServiceFailed(
    "service.unauthorized",
    "The platform did not accept the access token.",
    "RFC 6750 §3.1",
    remedy=_ASK,
)
_FORBIDDEN = ServiceFailed(
    "service.forbidden", "The platform does not let this tool do that here.", "RFC 6750 §3.1", remedy=_ASK
)
_NOT_FOUND = ServiceFailed(
    "service.not_found",
    "The platform does not have what was asked for: it may have been deleted, or this tool may not see it.",
    remedy="Open the tool from the course once more: the launch brings the addresses that are valid now.",
)
_UNAVAILABLE = ServiceFailed(
    "service.unavailable", "The platform's service is not available at the moment.", remedy="Try again later."
)
_BAD_REQUEST = ServiceFailed(
    "service.bad_request",
    "The platform did not understand the request, or did not do what was asked.",
    remedy="The platform's own words say more, if it has any.",
)
_USUAL = {401: _UNAUTHORIZED, 403: _FORBIDDEN, 404: _NOT_FOUND, 410: _NOT_FOUND, 429: _UNAVAILABLE}


def refused(
    request: HttpRequest, response: HttpResponse, scopes: Iterable[str] = (), own: ServiceFailed | None = None
) -> ServiceFailed:
    """The failure that an answer without success is.

    Args:
        scopes: those that suffice for the request, for the remedy.
        own: what this status means to this command; None for what it means everywhere.
    """
    words = words_of(request, response)
    failure = own or _usual(response.status, words)
    return evolve(
        failure,
        remedy=failure.remedy.replace("{scope}", " or ".join(scopes)),
        found=f"{request.method} {without_query(request.url)}: {response.status}",
        status=response.status,
        platform_says=words,
    )


def _usual(status: int, words: str) -> ServiceFailed:
    if status >= 500 or (status == 403 and _THROTTLED.search(words)):
        return _UNAVAILABLE
    return _USUAL.get(status, _BAD_REQUEST)


def words_of(request: HttpRequest, response: HttpResponse) -> str:
    """The platform's own words about a request, at most 500 characters.

    What looks like a token or is called one, what looks like an e-mail address, and what this tool sent is left out:
    Moodle repeats a whole score, with all that it says of a person, in its error.
    """
    text = response.body[:MIB].decode(errors="replace").removeprefix(_BOM)
    found = _json_or_none(text)
    words = _of_page(text) if found is None else "; ".join(_texts(found))
    return _cut(_clean(_without_ours(words, request)[:_READ]))


def text_of(response: HttpResponse) -> str:
    """The text of an answer; a mark at its beginning that it is UTF-8 is none of it.

    Raises:
        ValueError: it is not UTF-8.
    """
    return response.body.decode().removeprefix(_BOM)


def json_of(response: HttpResponse, malformed: ServiceFailed) -> object:
    """The JSON of an answer, with exact numbers.

    Raises:
        ServiceFailed: `malformed`.
    """
    try:
        return read_exact_json(text_of(response))
    except (ValueError, RecursionError):
        raise evolve(malformed, status=response.status) from None


def read_each(
    sent: Iterable[object], read: Callable[[object], Item], malformed: ServiceFailed
) -> tuple[tuple[Item, ...], tuple[Skipped, ...]]:
    """The items of a page, and those that cannot be read; `read` raises `Malformed` for them.

    Raises:
        ServiceFailed: `malformed`, when there are more than 1,000 of these.
    """
    items: list[Item] = []
    skipped: list[Skipped] = []
    for position, one in enumerate(sent, 1):
        try:
            items.append(read(one))
        except Malformed as error:
            skipped.append(Skipped(position, malformed.code, f"{error.path} {error.problem}".strip()))
            if len(skipped) > MOST_SKIPPED:
                raise evolve(malformed, found=f"more than {MOST_SKIPPED} on one page") from None
    return tuple(items), tuple(skipped)


def _json_or_none(text: str) -> object:
    try:
        return read_exact_json(text)
    except (ValueError, RecursionError):
        return None


def _texts(document: object) -> Iterator[str]:
    """The texts of an error document with their names, but for what it repeats of the request."""
    waiting, found = [("", document)], 0
    while waiting and found < _MOST_TEXTS:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed([(inner, part) for inner, part in value.items() if inner != "request"])
        elif isinstance(value, list):
            waiting += [(name, part) for part in reversed(value)]
        elif isinstance(value, str) and value:
            found += 1
            value = _HIDDEN if name.lower() in _SECRET else value
            yield f"{name}: {value}" if name else value


def _of_page(text: str) -> str:
    """The words of an HTML page: its title, else whatever is no tag. Other text is taken as it is."""
    if not text.lstrip().startswith("<"):
        return text
    title = _TITLE.search(text)
    return title[1] if title else _TAG.sub(" ", text)


def _without_ours(words: str, request: HttpRequest) -> str:
    if not request.body:
        return words
    ours = request.body.decode(errors="replace")
    sent = sorted((text for text in _texts_only(_json_or_none(ours)) if len(text) >= _SHORTEST_OURS), key=len)
    for text in (ours, *reversed(sent)):
        words = _without(words, text)
    before, brace, _ = words.partition("{")  # our body, written anew
    return before if brace and before.strip() else words


def _without(words: str, text: str) -> str:
    """A short text is left out; where a long one begins, the words end: it may be cut there."""
    if len(text) <= _BEGINNING:
        return words.replace(text, _HIDDEN)
    for written in (text, json.dumps(text)[1:-1]):
        before, begins, _ = words.partition(written[:_BEGINNING])
        words = f"{before}{_HIDDEN}" if begins else words
    return words


def _texts_only(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_only(part)


def _clean(words: str) -> str:
    shown, after_bearer = [], False
    for word in words.split():
        personal = any(mark in word for mark in _PERSONAL)
        shown.append(_HIDDEN if personal or after_bearer else _OPAQUE.sub(_hide, word))
        after_bearer = word.lower().endswith("bearer")
    return " ".join(shown)


def _hide(found: re.Match[str]) -> str:
    return _HIDDEN if found[0].startswith("eyJ") or any(map(str.isdigit, found[0])) else found[0]


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}{_HIDDEN}"
