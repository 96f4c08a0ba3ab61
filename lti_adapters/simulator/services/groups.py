"""The course groups service: groups, the sets that they belong to, and who is in them (Course Groups 1.0)."""

from lti_adapters.simulator.courses import Course, Group, GroupSet
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.roster import number_of
from lti_adapters.simulator.services.answers import Call, answer
from lti_adapters.simulator.services.media_types import GROUP_SETS, GROUPS
from lti_adapters.simulator.services.paging import asked
from lti_adapters.simulator.services.span import link_header, next_only
from lti_adapters.simulator.services.world import World
from lti_core.ports import HttpResponse


def groups(call: Call, world: World) -> HttpResponse:
    """GET: a page of the course's groups, or of those of one member."""
    course = world.course(call)
    chosen = course.groups
    if user_id := call.query.get("user_id", ""):
        person = world.person(course.id, user_id)
        chosen = groups_of(course, person) if person is not None else ()
    return _page(call, world, "groups", [_group(group) for group in chosen], GROUPS)


def group_sets(call: Call, world: World) -> HttpResponse:
    """GET: a page of the course's sets of groups."""
    course = world.course(call)
    return _page(call, world, "sets", [_group_set(group_set) for group_set in course.group_sets], GROUP_SETS)


def groups_of(course: Course, person: Person) -> tuple[Group, ...]:
    """The groups that somebody is in."""
    number, open_ones = number_of(person.id or ""), [group for group in course.groups if not group.hidden]
    if number and open_ones:
        return (open_ones[number % len(open_ones)],)
    return tuple(group for group in course.groups if person.id in group.members)


def _page(call: Call, world: World, name: str, entries: list[dict[str, object]], media_type: str) -> HttpResponse:
    span = asked(call.query, world.profile).of(len(entries))
    url = world.addresses.absolute(call)
    links = next_only(span.next_address(url, call.query, world.profile.page_by))
    return answer(200, {"id": url, name: span.cut(entries)}, world.profile.typed(media_type), **link_header(links))


def _group(group: Group) -> dict[str, object]:
    tag = {"tag": group.tag} if group.tag is not None else {}
    return {"id": group.id, "name": group.name, **tag, "set_ids": list(group.set_ids), "hidden": group.hidden}


def _group_set(group_set: GroupSet) -> dict[str, object]:
    return {"id": group_set.id, "name": group_set.name, "hidden": group_set.hidden}
