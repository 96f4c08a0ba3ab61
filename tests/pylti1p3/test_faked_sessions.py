"""Sessions and answers that a program's own tests make up: what the old package read of them is enough."""

from typing import Any
from unittest.mock import MagicMock

import pytest

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
