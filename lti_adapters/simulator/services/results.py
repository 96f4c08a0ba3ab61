"""The result service: what the gradebook holds (AGS 2.0 §3.3)."""

from lti_adapters.simulator.services.answers import Call
from lti_adapters.simulator.services.gradebook import Grade, LineItem
from lti_adapters.simulator.services.paging import asked
from lti_adapters.simulator.services.world import World
from lti_core.ports import HttpResponse


def results(call: Call, world: World) -> HttpResponse:
    """GET: a page of the results of a line item."""
    item, profile = world.own_line_item(call), world.profile
    user_id = call.query.get("user_id", "")
    grades = (grade for grade in world.gradebook.grades(item.id) if not user_id or grade.user_id == user_id)
    chosen = [grade for grade in grades if profile.has_result(item, grade)]
    span = asked(call.query, profile).of(len(chosen))
    links = profile.links(world.addresses.absolute(call), call, span)
    return profile.results([_result(world, call, item, grade) for grade in span.cut(chosen)], call, links)


def _result(world: World, call: Call, item: LineItem, grade: Grade) -> dict[str, object]:
    return {
        "id": world.addresses.result(call.course_id, item.id, grade.user_id),
        "scoreOf": world.addresses.line_item(call.course_id, item.id),
        "userId": grade.user_id,
        **world.profile.result(grade),
    }
