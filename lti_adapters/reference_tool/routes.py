"""The addresses at which a launch's services are used from outside: JSON for programs, pages for people."""

from collections.abc import Callable, Iterator
from typing import IO

from flask import Flask, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from lti_adapters.flask.deep_linking import page_back
from lti_adapters.flask.requests import FORM, form_pairs, launch_url, page_response, query_pairs
from lti_adapters.reference_tool import documents, reading, service_pages
from lti_adapters.reference_tool.opened import Opened, asked_by_person, of_launch, recorded
from lti_adapters.reference_tool.picking import offered_to, picked
from lti_adapters.reference_tool.services import is_for_staff, refuse_others
from lti_core.deep_linking import content_item_document
from lti_core.errors import AccessRefused, InvalidValue
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.strict_json import read_json, write_json

_JSON = "application/json"
_PIECE = 64 * 1024


def add_routes(app: Flask) -> None:
    """Add the services of a launch to the reference tool."""
    views: tuple[tuple[str, str, Callable[[Opened], Response]], ...] = (
        ("GET", "members", recorded(_members)),
        ("GET", "groups", recorded(_groups)),
        ("GET", "lineitems", recorded(_line_items)),
        ("POST", "lineitems", recorded(_create)),
        ("POST", "scores", recorded(_submit)),
        ("GET", "results", recorded(_results)),
        ("GET", "deep-link", recorded(_choose)),
        ("POST", "deep-link", _pick),
    )
    for method, path, view in views:
        endpoint = path if method == "GET" or path == "scores" else f"{path}-{method}"
        app.add_url_rule(f"/tool/launches/<launch_id>/{path}", endpoint, of_launch(view), methods=[method])


def _members(opened: Opened) -> Response:
    query = reading.query_of(query_pairs(), ("role", "limit"))
    members = opened.services.members(role=query.get("role"), limit=reading.limit_of(query))
    if asked_by_person():
        return page_response(service_pages.members_page(opened.place, members))
    return _sent(documents.list_of(members, documents.member_document), members.skipped_count)


def _groups(opened: Opened) -> Response:
    query = reading.query_of(query_pairs(), ("user_id", "limit"))
    groups = opened.services.groups(user_id=query.get("user_id"), limit=reading.limit_of(query))
    sets = opened.services.group_sets()
    if asked_by_person():
        return page_response(service_pages.groups_page(opened.place, groups, sets))
    listed = documents.list_of(groups, lambda group: documents.group_document(group, sets))
    return _sent(listed, groups.skipped_count)


def _line_items(opened: Opened) -> Response:
    names = ("tag", "resource_id", "resource_link_id")
    query = reading.query_of(query_pairs(), (*names, "limit"))
    wanted = {name: query.get(name) for name in names}
    items = opened.services.line_items(**wanted, limit=reading.limit_of(query))
    if asked_by_person():
        may_create = opened.launch.may.create_line_items and is_for_staff(opened.launch)
        return page_response(service_pages.line_items_page(opened.place, items, may_create=may_create))
    return _sent(documents.list_of(items, documents.line_item_document), items.skipped_count)


def _create(opened: Opened) -> Response:
    item = opened.services.create(reading.line_item_of(_sent_members("score_maximum")))
    if asked_by_person():
        return page_response(service_pages.created_page(opened.place, item))
    return _json(documents.line_item_document(item), 201)


def _submit(opened: Opened) -> Response:
    submitted = opened.services.submit(reading.score_of(_sent_members("given", "maximum")))
    if asked_by_person():
        return page_response(service_pages.submitted_page(opened.place, submitted))
    return _json(documents.submitted_document(submitted))


def _results(opened: Opened) -> Response:
    query = reading.query_of(query_pairs(), ("line_item", "user_id", "limit"))
    line_item, user_id, limit = query.get("line_item"), query.get("user_id"), reading.limit_of(query)
    if asked_by_person():
        return _grades_page(opened, line_item, user_id, limit)
    results = opened.services.results(line_item=line_item, user_id=user_id, limit=limit)
    return _sent(documents.list_of(results, documents.result_document), results.skipped_count)


def _grades_page(opened: Opened, line_item: str | None, user_id: str | None, limit: int | None) -> Response:
    """Also where there are no results to be had: scores may be sent all the same."""
    refuse_others(opened.launch)
    results, note = None, ""
    try:
        results = opened.services.results(line_item=line_item, user_id=user_id, limit=limit)
    except AccessRefused as refusal:
        note = refusal.message
    may_submit = opened.launch.may.submit_scores
    scores_address = url_for("scores", launch_id=opened.launch_id) if may_submit else ""
    page = service_pages.grades_page(
        opened.place, results, note=note, scores_address=scores_address, line_item=line_item or ""
    )
    return page_response(page)


def _choose(opened: Opened) -> Response:
    request_of_content = _deep_linking_request(opened)
    if asked_by_person():
        return page_response(service_pages.choose_page(opened.place, request_of_content))
    items = [content_item_document(sample.item) for sample in offered_to(request_of_content)]
    return _json({"items": items, "settings": request_of_content.deep_linking_settings.claims})


def _pick(opened: Opened) -> Response:
    """What was picked, signed: for a form a page that takes it to the platform, else JSON."""
    mounted, launch = opened.mounted, opened.launch
    with opened.recorded():
        _deep_linking_request(opened)
        is_form = request.mimetype == FORM
        items = (
            picked(value for name, value in form_pairs(_too_large) if name == "item")
            if is_form
            else reading.items_of(reading.object_of(_body(), read_json))
        )
    if is_form:
        return page_back(mounted, launch, items, line_items="drop")
    response = mounted.tool.deep_linking_response(launch, items, launch_url=launch_url(mounted))
    return _json(documents.picked_document(response))


def _deep_linking_request(opened: Opened) -> DeepLinkingRequest:
    if not isinstance(opened.launch, DeepLinkingRequest):
        message = "This launch did not ask for content; only a deep linking request can be answered with some."
        raise AccessRefused("deep_linking.not_requested", message, "Deep Linking 2.0, Deep linking response message")
    return opened.launch


def _sent_members(*numbers: str) -> dict[str, object]:
    """What a form or a program sent."""
    if request.mimetype == FORM:
        return reading.fields_of(form_pairs(_too_large), numbers=numbers)
    return reading.object_of(_body())


def _body() -> bytes:
    request.max_content_length = reading.MAX_BODY + 1  # a body that names no length is cut off there, without an error
    try:
        body = request.get_data()
    except HTTPException as error:  # werkzeug's: too large, or cut off
        raise _too_large() from error
    if len(body) > reading.MAX_BODY:
        raise _too_large()
    return body


def _too_large() -> InvalidValue:
    return InvalidValue("tool.too_large", "The request is too large.", expected="at most 1 MiB")


def _json(document: documents.Document, status: int = 200) -> Response:
    return current_app.response_class(write_json(document), status, mimetype=_JSON)


def _sent(kept: IO[bytes], skipped: int) -> Response:
    """A list. How many of its items could not be read, and are missing, is told in a header."""
    answer = current_app.response_class(_pieces(kept), mimetype=_JSON)
    answer.headers["X-LTI-Skipped"] = str(skipped)
    answer.call_on_close(kept.close)
    return answer


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(_PIECE):
            yield piece
