"""Profile: what a platform's services do where the specification leaves a choice, or where the platform takes one."""

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.people import Person, principal_role, role_named
from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.services.answers import Call, Refused, answer, nothing
from lti_adapters.simulator.services.gradebook import Grade, LineItem
from lti_adapters.simulator.services.media_types import READ, SENT
from lti_adapters.simulator.services.numbers import is_number
from lti_adapters.simulator.services.score_rules import read_score
from lti_adapters.simulator.services.span import Span, link_header, next_only
from lti_core import scopes
from lti_core.claims import CUSTOM
from lti_core.ports import HttpResponse
from lti_core.tokens import ALGORITHMS

ALL_SCOPES = (
    scopes.LINE_ITEM,
    scopes.LINE_ITEM_READ,
    scopes.RESULT_READ,
    scopes.SCORE,
    scopes.MEMBERS_READ,
    scopes.GROUPS_READ,
)
ALL_TYPES = ("link", "ltiResourceLink", "file", "html", "image")
ALL_CHECKS = frozenset({"iss", "aud", "exp", "jti"})
FINAL = frozenset({"FullyGraded"})


@frozen(kw_only=True)
class Profile:
    """A platform that does what the specification says; others differ in values, and in few methods.

    Attributes:
        family: `product_family_code` of launches.
        scopes: what can be granted.
        nrps_versions: of the launch's claim.
        audience: what assertions must name; None: the token address.
        algorithms: of assertions.
        checks: claims of an assertion that are looked at, of iss, aud, exp and jti.
        token_type: as the token's answer says.
        token_media_type: of the token's answers.
        charset: parameters of every other media type.
        client_error: status of `invalid_client`.
        wrong_assertion_type: the error word for another client_assertion_type.
        grants_nothing: a token without any scope is handed out where none of the asked ones is known.
        bearer_exact: `Bearer` is compared with its capital.
        scope_missing: status where the token lacks the scope.
        link_refused: status where a class list is asked for by a link that is none of this tool's.
        item_link_refused: status where a line item is to belong to such a link.
        any_course: a line item is found under any course's address.
        shows_foreign: another tool's line items and links can be read.
        create_refusal: what there is to say of what is no line item.
        page_size: items of a page whose size the tool did not name; None: all.
        page_most: items of a page at most.
        page_by: the parameter that leads to the next page: "from" counts items, "page" counts pages.
        limit_checked: a limit that is no positive number is refused; else it is no limit.
        members_at_once: members of a course that may be asked for without a limit; None: any number.
        offers_differences: a class list tells where its changes can be read.
        course_link: the course's own id passes as a resource link's.
        delete_coupled: status where the line item of a link is to be deleted; None: it is.
        outdated: status where a score is older than the last one; `equal_outdated` where as old.
        not_gradable: status where the user gets no grades here.
        counted: words of gradingProgress whose score is used.
        unfinished_erases: other words erase the grade.
        cuts_scores: scores outside of 0 and the maximum are cut.
        accept_types, accept_targets, data: of deep linking requests; data None: none is sent.
        trusting_links: of a deep linking response only issuer, times and signature are looked at.
    """

    name: str = "spec"
    family: str = "lti-advantage-tool-simulator"
    paths: Paths = field(factory=Paths)
    scopes: tuple[str, ...] = ALL_SCOPES
    nrps_versions: tuple[str, ...] = ("2.0",)
    audience: str | None = None
    algorithms: frozenset[str] = ALGORITHMS
    checks: frozenset[str] = ALL_CHECKS
    token_type: str = "Bearer"  # noqa: S105  # a word
    token_media_type: str = "application/json"  # noqa: S105  # a media type
    charset: str = ""
    client_error: int = 401
    wrong_assertion_type: str = "invalid_request"
    grants_nothing: bool = False
    bearer_exact: bool = False
    scope_missing: int = 403
    link_refused: int = 400
    item_link_refused: int = 403
    any_course: bool = False
    shows_foreign: bool = False
    create_refusal: str = "A line item is a JSON object."
    page_size: int | None = 100
    page_most: int = 1000
    page_by: str = "from"
    limit_checked: bool = True
    members_at_once: int | None = None
    offers_differences: bool = False
    course_link: bool = False
    delete_coupled: int | None = 403
    outdated: int = 409
    equal_outdated: bool = True
    not_gradable: int = 422
    counted: frozenset[str] = FINAL
    unfinished_erases: bool = False
    cuts_scores: bool = False
    accept_types: tuple[str, ...] = ALL_TYPES
    accept_targets: tuple[str, ...] = ("iframe", "window")
    data: str | None = "csrf-4821"
    trusting_links: bool = False

    @property
    def offers_groups(self) -> bool:
        """Whether there is a groups service."""
        return bool(self.paths.groups)

    def typed(self, media_type: str) -> str:
        """A media type as it is answered."""
        return f"{media_type}{self.charset}"

    # refusals

    def refused(self, refusal: Refused, call: Call) -> HttpResponse:
        """How a refusal is written."""
        body = {"status": refusal.status, "error": refusal.error or "refused", "message": refusal.reason}
        headers = {"www_authenticate": "Bearer"} if refusal.status == 401 else {}
        return answer(refusal.status, body, **headers)

    def token_refused(self, refusal: Refused) -> HttpResponse:
        """How the token endpoint refuses (RFC 6749 §5.2)."""
        status = self.client_error if refusal.error == "invalid_client" else 400
        body = {"error": refusal.error, "error_description": refusal.reason}
        return answer(status, body, self.token_media_type)

    def check_media_types(self, call: Call) -> None:
        """Refuse a request whose media types are none of the service's.

        Raises:
            Refused: 406, 415.
        """
        wanted = READ.get(call.kind)
        accepted = [part.partition(";")[0].strip() for part in call.headers.get("accept", "*/*").split(",")]
        if call.method == "GET" and wanted is not None and not {wanted, "*/*"} & set(accepted):
            raise Refused(406, f"This service answers {wanted}.")
        if call.method in ("POST", "PUT") and call.media_type != SENT.get(call.kind, call.media_type):
            raise Refused(415, f"This service takes {SENT[call.kind]}.")

    def check_place(self, call: Call, deployment_id: str) -> None:
        """Refuse an address that names another tool.

        Raises:
            Refused: 401.
        """

    def no_service(self, call: Call) -> Refused:
        """There is no service at that path."""
        return Refused(404, "There is nothing here.")

    def no_course(self, course_id: str) -> str:
        """There is no such course."""
        return "There is no such course."

    def no_link(self, link_id: str) -> str:
        """There is no such link of this tool."""
        return "That resource link is none of this tool's in this course."

    def no_line_item(self, line_item_id: str) -> str:
        """There is no such line item."""
        return "There is no such line item."

    # members

    def context(self, course: Course) -> dict[str, object]:
        """The course, as a class list names it."""
        return {"id": course.id, "label": course.label, "title": course.title}

    def roles(self, person: Person) -> list[str]:
        """A member's roles, as a class list names them."""
        return list(person.roles)

    def has_role(self, person: Person, role: str) -> bool:
        """Whether `person` is in a class list that was asked for by `role`: a whole address, or a word.

        A sub-role counts for its principal role.
        """
        wanted = role_named(role)
        return any(wanted in (known, principal_role(known)) for known in person.roles)

    def member(self, person: Person) -> dict[str, object]:
        """A member of a class list."""
        identity = {name: value for name, value in person.identity.items() if name not in ("sub", "locale")}
        sourced = {"lis_person_sourcedid": person.sourced_id} if person.sourced_id is not None else {}
        return {"status": "Active", **identity, **sourced, "user_id": person.id, "roles": self.roles(person)}

    def message(self, person: Person, activity: Activity | None, issuer: str) -> dict[str, object]:
        """What a launch of that link would say of a member, beside who it is."""
        return {CUSTOM: dict(activity.custom)} if activity is not None else {}

    def members(self, body: dict[str, object], call: Call, following: str) -> HttpResponse:
        """The class list's answer; `following` is the address of the next page, or empty."""
        return answer(200, body, self.typed(READ["members"]), **link_header(next_only(following)))

    def gone(self, person: Person) -> dict[str, object]:
        """Somebody who is in the class list no more, as its changes tell."""
        return {"user_id": person.id, "status": "Deleted", "roles": self.roles(person)}

    def keeps_filters(self, call: Call) -> Mapping[str, str]:
        """What the address of a class list's next page keeps of the query."""
        return call.query

    # lists of grades

    def links(self, url: str, call: Call, span: Span) -> str:
        """The Link header of a page of line items or results; empty for none."""
        return next_only(span.next_address(url, call.query, self.page_by))

    def shown(self, item: LineItem) -> dict[str, object]:
        """A line item as it is listed and read, without its address."""
        return dict(item.members)

    def kept(self, sent: Mapping[str, object], refusal: str) -> dict[str, object]:
        """What is kept of a line item that a tool makes or replaces. `refusal` is what there is to say.

        Raises:
            Refused: it is no line item.
        """
        label, maximum = sent.get("label"), sent.get("scoreMaximum")
        if not isinstance(label, str) or not label.strip():
            raise Refused(400, "A line item needs a label.")
        if not is_number(maximum) or maximum <= 0:
            raise Refused(400, "scoreMaximum must be a number above 0.")
        for name in ("resourceId", "tag", "resourceLinkId"):
            if not isinstance(sent.get(name, ""), str):
                raise Refused(400, f"{name} must be a text.")
        return {name: value for name, value in sent.items() if name != "id"}

    def echo(self, item: LineItem, sent: Mapping[str, object]) -> dict[str, object]:
        """What a tool is answered that made or replaced a line item, without its address."""
        return self.shown(item)

    def deleted(self) -> HttpResponse:
        """What a tool is answered that deleted a line item."""
        return nothing()

    def line_item_id(self, number: int, activity_id: str | None) -> str:
        """The id of the line item of that number, counted from 1; `activity_id` is of the link that it belongs to."""
        return activity_id if activity_id is not None else f"item-{number}"

    def check_line_item_id(self, line_item_id: str) -> None:
        """Refuse an id that no line item can have."""

    # scores and results

    def check_user_id(self, user_id: str) -> None:
        """Refuse an id that no user can have."""

    def read_score(self, call: Call) -> dict[str, object]:
        """The score that was sent.

        Raises:
            Refused: it is none.
        """
        return read_score(call)

    def is_outdated(self, sent: datetime, kept: datetime) -> bool:
        """Whether a score is too old, as there is a newer one."""
        return sent <= kept if self.equal_outdated else sent < kept

    def time_kept(self, item: LineItem, sent: datetime, now: datetime) -> datetime:
        """The time that the next score is compared with."""
        return sent

    def scored(self, sent: Mapping[str, object], result_url: str) -> HttpResponse:
        """What a tool is answered whose score was taken."""
        return nothing()

    def has_result(self, item: LineItem, grade: Grade) -> bool:
        """Whether a grade is listed."""
        return True

    def result(self, grade: Grade) -> dict[str, object]:
        """A result as it is listed, without addresses and user."""
        members: dict[str, object] = {}
        if grade.score is not None:
            members |= {"resultScore": grade.score, "resultMaximum": grade.maximum}
        if grade.comment is not None:
            members["comment"] = grade.comment
        return members

    def results(self, body: list[dict[str, object]], call: Call, links: str) -> HttpResponse:
        """The answer to who asked for results."""
        return answer(200, body, self.typed(READ["results"]), **link_header(links))


SPEC = Profile(offers_differences=True)
