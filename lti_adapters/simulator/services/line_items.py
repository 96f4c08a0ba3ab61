"""The line item service: list, create, read, replace, delete (AGS 2.0 §3.2)."""

from collections.abc import Mapping

from lti_adapters.simulator.services.answers import Call, Refused, answer, read_object
from lti_adapters.simulator.services.gradebook import LineItem
from lti_adapters.simulator.services.media_types import LINE_ITEM, LINE_ITEMS
from lti_adapters.simulator.services.paging import asked
from lti_adapters.simulator.services.span import link_header
from lti_adapters.simulator.services.world import World
from lti_core.ports import HttpResponse

FILTERS = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
MOST_BYTES = 64 * 1024


def list_line_items(call: Call, world: World) -> HttpResponse:
    """GET: a page of the course's line items that are this tool's."""
    course, profile = world.course(call), world.profile
    own = (item for item in world.gradebook.line_items if item.course_id == course.id and not item.foreign)
    items = [item for item in own if _fits(item, call.query)]
    span = asked(call.query, profile).of(len(items))
    links = profile.links(world.addresses.absolute(call), call, span)
    shown = [_shown(world, call, item) for item in span.cut(items)]
    return answer(200, shown, profile.typed(LINE_ITEMS), **link_header(links))


def create_line_item(call: Call, world: World) -> HttpResponse:
    """POST: another line item."""
    course, profile = world.course(call), world.profile
    sent = _sent(call, profile.create_refusal)
    kept = profile.kept(sent, profile.create_refusal)
    _refuse_foreign_link(world, course.id, kept)
    item = world.gradebook.add(course.id, kept)
    echoed = {**profile.echo(item, sent), "id": _address(world, call, item)}
    return answer(201, echoed, profile.typed(LINE_ITEM), location=_address(world, call, item))


def read_line_item(call: Call, world: World) -> HttpResponse:
    """GET: one line item."""
    return answer(200, _shown(world, call, world.own_line_item(call)), world.profile.typed(LINE_ITEM))


def replace_line_item(call: Call, world: World) -> HttpResponse:
    """PUT: a line item with other members; what is not sent is lost."""
    item, profile = world.own_line_item(call), world.profile
    sent = _sent(call, "A line item is a JSON object.")
    kept = profile.kept(sent, "")
    if kept.get("resourceLinkId") != item.resource_link_id:
        _refuse_foreign_link(world, item.course_id, kept)
    if item.coupled:
        kept["resourceLinkId"] = item.resource_link_id
    replaced = world.gradebook.replace(item.id, kept)
    if replaced is None:
        raise Refused(404, profile.no_line_item(item.id))
    return answer(200, {**profile.echo(replaced, sent), "id": _address(world, call, item)}, profile.typed(LINE_ITEM))


def delete_line_item(call: Call, world: World) -> HttpResponse:
    """DELETE: a line item, and the grades in it."""
    item, profile = world.own_line_item(call), world.profile
    if item.coupled and profile.delete_coupled is not None:
        raise Refused(profile.delete_coupled, "The line item belongs to a link; delete the link.")
    if not world.gradebook.delete(item.id):
        raise Refused(404, profile.no_line_item(item.id))
    return profile.deleted()


def _fits(item: LineItem, query: Mapping[str, str]) -> bool:
    return all(item.members.get(member) == query[name] for name, member in FILTERS.items() if query.get(name))


def _shown(world: World, call: Call, item: LineItem) -> dict[str, object]:
    return {"id": _address(world, call, item), **world.profile.shown(item)}


def _address(world: World, call: Call, item: LineItem) -> str:
    return world.addresses.line_item(call.course_id, item.id)


def _sent(call: Call, refusal: str) -> dict[str, object]:
    if len(call.body) > MOST_BYTES:
        raise Refused(413, "A line item is no longer than 64 KiB.")
    try:
        return read_object(call)
    except ValueError as error:
        raise Refused(400, refusal) from error


def _refuse_foreign_link(world: World, course_id: str, kept: Mapping[str, object]) -> None:
    link_id = kept.get("resourceLinkId")
    if isinstance(link_id, str) and link_id:
        link = world.link(course_id, link_id)
        if link is None or link.foreign:
            raise Refused(world.profile.item_link_refused, "That resource link is none of this tool's here.")
