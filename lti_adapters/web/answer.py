"""Answer: what is sent back, for a framework's adapter to make its response of."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import IO

from attrs import field, frozen

from lti_adapters.pages.page import Page

Header = tuple[str, str]
JSON_BODY = ("Content-Type", "application/json")
NOT_KEPT = ("Cache-Control", "no-store")


@frozen
class Answer:
    """Status, headers and body of an answer. A header may come several times.

    Attributes:
        body: a text, or a file that is sent piece by piece and then closed.
    """

    status: int
    headers: tuple[Header, ...]
    body: str | IO[bytes] = field(default="", repr=False)


def page_answer(page: Page, *more: Header) -> Answer:
    """A page, with `more` headers."""
    return Answer(page.status, (*page.headers.items(), *more), page.html)


def json_answer(document: object, status: int = 200, headers: Iterable[Header] = (NOT_KEPT,)) -> Answer:
    """A document as JSON."""
    return Answer(status, (JSON_BODY, *headers), json.dumps(document, ensure_ascii=False))


def set_cookie(name: str, value: str, lifetime: timedelta) -> Header:
    """A cookie that comes back to a tool in a platform's frame, too, also where third-party cookies are blocked.

    Name and value are ours: letters, digits, `-` and `_`. The header is written here, since not all frameworks know
    `Partitioned`.
    """
    seconds = int(lifetime.total_seconds())
    return "Set-Cookie", f"{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"


def delete_cookie(name: str) -> Header:
    """Takes back a cookie that `set_cookie` set."""
    return set_cookie(name, "", timedelta(0))
