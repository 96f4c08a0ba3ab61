"""What a score must be (AGS 2.0 §3.4)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from lti_adapters.simulator.services.answers import Call, Refused, read_object
from lti_adapters.simulator.services.numbers import is_number

ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


def timestamp_of(sent: Mapping[str, object]) -> datetime:
    """When the score came to be; where no zone is named, in UTC.

    Raises:
        Refused: 400.
    """
    text = sent.get("timestamp")
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        read = None
    if read is None:
        raise Refused(400, "timestamp must be a date and time in ISO 8601.")
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def read_score(call: Call) -> dict[str, object]:
    """A score as the specification demands it.

    Raises:
        Refused: 400, naming what is wrong.
    """
    try:
        sent = read_object(call)
    except ValueError as error:
        raise Refused(400, "A score is a JSON object.") from error
    for name, words in (("activityProgress", ACTIVITY_PROGRESS), ("gradingProgress", GRADING_PROGRESS)):
        if sent.get(name) not in words:
            raise Refused(400, f"{name} must be one of {', '.join(words)}.")
    user_id, comment = sent.get("userId"), sent.get("comment")
    if not isinstance(user_id, str) or not user_id:
        raise Refused(400, "userId must be a text.")
    if comment is not None and not isinstance(comment, str):
        raise Refused(400, "comment must be a text.")
    if timestamp_of(sent) and "T" not in str(sent["timestamp"]):
        raise Refused(400, "timestamp must have a time of day.")
    if not _has_zone(str(sent["timestamp"])):
        raise Refused(400, "timestamp must name its zone.")
    _check_numbers(sent)
    return sent


def _check_numbers(sent: Mapping[str, object]) -> None:
    given, maximum = sent.get("scoreGiven"), sent.get("scoreMaximum")
    if given is not None and not (is_number(given) and given >= 0):
        raise Refused(400, "scoreGiven must be a number, 0 or more.")
    if (given is not None or maximum is not None) and not (is_number(maximum) and maximum > 0):
        raise Refused(400, "scoreMaximum must be a number above 0, and stand beside scoreGiven.")


def _has_zone(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None
