"""What the reference tool tells programs of a platform's services: what the platform sent, and what we read in it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar, cast

from attrs import asdict

from lti_adapters.services.grades import Submitted
from lti_core.deep_linking import DeepLinkingResponse
from lti_core.errors import ServiceFailed
from lti_core.roles import QUESTIONS
from lti_core.rules.rule import Warned
from lti_core.services.groups import Group, GroupSet
from lti_core.services.line_items import LineItem
from lti_core.services.members import Member
from lti_core.services.results import Result
from lti_core.services.scores import score_members
from lti_core.services.sent import time_text
from lti_core.strict_json import write_json

IN_MEMORY = 1024 * 1024
MOST_BYTES = 512 * 1024 * 1024

Item = TypeVar("Item")
Document = Mapping[str, object]


def list_of(items: Iterable[Item], document: Callable[[Item], Document]) -> IO[bytes]:
    """A list of documents as JSON, in a file that is kept on disk once it has grown: class lists may be long.

    It is whole before any of it is sent, so that what the platform refuses on a later page can still be told.

    Raises:
        ServiceFailed: what `items` raises; `tool.list_too_long` beyond 512 MiB.
    """
    with ExitStack() as unless_whole:
        kept = cast("IO[bytes]", unless_whole.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)))
        kept.write(b"[")
        for number, item in enumerate(items):
            kept.write(f"{',' if number else ''}\n{write_json(document(item))}".encode())
            if kept.tell() > MOST_BYTES:
                raise ServiceFailed("tool.list_too_long", "The platform's list is too long for this tool.")
        kept.write(b"\n]\n")
        kept.seek(0)
        unless_whole.pop_all()
    return kept


def member_document(member: Member) -> Document:
    """A member. `questions` are those that the roles answer with yes, as "student"."""
    return {
        "user_id": member.user_id,
        "status": member.status,
        "name": member.name,
        "email": member.email,
        "roles": member.roles.names,
        "questions": [question for question in QUESTIONS if member.roles.answers(question)],
        "group_ids": member.group_ids,
        "claims": member.claims,
    }


def group_document(group: Group, sets: Mapping[str, GroupSet]) -> Document:
    """A group, with the names of its sets."""
    return {
        "id": group.id,
        "name": group.name,
        "tag": group.tag,
        "hidden": group.hidden,
        "sets": [{"id": one, "name": sets[one].name if one in sets else None} for one in group.set_ids],
        "claims": group.claims,
    }


def line_item_document(item: LineItem) -> Document:
    """A line item."""
    return {
        "id": item.id,
        "label": item.label,
        "score_maximum": item.score_maximum,
        "tag": item.tag,
        "resource_id": item.resource_id,
        "resource_link_id": item.resource_link_id,
        "starts_at": _time(item.starts_at),
        "ends_at": _time(item.ends_at),
        "grades_released": item.grades_released,
        "claims": item.claims,
    }


def result_document(result: Result) -> Document:
    """A learner's grade; `score` is null where there is none."""
    return {
        "user_id": result.user_id,
        "score": result.score,
        "maximum": result.maximum,
        "comment": result.comment,
        "scoring_user_id": result.scoring_user_id,
        "timestamp": _time(result.timestamp),
        "id": result.id,
        "score_of": result.score_of,
        "claims": result.claims,
    }


def submitted_document(submitted: Submitted) -> Document:
    """A score that the platform took; `score` as it was sent."""
    return {
        "line_item": submitted.line_item,
        "score": score_members(submitted.score),
        "result_url": submitted.published.result_url,
        "warnings": warning_documents(submitted.warnings),
    }


def picked_document(response: DeepLinkingResponse) -> Document:
    """The signed answer to a deep linking request, for a form to take to the platform as the field JWT."""
    return {
        "jwt": response.jwt,
        "return_url": response.return_url,
        "warnings": warning_documents(response.warnings),
    }


def warning_documents(warnings: Iterable[Warned]) -> list[dict[str, object]]:
    """Warnings for a program: all of them but which claim this library left unread."""
    return [asdict(warned, filter=lambda attribute, _: attribute.name != "drops") for warned in warnings]


def _time(time: datetime | None) -> str | None:
    return None if time is None else time_text(time)
