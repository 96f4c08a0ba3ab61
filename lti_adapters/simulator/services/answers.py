"""What a service is asked, and what it answers."""

import json
from collections.abc import Mapping

from attrs import field, frozen

from lti_core.ports import HttpResponse
from lti_core.strict_json import read_json

JSON = "application/json"
Members = Mapping[str, object]  # of a JSON object


class Refused(Exception):  # as LtiError's kinds are named; a tool never sees it
    """A service refuses. The profile says how that is written: `Profile.refused`.

    Attributes:
        status: HTTP's; 0 is what some platforms make of a crash.
        reason: a sentence.
        error: a word for programs, where the service has some.
        about: what exactly is wrong, for platforms that say it in words of their own.
    """

    def __init__(self, status: int, reason: str, error: str = "", about: str = "") -> None:
        super().__init__(status, reason, error, about)
        self.status, self.reason, self.error, self.about = status, reason, error, about


@frozen(kw_only=True)
class Call:
    """One request to a service, taken apart.

    Attributes:
        target: path and query, as sent.
        headers: with lower-case names.
        kind: of the service, as "members" or "scores"; "" when no service has that path.
        course_id, line_item_id, link_id, deployment_id: what the path says.
    """

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    kind: str = ""
    course_id: str = ""
    line_item_id: str = ""
    link_id: str = ""
    deployment_id: str = ""

    @property
    def media_type(self) -> str:
        """Of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> object:
        """The body, read.

        Raises:
            ValueError: it is not JSON.
        """
        return read_json(self.body.decode())


@frozen(kw_only=True)
class Reply:
    """An answer, and how it reaches the tool.

    Attributes:
        delay: seconds before anything comes.
        pause: seconds between two bytes.
        lost: "unreachable" when there is no connection, "silent" when it ends without an answer.
    """

    response: HttpResponse
    delay: float = 0
    pause: float = 0
    lost: str = ""


def answer(status: int, value: object, media_type: str = JSON, **headers: str) -> HttpResponse:
    """`value` as JSON. A header's name is written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return HttpResponse(status=status, headers={"content-type": media_type, **named}, body=as_json(value))


def nothing(status: int = 204) -> HttpResponse:
    """No body."""
    return HttpResponse(status=status)


def as_json(value: object) -> bytes:
    """`value` as JSON in ASCII."""
    return json.dumps(value).encode()


def read_object(call: Call) -> dict[str, object]:
    """The JSON object that was sent.

    Raises:
        ValueError: it is none.
    """
    value = call.json
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
