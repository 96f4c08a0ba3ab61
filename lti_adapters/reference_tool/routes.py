"""The addresses at which a launch's services are used from outside: JSON for programs, pages for people."""

from collections.abc import Callable
from functools import wraps
from typing import IO

from lti_adapters.reference_tool import documents, reading, service_pages
from lti_adapters.reference_tool.picking import offered_to, picked
from lti_adapters.reference_tool.services import is_for_staff, refuse_others, refuse_without_line_item
from lti_adapters.reference_tool.visit import Visit
from lti_adapters.web.answer import JSON_BODY, NOT_KEPT, Answer, page_answer
from lti_adapters.web.asked import FORM, TooLarge
from lti_adapters.web.endpoints import page_back
from lti_core.deep_linking import content_item_document
from lti_core.errors import AccessRefused, InvalidValue
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.parameters import Pairs
from lti_core.strict_json import read_json, write_json

View = Callable[[Visit], Answer]

PAGE_OF_MEMBERS = 100  # some platforms tell a large course page by page or not at all


def recorded(view: View) -> View:
    """A view whose refusals are recorded."""

    @wraps(view)
    def kept(visit: Visit) -> Answer:
        with visit.recorded():
            return view(visit)

    return kept


def _members(visit: Visit) -> Answer:
    query = reading.query_of(_query(visit), ("role", "limit"))
    limit, for_person = reading.limit_of(query), visit.asked.wants_page
    if limit is None and for_person:
        limit = PAGE_OF_MEMBERS
    members = visit.services.members(role=query.get("role"), limit=limit)
    if for_person:
        return page_answer(service_pages.members_page(visit.place("members"), members))
    return _sent(documents.list_of(members, documents.member_document), members.skipped_count)


def _groups(visit: Visit) -> Answer:
    query = reading.query_of(_query(visit), ("user_id", "limit"))
    groups = visit.services.groups(user_id=query.get("user_id"), limit=reading.limit_of(query))
    sets = visit.services.group_sets()
    if visit.asked.wants_page:
        return page_answer(service_pages.groups_page(visit.place("groups"), groups, sets))
    listed = documents.list_of(groups, lambda group: documents.group_document(group, sets))
    return _sent(listed, groups.skipped_count)


def _line_items(visit: Visit) -> Answer:
    names = ("tag", "resource_id", "resource_link_id")
    query = reading.query_of(_query(visit), (*names, "limit"))
    wanted = {name: query.get(name) for name in names}
    items = visit.services.line_items(**wanted, limit=reading.limit_of(query))
    if visit.asked.wants_page:
        may_create = visit.launch.may.create_line_items and is_for_staff(visit.launch)
        return page_answer(service_pages.line_items_page(visit.place("lineitems"), items, may_create=may_create))
    return _sent(documents.list_of(items, documents.line_item_document), items.skipped_count)


def _create(visit: Visit) -> Answer:
    item = visit.services.create(reading.line_item_of(_sent_members(visit, score_maximum="Maximum")))
    if visit.asked.wants_page:
        return page_answer(service_pages.created_page(visit.place("lineitems"), item))
    return _json(documents.line_item_document(item), 201)


def _submit(visit: Visit) -> Answer:
    read = reading.score_of_form if visit.asked.media_type == FORM else reading.score_of
    submitted = visit.services.submit(read(_sent_members(visit, given="Score", maximum="Maximum")))
    if visit.asked.wants_page:
        return page_answer(service_pages.submitted_page(visit.place("scores"), submitted))
    return _json(documents.submitted_document(submitted))


def _results(visit: Visit) -> Answer:
    query = reading.query_of(_query(visit), ("line_item", "user_id", "limit"))
    line_item, user_id, limit = query.get("line_item"), query.get("user_id"), reading.limit_of(query)
    if visit.asked.wants_page:
        return _grades_page(visit, line_item, user_id, limit)
    results = visit.services.results(line_item=line_item, user_id=user_id, limit=limit)
    return _sent(documents.list_of(results, documents.result_document), results.skipped_count)


