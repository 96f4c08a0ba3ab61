"""Moodle 4.5, as recorded: exact media types, short roles, its own paging, whole seconds, and what it loses.

Each recorded exchange of its services is answered with the same status, media type and shape:
`tests/simulator/services/test_moodle_recordings.py` compares them.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape

from attrs import frozen

from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.people import INSTRUCTOR, Person
from lti_adapters.simulator.profiles.moodle_links import curly_links
from lti_adapters.simulator.profiles.moodle_members import version_1
from lti_adapters.simulator.profiles.moodle_words import (
    FORMATS,
    JSON,
    LABEL_LENGTH,
    TEXT,
    UNKNOWN_KID,
    USED,
    UTF_8,
    VERSION_1,
    WORDS,
)
from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.profiles.profile import Profile
from lti_adapters.simulator.services.answers import Call, Refused, answer, read_object
from lti_adapters.simulator.services.gradebook import Grade, LineItem
from lti_adapters.simulator.services.media_types import MEMBERS, RESULTS, SCORE
from lti_adapters.simulator.services.numbers import is_number
from lti_adapters.simulator.services.score_rules import timestamp_of
from lti_adapters.simulator.services.span import Span, link_header, next_only
from lti_core import scopes
from lti_core.claims import BASIC_OUTCOME
from lti_core.ports import HttpResponse


@frozen(kw_only=True)
class Moodle(Profile):
    """Moodle 4.5."""

    def refused(self, refusal: Refused, call: Call) -> HttpResponse:
        """The request is repeated in the body; a score that is refused gets an empty list."""
        if call.kind == "scores" and refusal.error in ("score", "outdated"):
            return answer(refusal.status, [], self.typed(SCORE))
        if refusal.error == "page":
            return HttpResponse(status=refusal.status, headers={"content-type": TEXT}, body=b"<html></html>")
        request = {"method": call.method, "url": call.target}
        for name, header in (("accept", "accept"), ("contentType", "content-type")):
            if header in call.headers:
                request[name] = call.headers[header]
        return answer(refusal.status, {"status": refusal.status, "reason": refusal.reason, "request": request}, JSON)

    def token_refused(self, refusal: Refused) -> HttpResponse:
        """Always 400, labelled as HTML, and mostly without the words of RFC 6749."""
        if refusal.about == "kid":
            return HttpResponse(status=400, headers={"content-type": TEXT}, body=UNKNOWN_KID)
        return answer(400, {"error": WORDS.get(refusal.about, refusal.error)}, TEXT)

    def check_media_types(self, call: Call) -> None:
        """Exactly one of the service's types; parameters are borne in what is sent only."""
        if call.method == "DELETE":
            return
        reading = call.method == "GET"
        named = call.headers.get("accept", "") if reading else call.media_type
        anything = named in ("", "*/*") and reading
        if not anything and named not in FORMATS[call.kind]:
            raise self.no_service(call)
        used = USED.get(call.kind, {}).get(call.method, named)
        if named != used and named != "":
            raise Refused(400, "No context or unsupported content type")

    def check_place(self, call: Call, deployment_id: str) -> None:
        """`type_id`, and the binding of a class list, must be the tool's, where they are named."""
        if call.query.get("type_id", deployment_id) != deployment_id and call.kind in ("line-items", "line-item"):
            raise Refused(401, "Unauthorized")
        if call.kind == "members" and call.deployment_id != deployment_id:
            raise Refused(401, "Unauthorized")

    def no_service(self, call: Call) -> Refused:
        """400, where others say 404."""
        named = call.headers.get("accept", "") if call.method == "GET" else call.media_type
        return Refused(400, f"No handler found for {call.path} {named}")

    def no_course(self, course_id: str) -> str:
        """As Moodle says it."""
        return f"Not Found: Course {course_id} doesn't exist"

    def no_link(self, link_id: str) -> str:
        """As Moodle says it."""
        return f"Not Found: LTI link {link_id} doesn't exist"

    def no_line_item(self, line_item_id: str) -> str:
        """As Moodle says it."""
        return f"Not Found: Grade item {line_item_id} doesn't exist"

    # members

    def roles(self, person: Person) -> list[str]:
        """Who manages activities is an Instructor, everybody else a Learner."""
        return ["Instructor" if INSTRUCTOR in person.roles else "Learner"]

    def has_role(self, person: Person, role: str) -> bool:
        """An unknown role filters nothing."""
        word = role.rpartition("#")[2]
        return word not in ("Instructor", "Learner") or word in self.roles(person)

    def member(self, person: Person) -> dict[str, object]:
        """Names are escaped as if for HTML, and nobody lacks a sourced id."""
        entry = Profile.member(self, person)
        for name in ("name", "given_name", "family_name"):
            if name in entry:
                entry[name] = escape(str(entry[name]), quote=False)
        entry["lis_person_sourcedid"] = person.sourced_id or ""
        return {**entry, "ext_user_username": person.login}

    def message(self, person: Person, activity: Activity | None, issuer: str) -> dict[str, object]:
        """The basic outcome of a graded link of this tool; custom parameters are not told."""
        if activity is None or activity.foreign or not activity.graded:
            return {}
        sourced_id = json.dumps({"data": {"instanceid": activity.id, "userid": person.id}, "hash": ""})
        service = f"{issuer}/mod/lti/service.php"
        return {BASIC_OUTCOME: {"lis_result_sourcedid": sourced_id, "lis_outcome_service_url": service}}

    def members(self, body: dict[str, object], call: Call, following: str) -> HttpResponse:
        """Version 1, in JSON-LD, is still told who asks for it."""
        if call.headers.get("accept") == VERSION_1:
            return answer(200, version_1(body, following), self.typed(VERSION_1))
        if call.kind == "link-members":
            bare = {**body, "context": {"id": call.course_id, "label": "", "title": ""}}
            return answer(200, bare, self.typed(VERSION_1))
        return answer(200, body, self.typed(MEMBERS), **link_header(next_only(following)))

    def keeps_filters(self, call: Call) -> Mapping[str, str]:
        """The next page's address loses the role: from there on everybody is listed."""
        return {"rlid": call.query["rlid"]} if "rlid" in call.query else {}

    # line items

    def links(self, url: str, call: Call, span: Span) -> str:
        """All relations, in typographic quotes, with addresses as if for HTML. Whole lists have none."""
        return curly_links(span, url, call.query, self.page_by)

    def kept(self, sent: Mapping[str, object], refusal: str) -> dict[str, object]:
        """What is stored; the rest is echoed only."""
        if "label" not in sent or "scoreMaximum" not in sent:
            raise Refused(400, refusal or "Bad Request")
        label, maximum = str(sent["label"]), _number(sent["scoreMaximum"])
        if maximum is None:
            raise Refused(400, "Bad Request")
        if len(label) > LABEL_LENGTH:
            raise Refused(0, "Error writing to database")
        texts = {
            name: sent[name] for name in ("resourceId", "tag", "resourceLinkId") if isinstance(sent.get(name), str)
        }
        return {"label": label, "scoreMaximum": maximum, **texts}

    def shown(self, item: LineItem) -> dict[str, object]:
        """resourceId and tag are there, be they empty; the link's id stands under its old name, too."""
        shown = {"label": item.label, "scoreMaximum": item.maximum}
        shown |= {"resourceId": item.resource_id or "", "tag": item.tag or ""}
        if item.resource_link_id is not None:
            shown |= {"resourceLinkId": item.resource_link_id, "ltiLinkId": item.resource_link_id}
        if item.coupled and "submissionReview" in item.members:
            shown["submissionReview"] = item.members["submissionReview"]
        return shown

    def echo(self, item: LineItem, sent: Mapping[str, object]) -> dict[str, object]:
        """What was sent."""
        return dict(sent)

    def deleted(self) -> HttpResponse:
        """Nothing, labelled as HTML."""
        return HttpResponse(status=204, headers={"content-type": TEXT})

    def line_item_id(self, number: int, activity_id: str | None) -> str:
        """Numbers; 1 is the course's total."""
        return str(number + 1)

    def check_line_item_id(self, line_item_id: str) -> None:
        """What is no number ends in a crash."""
        if not line_item_id.isdigit():
            raise Refused(0, "Error reading from database")

    # scores and results

    def check_user_id(self, user_id: str) -> None:
        """What is no number ends in a crash."""
        if not user_id.isdigit():
            raise Refused(0, "Error reading from database")

    def read_score(self, call: Call) -> dict[str, object]:
        """Progress may be any word, numbers may be texts."""
        try:
            sent = read_object(call)
        except ValueError as error:
            raise Refused(400, "Incorrect score received", "score") from error
        needed = {"userId", "timestamp", "activityProgress", "gradingProgress"}
        given = sent.get("scoreGiven")
        lacks_number = given is not None and (_number(given) is None or _number(sent.get("scoreMaximum")) is None)
        if needed - sent.keys() or lacks_number:
            raise Refused(400, "Incorrect score received", "score")
        try:
            timestamp_of(sent)
        except Refused as refusal:
            raise Refused(400, "Incorrect score received", "score") from refusal
        return sent

    def is_outdated(self, sent: datetime, kept: datetime) -> bool:
        """Whole seconds count."""
        return int(sent.timestamp()) <= int(kept.timestamp())

    def time_kept(self, item: LineItem, sent: datetime, now: datetime) -> datetime:
        """For the line item of a link the platform's clock counts, for others the tool's."""
        return (now if item.coupled else sent).astimezone(UTC).replace(microsecond=0)

    def scored(self, sent: Mapping[str, object], result_url: str) -> HttpResponse:
        """200, without a body."""
        return HttpResponse(status=200, headers={"content-type": self.typed(SCORE)})

    def has_result(self, item: LineItem, grade: Grade) -> bool:
        """An erased grade is gone."""
        return grade.score is not None

    def result(self, grade: Grade) -> dict[str, object]:
        """The time of the last change is told, too."""
        return {**Profile.result(self, grade), "timestamp": grade.timestamp.isoformat(timespec="seconds")}

    def results(self, body: list[dict[str, object]], call: Call, links: str) -> HttpResponse:
        """Pages of results end in a page of HTML."""
        if links:
            raise Refused(404, "Not Found", "page")
        return answer(200, body, self.typed(RESULTS))


