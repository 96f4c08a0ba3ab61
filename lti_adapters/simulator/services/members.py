"""The names and role service: a course's class list, page by page (NRPS 2.0 §2)."""

from collections.abc import Sequence

from attrs import frozen

from lti_adapters.simulator.courses import Activity, Course
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.services.answers import Call, Refused
from lti_adapters.simulator.services.differences import (
    Gone,
    changed,
    is_of_changes,
    leading_to_changes,
    of_reading,
    read_as_of,
)
from lti_adapters.simulator.services.groups import groups_of
from lti_adapters.simulator.services.paging import asked
from lti_adapters.simulator.services.world import World
from lti_core.claims import MESSAGE_TYPE
from lti_core.ports import HttpResponse


def members(call: Call, world: World) -> HttpResponse:
    """GET: a page of the class list, or of what has changed in it."""
    profile, course = world.profile, world.course(call)
    shown = _Shown(world, course, *_link(call, world, course), with_groups=call.query.get("groups") == "true")
    as_of = read_as_of(call, world.rosters[course.id].changes)
    people = _asked_for(call, world, course, as_of)
    if profile.members_at_once is not None and "limit" not in call.query and len(people) > profile.members_at_once:
        raise Refused(403, "Ask for fewer members at once.", "above_response_limit")
    span = asked(call.query, profile).of(len(people))
    url = world.addresses.absolute(call)
    body: dict[str, object] = {
        "id": url,
        "context": profile.context(course),
        "members": [shown.entry(person) for person in span.cut(people)],
    }
    kept = profile.keeps_filters(call)
    if not profile.offers_differences:
        return profile.members(body, call, span.next_address(url, kept, profile.page_by))
    following = span.next_address(url, of_reading(kept, as_of), profile.page_by)
    page = profile.members(body, call, following)
    return page if following else leading_to_changes(page, url, kept, as_of)


def _asked_for(call: Call, world: World, course: Course, as_of: int) -> Sequence[Person | Gone]:
    """The whole list that a page is taken from."""
    roster, role = world.rosters[course.id], call.query.get("role", "")

    def wanted(person: Person) -> bool:
        return not role or world.profile.has_role(person, role)

    if world.profile.offers_differences and is_of_changes(call):
        return changed(call, roster, as_of, wanted)
    return roster.chosen(wanted) if role else roster


@frozen
class _Shown:
    """What is shown of each member."""

    world: World
    course: Course
    of_link: bool
    link: Activity | None
    with_groups: bool = False

    def entry(self, person: Person | Gone) -> dict[str, object]:
        """One entry of the list."""
        profile = self.world.profile
        if isinstance(person, Gone):
            return profile.gone(person.person)
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
