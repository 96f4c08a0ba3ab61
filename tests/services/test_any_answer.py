"""Whatever a platform answers, a command reads it or raises ServiceFailed, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import ServiceFailed
from lti_core.ports import HttpResponse
from lti_core.scopes import SCORE
from lti_core.services.access_token import AccessToken, RequestToken
from lti_core.services.command import Page
from lti_core.services.groups import GetGroups, GetGroupSets
from lti_core.services.line_items import (
    CreateLineItem,
    DeleteLineItem,
    GetLineItem,
    GetLineItems,
    LineItem,
    ReplaceLineItem,
)
from lti_core.services.members import GetDifferences, GetMembers, Member
from lti_core.services.results import GetResults, Result
from lti_core.services.scores import Published, PublishScore, Score

NOW = datetime(2030, 1, 1, tzinfo=UTC)
URL = "https://lms.example/c/3/x?type_id=1"
ITEM = LineItem(label="Quiz", score_maximum=10, id=URL, tag="t")
COMMANDS: list[Any] = [
    RequestToken(token_url=URL, asked=SCORE, assertion="a.b.c", now=NOW),
    GetLineItems(url=URL),
    GetLineItems(url=URL, resource_link_id="a", resource_id="b", tag="c", limit=1),
    GetLineItem(URL),
    CreateLineItem(URL, ITEM),
    ReplaceLineItem(ITEM),
    DeleteLineItem(URL),
    PublishScore(URL, Score(user_id="u-42", given=1, maximum=2, comment="well", timestamp=NOW)),
    GetResults(line_item=URL, user_id="a"),
    GetResults(line_item=URL, limit=2),
    GetMembers(url=URL, role="Learner"),
    GetMembers(url=URL, resource_link_id="a", groups=True),
    GetDifferences(URL),
    GetGroups(url=URL, user_id="a"),
    GetGroupSets(url=URL),
]
NAMES = (
    "access_token", "token_type", "expires_in", "scope", "error", "error_description", "id", "label", "scoreMaximum",
    "resourceLinkId", "ltiLinkId", "resourceId", "tag", "startDateTime", "endDateTime", "gradesReleased",
    "submissionReview", "reviewableStatus", "url", "custom", "resultUrl", "userId", "resultScore", "resultMaximum",
    "comment", "timestamp", "members", "context", "user_id", "roles", "status", "name", "message", "group_enrollments",
    "group_id", "groups", "sets", "set_ids", "set_id", "hidden", "reason", "request",
)  # fmt: skip
WORDS = ("", "a", "b", "c", "Learner", "bearer", "10", "1e5", "2030-01-01T00:00:00Z", URL, "https://[x", "true", "NaN")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=9)
)
anything: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=25,
)
members = st.dictionaries(st.sampled_from(NAMES), anything, max_size=12)
lists = st.lists(members | anything, max_size=3)
documents = (
    anything
    | lists
    | members
    | st.builds(lambda name, found: {name: found}, st.sampled_from(["members", "groups", "sets"]), lists)
)
statuses = st.sampled_from([200, 200, 200, 201, 204]) | st.integers(100, 599)
headers = st.dictionaries(
    st.sampled_from(["link", "location", "date", "content-type", "retry-after"]),
    st.text() | st.sampled_from(["<?page=2>; rel=next", '<https://evil.example>; rel="next"', "/9", "https://[x"]),
)


def try_to_read(command: Any, response: HttpResponse) -> None:
    try:
        result = command.read_response(response)
    except ServiceFailed as failed:
        assert failed.code.split(".")[0] in ("service", "token", "http")  # noqa: PT017
        assert "a.b.c" not in str(failed)  # noqa: PT017
        return
    check(result)


def check(result: Any) -> None:
    """What came out is what its type says."""
    match result:
        case Page():
            for item in result.items:
                check(item)
            assert result.next is None or result.next.to_request().url.startswith("https://lms.example")
        case Member():
            for name in ("status", "name", "email", "picture", "lis_person_sourcedid"):
                assert isinstance(getattr(result, name), str | None)
            assert all(isinstance(group, str) for group in result.group_ids)
            assert all(isinstance(message, dict) for message in result.messages)
            assert result.user_id
            assert all(isinstance(role, str) for role in result.roles)
        case LineItem():
            assert isinstance(result.label, str)
            assert not isinstance(result.score_maximum, bool | str)
        case Result():
            assert result.user_id is not None
        case AccessToken():
            assert timedelta(0) < result.expires_at - NOW < timedelta(days=400)
            assert result.scopes
        case _:
            assert result is None or isinstance(result, Published) or hasattr(result, "id")


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
@given(st.data())
def test_any_json_is_read_or_refused(command: Any, data: st.DataObject) -> None:
    document, status, sent = data.draw(documents), data.draw(statuses), data.draw(headers)
    body = json.dumps(document, ensure_ascii=data.draw(st.booleans())).encode(errors="surrogatepass")
    try_to_read(command, HttpResponse(status=status, headers=sent, body=body))


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
@given(st.binary() | st.text().map(lambda text: text.encode(errors="replace")), statuses, headers)
def test_any_bytes_are_read_or_refused(command: Any, body: bytes, status: int, sent: dict[str, str]) -> None:
    try_to_read(command, HttpResponse(status=status, headers=sent, body=body))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b"[" * 900 + b"]" * 900,
        b'{"members":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"members":[{"user_id":"a","roles":[],"x":' + b"[" * 500 + b"]" * 500 + b"}]}",
        b'[{"id":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}]",
        b'{"groups":[' + b"0," * 100_000 + b"0]}",
        b'{"members":[' + b"0," * 100_000 + b"0]}",
        b"[" + b"{}," * 100_000 + b"{}]",
        b'{"id":"' + b"a" * 1_000_000 + b'"}',
        b'[{"userId":"a","resultScore":1e-999999999999999999999}]',
        b'[{"userId":"a","resultScore":' + b"9" * 5000 + b"}]",
    ],
    ids=range(11),
)
def test_deep_and_long_answers_are_read_or_refused(command: Any, body: bytes) -> None:
    for status in (200, 400):
        try_to_read(command, HttpResponse(status=status, body=body))


@pytest.mark.parametrize(
    "command", [GetLineItems(url=URL), GetResults(line_item=URL), GetMembers(url=URL), GetGroups(url=URL)]
)
def test_a_page_with_a_thousand_unreadable_items_is_refused(command: Any) -> None:
    for many, refused in ((1000, False), (1001, True)):
        found = [{}] * many
        document = {"members": found, "groups": found} if isinstance(command, GetMembers | GetGroups) else found
        response = HttpResponse(status=200, body=json.dumps(document).encode())
        if refused:
            with pytest.raises(ServiceFailed, match="malformed"):
                command.read_response(response)
        else:
            assert len(command.read_response(response).skipped) == many


def test_a_command_can_be_compared_and_kept() -> None:
    for command in COMMANDS:
        assert command == command.__class__(
            **{name: getattr(command, name) for name in command.__slots__ if name != "__weakref__"}
        )
        assert command.to_request() == command.to_request()
        with pytest.raises(AttributeError):
            command.url = "x"