def _number(value: object) -> int | float | None:
    """A number, also one in a text."""
    if not isinstance(value, str):
        return value if is_number(value) else None
    try:
        read = float(value)
    except ValueError:
        return None
    return read if is_number(read) else None


MOODLE = Moodle(
    name="moodle",
    family="moodle",
    paths=Paths(
        token="/mod/lti/token.php",  # noqa: S106  # a path
        members="/mod/lti/services.php/CourseSection/{course}/bindings/{deployment}/memberships",
        link_members="/mod/lti/services.php/links/{link}/memberships",
        groups="",
        group_sets="",
        line_items="/mod/lti/services.php/{course}/lineitems",
        line_item="/mod/lti/services.php/{course}/lineitems/{line_item}/lineitem",
        query="type_id={deployment}",
    ),
    scopes=(
        scopes.LINE_ITEM,
        scopes.LINE_ITEM_READ,
        scopes.RESULT_READ,
        scopes.SCORE,
        scopes.MEMBERS_READ,
        "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
        "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting",
    ),
    nrps_versions=("1.0", "2.0"),
    algorithms=frozenset({"RS256"}),
    checks=frozenset(),
    token_media_type=TEXT,
    charset=UTF_8,
    client_error=400,
    wrong_assertion_type="unsupported_grant_type",
    bearer_exact=True,
    scope_missing=401,
    link_refused=404,
    item_link_refused=403,
    any_course=True,
    shows_foreign=True,
    create_refusal="No label or Score Maximum",
    page_size=None,
    page_most=1_000_000,
    limit_checked=False,
    delete_coupled=None,
    outdated=409,
    not_gradable=400,
    unfinished_erases=True,
    cuts_scores=True,
    accept_types=("ltiResourceLink",),
    accept_targets=("frame", "iframe", "window"),
    data=None,
    trusting_links=True,
)
