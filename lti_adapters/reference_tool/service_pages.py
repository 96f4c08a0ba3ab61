"""What the reference tool shows people of a platform's services: lists, small forms, and what was sent."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TypeVar

from attrs import field, frozen

from lti_adapters.pages.page import Page
from lti_adapters.reference_tool.launched import framing, pages
from lti_adapters.reference_tool.picking import offered_to
from lti_adapters.services.grades import Submitted
from lti_adapters.services.listing import Listing
from lti_core.messages import LaunchMessage
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.roles import QUESTIONS
from lti_core.services.groups import Group, GroupSet
from lti_core.services.line_items import LineItem
from lti_core.services.members import Member
from lti_core.services.results import Result
from lti_core.services.scores import GradingProgress, Score

MOST_ROWS = 300

Item = TypeVar("Item")
Row = tuple[object, ...]


@frozen(kw_only=True)
class Place:
    """Where a page stands.

    Attributes:
        address: of the page, where its form is posted to as well.
        launch_address: of the launch that it belongs to.
        framed_by: addresses of the platform beside those that the launch names.
    """

    launch: LaunchMessage
    address: str
    launch_address: str
    framed_by: tuple[str, ...] = ()

    def page(self, template: str, **values: object) -> Page:
        """A page of the launch."""
        place = {"launch": self.launch, "address": self.address, "launch_address": self.launch_address}
        return pages().render(template, {**place, **values}, framed_by=framing(self.launch, self.framed_by))


@frozen(kw_only=True)
class Table:
    """The beginning of a list, for people.

    Attributes:
        is_cut: whether there is more.
        skipped: how many items could not be read.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    is_cut: bool = False
    skipped: int = 0


def members_page(place: Place, members: Listing[Member]) -> Page:
    """The class list."""
    table = _table(("Name", "Is", "Id", "E-mail", "Groups"), members, _member)
    return place.page("service.html", title="Members", table=table)


def groups_page(place: Place, groups: Listing[Group], sets: Mapping[str, GroupSet]) -> Page:
    """The groups of the course."""
    table = _table(("Name", "Tag", "Sets", "Id", ""), groups, lambda group: _group(group, sets))
    return place.page("service.html", title="Groups", table=table)


def line_items_page(place: Place, items: Listing[LineItem], *, may_create: bool) -> Page:
    """The columns of the gradebook that are this tool's, and a form to make one."""
    table = _table(("Label", "Points", "Tag", "Link", "Address"), items, _line_item)
    return place.page("line_items.html", title="Line items", table=table, may_create=may_create)


def grades_page(
    place: Place, results: Listing[Result] | None, *, note: str, scores_address: str, line_item: str = ""
) -> Page:
    """The grades in the link's line item, and a form to send one.

    Args:
        results: None where there are none to be had, for the reason in `note`.
        scores_address: where the form is posted to; empty where scores are not allowed.
        line_item: address of the line item, where it is not the link's own.
    """
    table = _table(("Who", "Grade", "Of", "Comment"), results, _result) if results is not None else None
    values = {"note": note, "scores_address": scores_address, "line_item": line_item, "words": GradingProgress.ALL}
    return place.page("grades.html", title="Grades", table=table, **values)


def choose_page(place: Place, request: DeepLinkingRequest) -> Page:
    """A form to pick sample content with."""
    settings = request.deep_linking_settings
    several = settings.accept_multiple is True
    return place.page("choose.html", title="Choose content", samples=offered_to(request), several=several)


def submitted_page(place: Place, submitted: Submitted) -> Page:
    """A score was sent."""
    score = submitted.score
    sent = {**_said(score), "Line item": submitted.line_item}
    return place.page("sent.html", title="The score was sent", sent=sent, warnings=submitted.warnings)


def created_page(place: Place, item: LineItem) -> Page:
    """A line item was made."""
    sent = {"Label": item.label, "Points": item.score_maximum, "Tag": item.tag, "Address": item.id}
    return place.page("sent.html", title="The line item was made", sent=sent, warnings=())


def _said(score: Score) -> dict[str, object]:
    points = "none" if score.given is None else f"{score.given} of {score.maximum}"
    progress = f"{score.activity_progress}, {score.grading_progress}"
    return {
        "Learner": score.user_id,
        "Score": points,
        "Progress": progress,
        "Comment": score.comment,
        "Time": f"{score.timestamp:%Y-%m-%d %H:%M:%S} UTC" if score.timestamp else None,
    }


def _table(headings: tuple[str, ...], items: Listing[Item], row: Callable[[Item], Row]) -> Table:
    """As many rows as a person looks through. What comes later is not fetched."""
    rows = tuple(row(item) for item in islice(items, MOST_ROWS + 1))
    is_cut = len(rows) > MOST_ROWS
    return Table(headings=headings, rows=rows[:MOST_ROWS], is_cut=is_cut, skipped=items.skipped_count)


def _member(member: Member) -> Row:
    parts = " ".join(part for part in (member.given_name, member.family_name) if part)
    answers = (question.replace("_", " ") for question in QUESTIONS if member.roles.answers(question))
    state = () if member.status == "Active" else (member.status,)
    is_what = ", ".join((*answers, *state))
    return member.name or parts, is_what, member.user_id, member.email, ", ".join(member.group_ids)


def _group(group: Group, sets: Mapping[str, GroupSet]) -> Row:
    names = ", ".join(sets[one].name if one in sets else one for one in group.set_ids)
    return group.name, group.tag, names, group.id, "hidden" if group.hidden else ""


def _line_item(item: LineItem) -> Row:
    return item.label, item.score_maximum, item.tag, item.resource_link_id, item.id


def _result(result: Result) -> Row:
    return result.user_id, "none" if result.score is None else result.score, result.maximum, result.comment
