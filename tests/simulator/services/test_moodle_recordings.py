"""The Moodle profile answers each recorded exchange of Moodle's services with the same status, media type and shape."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from attrs import frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.people import INSTRUCTOR, STUDENT, Person
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.profiles.moodle import MOODLE
from lti_core import scopes
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest
from tests.fakes import PLATFORM_PEM, FixedClock

DATA = Path(__file__).parents[2] / "data" / "moodle-4.5"
KEYS = KeyRing([PlatformKey.of(PLATFORM_PEM)])
GRADE_SYNC_ONLY = (scopes.LINE_ITEM_READ, scopes.RESULT_READ, scopes.SCORE)
NO_SCOPES = ("https://vendor.example/none",)
NOT_ALIKE = {"tool with a PEM key, assertion without kid"}  # the simulated platform knows tools by key sets only
REVIEWED = {"tag": "grade", "resourceId": "res-1", "submissionReview": {"custom": {"view": "review"}}}
REVIEWED_ELSEWHERE = {"submissionReview": {"url": "http://127.0.0.1:8946/launch?review=1", "custom": {"r": "1"}}}


def recorded(name: str) -> Mapping[str, Any]:
    return json.loads((DATA / f"{name}.json").read_text())


PLATFORM = recorded("platform")
FILES = ("token", "nrps", "ags-line-items", "ags-scores-results")
FULL, GRADES_ONLY, BARE = "full", "grades_only", "bare"


def person(number: int, login: str, role: str = STUDENT, sourced_id: str | None = "S-1") -> Person:
    return Person(
        id=str(number),
        login=login,
        about="",
        roles=(role,),
        name=f"{login} & Co",
        given_name=login,
        family_name="& Co",
        email=f"{login}@campus.example",
        sourced_id=sourced_id,
    )


TEACHER = person(3, "teacher", INSTRUCTOR)
STUDENTS = [person(5, "anna"), person(6, "ming"), person(7, "hong", sourced_id=None), person(8, "layla")]
PEOPLE = (TEACHER, person(4, "tutor"), *STUDENTS, person(9, "robert"))


def link(
    number: int,
    title: str,
    maximum: float = 0,
    *,
    foreign: bool = False,
    line_item: Mapping[str, object] = MappingProxyType({}),
) -> Activity:
    graded = maximum > 0
    return Activity(
        id=str(number),
        title=title,
        description="",
        graded=graded,
        maximum=maximum or 10,
        foreign=foreign,
        line_item=line_item,
    )


def links(of: str) -> tuple[Activity, ...]:
    """In the order in which their line items were numbered: 2 for the first graded one."""
    return (
        link(1, "Práctica 1", 20, foreign=of != FULL, line_item=REVIEWED),
        link(3, "Grades only", 20, foreign=of != GRADES_ONLY),
        link(5, "Only for Group A", 20, foreign=of != FULL),
        link(6, "Quiz", 10, foreign=of != FULL),
        link(8, "No address given", 100, foreign=of != FULL, line_item=REVIEWED_ELSEWHERE),
        link(9, "Recorder", 3, foreign=of != FULL),
        link(2, "Ungraded"),
        link(4, "Bare", foreign=True),
    )


def platform_of(registration: str, granted: tuple[str, ...]) -> SimulatedPlatform:
    """The recorded Moodle, as one of its tools meets it."""
    registered = PLATFORM["registrations"][registration]
    courses = (
        Course(id="2", label="FQ", title="Física & más", activities=links(registration)),
        Course(id="3", label="EMPTY", title="Empty Course", people=(TEACHER,)),
    )
    return SimulatedPlatform(
        issuer=PLATFORM["issuer"],
        client_id=registered["client_id"],
        deployment_id=registered["deployment_id"],
        people=PEOPLE,
        courses=courses,
        profile=MOODLE,
        scopes=granted,
        tool_key_set=PLATFORM["tool"]["key_set"],
        tool_private_key="",
        keys=KEYS,
        clock=FixedClock(),
    )


@frozen
class Answered:
    """What the simulated platform made of a recorded request; status None: no valid HTTP."""

    status: int | None
    media_type: str | None
    body: bytes
    links: str = ""


@frozen
class Replay:
    """One file of exchanges, each request put to the tool's own platform in the recorded order."""

    platforms: Mapping[str, SimulatedPlatform]

    def answered(self, exchange: Mapping[str, Any]) -> Answered:
        asked = exchange["request"]
        platform = self.platforms[self._tool(exchange)]
        platform.clock.time = datetime.fromisoformat(exchange["recorded_at"])
        headers = {name.lower(): value for name, value in asked["headers"]}
        if "authorization" in headers:
            headers["authorization"] = self._token(headers["authorization"], exchange, platform)
        body = asked["body"].encode() if asked["body"] is not None else None
        request = HttpRequest(method=asked["method"], url=asked["url"], headers=headers, body=body)
        try:
            answer = platform.http.send(request)
        except ServiceFailed as failure:
            return Answered(None, None if failure.code == "http.response_malformed" else failure.code, b"")
        return Answered(answer.status, answer.headers.get("content-type"), answer.body, answer.headers.get("link", ""))

    def _tool(self, exchange: Mapping[str, Any]) -> str:
        client = (exchange.get("assertion_claims") or {}).get("sub")
        by_client = {registered["client_id"]: name for name, registered in PLATFORM["registrations"].items()}
        if client in by_client:
            return by_client[client]
        return GRADES_ONLY if "grade sync only" in exchange["name"] else FULL

    def _token(self, header: str, exchange: Mapping[str, Any], platform: SimulatedPlatform) -> str:
        word, _, token = header.partition(" ")
        unknown = any(said in exchange["name"] for said in ("expired", "revoked", "garbage", "token of another"))
        if unknown or not token or "tool that may not" in exchange["name"]:
            return header
        return f"{word} {platform.issue_token(*exchange.get('token_scopes', platform.scopes))}"


