"""What a real Moodle 4.5 was asked at its services, and what it answered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from lti_core.ports import HttpResponse

FOLDER = Path(__file__).parent.parent / "data" / "moodle-4.5"


@frozen
class Exchange:
    """One request and its answer. `sent` is the body that the request had."""

    name: str
    method: str
    url: str
    headers: dict[str, str]
    sent: str
    answer: HttpResponse


def exchanges(file: str) -> Iterator[Exchange]:
    """Those of a file that were answered with valid HTTP."""
    for one in json.loads((FOLDER / f"{file}.json").read_text())["exchanges"]:
        request, response = one.get("request"), one.get("response")
        if request and response and response.get("status"):
            yield Exchange(
                one["name"],
                request["method"],
                request["url"],
                lowered(request["headers"]),
                request["body"] or "",
                HttpResponse(
                    status=response["status"],
                    headers=lowered(response["headers"]),
                    body=(response["body"] or "").encode(),
                ),
            )


def lowered(headers: list[list[str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def named(file: str, name: str) -> Exchange:
    return next(one for one in exchanges(file) if one.name == name)


def answer(status: int = 200, body: Any = b"", **headers: str) -> HttpResponse:
    """An answer: `body` as it is, or as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(
        status=status, headers={name.replace("_", "-"): text for name, text in headers.items()}, body=content
    )
