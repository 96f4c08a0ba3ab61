"""What the reference tool does at a platform's services with one launch, and for whom."""

from itertools import islice

from attrs import frozen

from lti_adapters.reference_tool.reading import SentScore
from lti_adapters.services.grades import Submitted
from lti_adapters.services.listing import Listing
from lti_adapters.tool import Tool
from lti_core.errors import AccessRefused
from lti_core.messages import LaunchMessage
from lti_core.services.groups import Group, GroupSet
from lti_core.services.line_items import LineItem
from lti_core.services.members import Member
from lti_core.services.results import Result

STAFF = ("teacher", "teaching_assistant", "designer")
MOST_SETS = 10_000


def is_for_staff(launch: LaunchMessage) -> bool:
    """Whether whoever launched teaches the course, assists there, or makes its content."""
    return any(launch.roles.answers(question) for question in STAFF)


def refuse_others(launch: LaunchMessage) -> None:
    """Refuse to read about the class, or to write, for anybody but those who teach or design the course.

    The platform lets this tool do it for the whole course, whoever launched: the tool must tell people apart.

    Raises:
        AccessRefused: `tool.role_required`.
    """
    if not is_for_staff(launch):
        message = "Your role in this course does not allow that."
        raise AccessRefused("tool.role_required", message, expected=", ".join(STAFF))


def refuse_without_line_item(launch: LaunchMessage) -> None:
    """Refuse where scores have nowhere to go: the launch names no line item, and no link that one could be found by.

    Raises:
        AccessRefused: `service.ags.no_line_item`.
    """
    named = launch.endpoint is not None and launch.endpoint.line_item
    if not named and (launch.resource_link is None or not launch.may.list_line_items):
        message = "This launch is of no activity that has grades: it names no line item."
        raise AccessRefused("service.ags.no_line_item", message, "AGS 2.0 §3.1", "lineitem")


@frozen(eq=False)
class Services:
    """The services of the course of one launch. Lists are read page by page, while they are taken.

    Every method:

    Raises:
        AccessRefused: `tool.role_required`; what the platform did not grant.
        ServiceFailed: what the platform refused.
    """

    tool: Tool
    launch: LaunchMessage

    def members(self, *, role: str | None = None, limit: int | None = None) -> Listing[Member]:
        """The members of the course, with their groups where the platform has groups."""
        refuse_others(self.launch)
        class_list = self.tool.class_list(self.launch)
        return class_list.members(role=role, limit=limit, groups=self.launch.may.read_groups)

    def groups(self, *, user_id: str | None = None, limit: int | None = None) -> Listing[Group]:
        """The groups of the course, hidden ones, too."""
        refuse_others(self.launch)
        return self.tool.class_list(self.launch).groups(user_id=user_id, limit=limit)

    def group_sets(self) -> dict[str, GroupSet]:
        """The sets of the groups, by their ids; none where the platform has none. At most 10,000."""
        refuse_others(self.launch)
        if not self.launch.may.read_group_sets:
            return {}
        sets = self.tool.class_list(self.launch).group_sets()
        return {one.id: one for one in islice(sets, MOST_SETS)}

    def line_items(
        self,
        *,
        tag: str | None = None,
        resource_id: str | None = None,
        resource_link_id: str | None = None,
        limit: int | None = None,
    ) -> Listing[LineItem]:
        """The line items of this tool in the course. They say nothing about people: everybody may see them."""
        return self.tool.grades(self.launch).line_items(
            tag=tag, resource_id=resource_id, resource_link_id=resource_link_id, limit=limit
        )

    def create(self, line_item: LineItem) -> LineItem:
        """Make a line item."""
        refuse_others(self.launch)
        return self.tool.grades(self.launch).create(line_item)

    def submit(self, sent: SentScore) -> Submitted:
        """Send a score."""
        refuse_others(self.launch)
        self.launch.may.demand("submit_scores")
        self.refuse_foreign(sent.line_item)
        return self.tool.grades(self.launch).submit(sent.score, sent.line_item, tag=sent.tag)

    def results(
        self, *, line_item: str | None = None, user_id: str | None = None, limit: int | None = None
    ) -> Listing[Result]:
        """The grades in a line item of the course, else in the link's own."""
        refuse_others(self.launch)
        self.launch.may.demand("read_results")
        self.refuse_foreign(line_item)
        return self.tool.grades(self.launch).results(line_item, user_id=user_id, limit=limit)

    def refuse_foreign(self, line_item: str | None) -> None:
        """Refuse a line item of another course: who teaches here may not grade there, though the tool could.

        Raises:
            AccessRefused: `tool.line_item_foreign`.
        """
        own = self.launch.endpoint.line_item if self.launch.endpoint is not None else None
        if line_item in (None, own):
            return
        if not any(item.id == line_item for item in self.line_items()):
            message = "That is not the address of a line item of this course."
            raise AccessRefused("tool.line_item_foreign", message, "AGS 2.0 §3.1", "an id of the line items")