@cache
def replayed(file: str) -> Mapping[str, Answered]:
    replay = Replay(
        {
            FULL: platform_of(FULL, MOODLE.scopes),
            GRADES_ONLY: platform_of(GRADES_ONLY, GRADE_SYNC_ONLY),
            BARE: platform_of(BARE, NO_SCOPES),
        }
    )
    if file == "ags-scores-results":  # what the recording of line items had left behind
        replay.platforms[FULL].gradebook.add("2", {"label": "Chapter 5 test", "scoreMaximum": 70})
    return {exchange["name"]: replay.answered(exchange) for exchange in recorded(file)["exchanges"]}


def shape(value: object) -> object:
    """What a JSON value is made of: members and kinds; of an array the different kinds of entries."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(entry), sort_keys=True) for entry in value})
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    return "number" if isinstance(value, int | float) else type(value).__name__


def read_shape(body: str) -> object:
    try:
        return shape(json.loads(body))
    except ValueError:
        return "not JSON" if body else "nothing"


def cases() -> Iterator[Any]:
    for file in FILES:
        for exchange in recorded(file)["exchanges"]:
            if exchange["name"] not in NOT_ALIKE:
                yield pytest.param(file, exchange, id=f"{file}: {exchange['name']}")


@pytest.mark.parametrize(("file", "exchange"), list(cases()))
def test_a_recorded_exchange_is_answered_alike(file: str, exchange: Mapping[str, Any]) -> None:
    answered, was = replayed(file)[exchange["name"]], exchange["response"] or {}
    assert answered.status == was.get("status")
    headers = {name.lower(): value for name, value in was.get("headers", [])}
    assert answered.media_type == headers.get("content-type")
    if was.get("body") is not None:
        assert read_shape(answered.body.decode()) == read_shape(was["body"])


def links_of(header: str) -> list[tuple[str, str]]:
    """Relation and place of each link, in order."""
    return re.findall(r"from=(\d+)>; rel=(\S+?)(?:,|$)", header)


@pytest.mark.parametrize("number", range(1, 10))
def test_pages_of_line_items_are_linked_alike(number: int) -> None:
    name = f"list by pages of two, page {number}"
    [was] = (exchange["response"] for exchange in recorded("ags-line-items")["exchanges"] if exchange["name"] == name)
    [header] = (value for title, value in was["headers"] if title == "Link")
    assert links_of(replayed("ags-line-items")[name].links) == links_of(header)