def _grades_page(visit: Visit, line_item: str | None, user_id: str | None, limit: int | None) -> Answer:
    """Also where there are no results to be had: scores may be sent all the same."""
    launch, results, note = visit.launch, None, ""
    refuse_others(launch)
    if line_item is None:
        refuse_without_line_item(launch)
    visit.services.refuse_foreign(line_item)
    may_submit = launch.may.submit_scores
    try:
        results = visit.services.results(line_item=line_item, user_id=user_id, limit=limit)
    except AccessRefused as refusal:
        note = refusal.message
        if refusal.code == "service.ags.no_line_item":  # one would have to be made
            may_submit = may_submit and launch.may.create_line_items
    scores_address = f"{visit.address}/scores" if may_submit else ""
    page = service_pages.grades_page(
        visit.place("results"), results, note=note, scores_address=scores_address, line_item=line_item or ""
    )
    return page_answer(page)


def _choose(visit: Visit) -> Answer:
    request_of_content = _deep_linking_request(visit)
    if visit.asked.wants_page:
        return page_answer(service_pages.choose_page(visit.place("deep-link"), request_of_content))
    items = [content_item_document(sample.item) for sample in offered_to(request_of_content)]
    return _json({"items": items, "settings": request_of_content.deep_linking_settings.claims})


def _pick(visit: Visit) -> Answer:
    """What was picked, signed: for a form a page that takes it to the platform, else JSON."""
    mounted, launch, asked = visit.mounted, visit.launch, visit.asked
    is_form = asked.media_type == FORM
    with visit.recorded():
        _deep_linking_request(visit)
        items = (
            picked(value for name, value in _form(visit) if name == "item")
            if is_form
            else reading.items_of(reading.object_of(_body(visit), read_json))
        )
    if is_form:
        return page_back(mounted, launch, items, asked.launch_url, line_items="drop")
    response = mounted.tool.deep_linking_response(launch, items, launch_url=asked.launch_url)
    return _json(documents.picked_document(response))


def _deep_linking_request(visit: Visit) -> DeepLinkingRequest:
    if not isinstance(visit.launch, DeepLinkingRequest):
        message = "This launch did not ask for content; only a deep linking request can be answered with some."
        raise AccessRefused("deep_linking.not_requested", message, "Deep Linking 2.0, Deep linking response message")
    return visit.launch


def _sent_members(visit: Visit, **numbers: str) -> dict[str, object]:
    """What a form or a program sent. `numbers`: as of `fields_of`."""
    if visit.asked.media_type == FORM:
        return reading.fields_of(_form(visit), numbers=numbers)
    return reading.object_of(_body(visit))


def _query(visit: Visit) -> Pairs:
    try:
        return visit.asked.query_fields()
    except TooLarge as error:
        raise _too_large() from error


def _form(visit: Visit) -> Pairs:
    try:
        return visit.asked.form_fields()
    except TooLarge as error:
        raise _too_large() from error


def _body(visit: Visit) -> bytes:
    try:
        return visit.asked.read_body(reading.MAX_BODY)
    except TooLarge as error:
        raise _too_large() from error


def _too_large() -> InvalidValue:
    return InvalidValue("tool.too_large", "The request is too large.", expected="at most 1 MiB")


def _json(document: documents.Document, status: int = 200) -> Answer:
    return Answer(status, (JSON_BODY, NOT_KEPT), write_json(document))


def _sent(kept: IO[bytes], skipped: int) -> Answer:
    """A list. How many of its items could not be read, and are missing, is told in a header."""
    return Answer(200, (JSON_BODY, NOT_KEPT, ("X-LTI-Skipped", str(skipped))), kept)


SERVICES: tuple[tuple[str, str, View], ...] = (  # method, path below that of the launch, and what answers
    ("GET", "members", recorded(_members)),
    ("GET", "groups", recorded(_groups)),
    ("GET", "lineitems", recorded(_line_items)),
    ("POST", "lineitems", recorded(_create)),
    ("POST", "scores", recorded(_submit)),
    ("GET", "results", recorded(_results)),
    ("GET", "deep-link", recorded(_choose)),
    ("POST", "deep-link", _pick),
)
