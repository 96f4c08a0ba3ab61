"""The names and role service: a course's class list, page by page (NRPS 2.0 §2)."""

from attrs import frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.services.answers import Call, Refused
from lti_adapters.simulator.services.groups import groups_of
from lti_adapters.simulator.services.paging import asked
from lti_adapters.simulator.services.world import World
from lti_core.claims import MESSAGE_TYPE
from lti_core.ports import HttpResponse


def members(call: Call, world: World) -> HttpResponse:
    """GET: a page of the class list."""
    profile, course = world.profile, world.course(call)
    shown = _Shown(world, course, *_link(call, world, course), with_groups=call.query.get("groups") == "true")
    roster = world.rosters[course.id]
    if role := call.query.get("role", ""):
        roster = roster.chosen(lambda person: profile.has_role(person, role))
    if profile.members_at_once is not None and "limit" not in call.query and len(roster) > profile.members_at_once:
        raise Refused(403, "Ask for fewer members at once.", "above_response_limit")
    span = asked(call.query, profile).of(len(roster))
    url = world.addresses.absolute(call)
    people = roster.part(span.start, span.size)
    body: dict[str, object] = {
        "id": url,
        "context": profile.context(course),
        "members": [shown.member(person) for person in people],
    }
    return profile.members(body, call, span.next_address(url, profile.keeps_filters(call), profile.page_by))


@frozen
class _Shown:
    """What is shown of each member."""

    world: World
    course: Course
    of_link: bool
    link: Activity | None
    with_groups: bool = False

    def member(self, person: Person) -> dict[str, object]:
        """One entry of the list."""
        profile = self.world.profile
        entry = profile.member(person)
        if self.of_link:
            said = profile.message(person, self.link, self.world.addresses.issuer)
            entry["message"] = [{MESSAGE_TYPE: "LtiResourceLinkRequest", **said}]
        if self.with_groups and profile.offers_groups:
            entry["group_enrollments"] = [{"group_id": group.id} for group in groups_of(self.course, person)]
        return entry


def _link(call: Call, world: World, course: Course) -> tuple[bool, Activity | None]:
    """Whether the list is one of a link, and of which; None for the course itself, where that counts as one.

    Raises:
        Refused: the link is none of this course and this tool.
    """
    link_id = call.link_id or call.query.get("rlid", "")
    if not link_id:
        return False, None
    if world.profile.course_link and link_id == course.id:
        return True, None
    link = world.link(course.id, link_id)
    if link is None or (link.foreign and not world.profile.shows_foreign):
        raise Refused(world.profile.link_refused, world.profile.no_link(link_id))
    return True, link
