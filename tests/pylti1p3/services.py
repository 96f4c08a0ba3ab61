"""A session of a program's own that answers as a platform's services do."""

import json
from collections.abc import Callable
from typing import Any

from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService
from lti_adapters.pylti1p3.grade import Grade
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from lti_core import scopes
from tests.fakes import TOOL_PEM

LMS = "https://lms.example"
GROUPS = scopes.GROUPS_READ
ALL = [scopes.LINE_ITEM, scopes.RESULT_READ, scopes.SCORE]
REGISTRATION = (
    Registration()
    .set_issuer(LMS)
    .set_client_id("tool-1")
    .set_auth_token_url(f"{LMS}/token")
    .set_tool_private_key(TOOL_PEM)
)


class Answered:
    """What a session answers."""

    def __init__(self, body: Any, status: int = 200, **headers: str) -> None:
        self.status_code = status
        self.text = body if isinstance(body, str) else json.dumps(body)
        self.headers = {name.capitalize(): value for name, value in headers.items()}


class Session:
    """As much of a session as is used. Tokens it gives by itself."""

    def __init__(self, answer: Callable[[str, str], Answered]) -> None:
        self.answer = answer
        self.tokens: list[dict[str, str]] = []
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []

    def get(self, url: str, headers: dict[str, str]) -> Answered:
        self.asked.append(("GET", url, headers, None))
        return self.answer("GET", url)

    def post(self, url: str, data: Any, headers: dict[str, str]) -> Answered:
        if url == f"{LMS}/token":
            self.tokens.append(data)
            return Answered({"access_token": f"t-{len(self.tokens)}", "token_type": "Bearer", "expires_in": 3600})
        self.asked.append(("POST", url, headers, json.loads(data)))
        return self.answer("POST", url)


def of_pages(pages: dict[str, Any]) -> Session:
    """Answers addresses with what is given for them."""
    return Session(lambda _, url: pages[url] if isinstance(pages[url], Answered) else Answered(pages[url]))


def gradebook(session: Session, **claim: Any) -> AssignmentsGradesService:
    data = {"scope": ALL, "lineitems": f"{LMS}/items?course=3", **claim}
    return AssignmentsGradesService(ServiceConnector(REGISTRATION, session), data)


def grade() -> Grade:
    return (
        Grade()
        .set_score_given(0)
        .set_score_maximum(10)
        .set_timestamp("2026-11-24T12:00:00+00:00")
        .set_activity_progress("Completed")
        .set_grading_progress("FullyGraded")
        .set_user_id("u-42")
    )
