"""Sessions and answers that a program's own tests make up: what the old package read of them is enough."""

import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.lineitem import LineItem
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from tests.pylti1p3.services import LMS, REGISTRATION, gradebook

FORM = "application/x-www-form-urlencoded"
TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
ITEMS = [{"id": f"{LMS}/items/1", "label": "Quiz"}]


def mocked() -> MagicMock:
    session = MagicMock()
    session.post.return_value = MagicMock(status_code=200, ok=True, headers={}, **{"json.return_value": TOKEN})
    session.get.return_value = MagicMock(status_code=200, ok=True, headers={}, **{"json.return_value": ITEMS})
    return session


def test_a_mock_that_has_json_only_is_an_answer() -> None:
    assert gradebook(mocked()).get_lineitems() == ITEMS
    assert ServiceConnector(REGISTRATION, mocked()).get_access_token(["https://lms.example/scope"]) == "t"


class Response:
    """Of `requests`, as far as it is used."""

    status_code = 200

    def __init__(self, body: Any, raw: Any) -> None:
        self.text, self.raw, self.headers = json.dumps(body), raw, dict[str, str]()

    @property
    def content(self) -> bytes:
        assert self.raw is None, "an answer from the network is read piece by piece"
        return self.text.encode()

    def iter_content(self, size: int) -> Iterator[bytes]:
        yield self.raw.read(size)


class Session:
    raw: Any = None

    def get(self, url: str, **_: Any) -> Response:
        return Response(ITEMS, self.raw and SimpleNamespace(read=lambda _: json.dumps(ITEMS).encode()))

    def post(self, url: str, **_: Any) -> Response:
        return Response(TOKEN, self.raw and SimpleNamespace(read=lambda _: json.dumps(TOKEN).encode()))


@pytest.mark.parametrize("raw", [None, "the network"])
def test_an_answer_of_requests_that_was_put_together_by_hand_is_read(raw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", SimpleNamespace(Session=Session, Response=Response))  # type: ignore[arg-type]
    session: Any = Session()
    session.raw = raw
    assert gradebook(session).get_lineitems() == ITEMS


class Redirected(Response):
    """What comes with it never ends."""

    status_code, is_redirect, is_closed = 302, True, False

    def close(self) -> None:
        self.is_closed = True

    def iter_content(self, size: int) -> Iterator[bytes]:
        assert self.is_closed, "a body without an end is read"
        yield b""


class Reading(Session):
    """As `requests`: shows an answer to the hooks, and then reads a redirect to its end, also one to leave alone."""

    def __init__(self, theirs: Any) -> None:
        self.hooks = {"response": theirs}

    def get(self, url: str, **given: Any) -> Response:
        answer = Redirected("", "the network")
        answer.headers["Location"] = "https://evil.example/"
        for hook in given["hooks"]["response"]:
            hook(answer)
        assert list(answer.iter_content(1)) == [b""]
        return answer


@pytest.mark.parametrize("several", [True, False])
def test_what_comes_with_a_redirect_is_not_read(several: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", SimpleNamespace(Session=Session, Response=Response))  # type: ignore[arg-type]
    seen: list[Any] = []
    session: Any = Reading([seen.append] if several else seen.append)
    with pytest.raises(LtiException, match="another origin"):
        gradebook(session).get_lineitems()
    assert len(seen) == 1, "the program's own hooks run as before"


def test_a_fake_is_given_forms_by_their_fields_and_json_as_text() -> None:
    session = mocked()
    gradebook(session).find_or_create_lineitem(LineItem().set_tag("t").set_label("Quiz").set_score_maximum(1))
    (_, token), (_, made) = session.post.call_args_list
    assert (token["data"]["grant_type"], made["data"][0]) == ("client_credentials", "{")


@pytest.mark.parametrize(
    ("body", "kind", "given"),
    [
        (b"a=1&a=2", FORM, "a=1&a=2"),
        (b"a=%20", FORM, "a=%20"),
        (b"a=1&b=", FORM, {"a": "1", "b": ""}),
        ("ü".encode(), "text/plain", "ü".encode()),
        (b"", "text/plain", ""),
    ],
)
def test_what_would_be_sent_otherwise_is_given_as_it_is(body: bytes, kind: str, given: Any) -> None:
    session = mocked()
    connector = ServiceConnector(REGISTRATION, session)
    connector.make_service_request(
        ["https://lms.example/scope"], f"{LMS}/own", is_post=True, data=body, content_type=kind
    )
    assert session.post.call_args.kwargs["data"] == given
