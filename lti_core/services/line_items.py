"""Line items: the columns of a platform's gradebook that belong to this tool.

Source: AGS 2.0, Line item service; Submission Review 1.0.
"""

from typing import ClassVar

from attrs import evolve, field, fields, frozen
from attrs.validators import optional

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.scopes import LINE_ITEM, LINE_ITEM_READ
from lti_core.services import sent
from lti_core.services.addresses import on_same_origin, service_address, with_parameters
from lti_core.services.answers import PAGE_BYTES, json_of, read_each, refused
from lti_core.services.command import IDEMPOTENT, ONCE, Page, Repeat
from lti_core.services.line_item import LineItem, SubmissionReview, line_item_members, read_line_item
from lti_core.services.line_item_checks import line_item_kept, sendable
from lti_core.services.links import linked
from lti_core.structuring import Malformed

__all__ = [
    "CreateLineItem",
    "DeleteLineItem",
    "GetLineItem",
    "GetLineItems",
    "LineItem",
    "ReplaceLineItem",
    "SubmissionReview",
]

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"

_SPEC = "AGS 2.0, Line item service"
_MALFORMED = ServiceFailed("service.ags.response_malformed", "The platform's answer is no line item.", _SPEC)
_LIST_MALFORMED = ServiceFailed("service.ags.response_malformed", "The platform's answer is no list.", _SPEC)
_ITEM_MALFORMED = ServiceFailed("service.ags.line_item_malformed", "A line item cannot be read.", _SPEC)
_LIMIT = InvalidValue("service.ags.limit_invalid", "limit must be a whole number from 1 up.", _SPEC, "1 or more")
_ID = fields(LineItem).id
_LINK_REFUSED = ServiceFailed(
    "service.ags.resource_link_refused", "The platform does not let this tool couple a line item to that link.", _SPEC,
    remedy="It must be a link of this tool in this course, and the scope {scope} must be granted.",
)  # fmt: skip
_DELETE_REFUSED = ServiceFailed(
    "service.ags.delete_refused", "The platform does not let this tool delete that line item.", _SPEC,
    remedy="A line item that belongs to a link goes with the link. For others the scope {scope} must be granted.",
)  # fmt: skip


@frozen(kw_only=True)
class GetLineItems:
    """One page of the line items of this tool in a course, in the platform's order.

    Attributes:
        url: `line_items` of the launch.
        resource_link_id, resource_id, tag: only items that have all of these. Compared on the page that comes back as
            well, for not every platform does.
        limit: how many to a page, for the platform to go by or not.
        page_url: of a later page; None for the first.
    """

    scopes: ClassVar[tuple[str, ...]] = (LINE_ITEM_READ, LINE_ITEM)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)
    resource_link_id: str | None = field(default=None, validator=sent.words_to_find)
    resource_id: str | None = field(default=None, validator=sent.words_to_find)
    tag: str | None = field(default=None, validator=sent.words_to_find)
    limit: int | None = field(default=None, validator=sent.from_one_up(_LIMIT))
    page_url: str | None = field(default=None, validator=optional(service_address))

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        url = self.page_url or with_parameters(self.url, limit=self.limit, **self._filters)
        return HttpRequest(method="GET", url=url, headers={"Accept": LINE_ITEMS_TYPE}, max_bytes=PAGE_BYTES)

    def read_response(self, response: HttpResponse) -> Page[LineItem]:
        """The page.

        Raises:
            ServiceFailed: `service.ags.response_malformed`, `http.url_refused` for the next page, or a usual refusal.
        """
        request = self.to_request()
        if response.status != 200:
            raise refused(request, response, self.scopes)
        found = json_of(response, _LIST_MALFORMED)
        if not isinstance(found, list):
            raise evolve(_LIST_MALFORMED, status=response.status)
        items, skipped = read_each(found, lambda one: _listed(one, request.url), _ITEM_MALFORMED)
        fitting = tuple(item for item in items if self.fits(item))
        following = linked(response, request.url, "next")
        return Page(fitting, evolve(self, page_url=following) if following else None, skipped=skipped)

    def fits(self, item: LineItem) -> bool:
        """Whether an item has all that was asked for."""
        return all(getattr(item, name) == wanted for name, wanted in self._filters.items() if wanted is not None)

    @property
    def _filters(self) -> dict[str, str | None]:
        return {"resource_link_id": self.resource_link_id, "resource_id": self.resource_id, "tag": self.tag}


@frozen
class GetLineItem:
    """One line item, by its address."""

    scopes: ClassVar[tuple[str, ...]] = (LINE_ITEM_READ, LINE_ITEM)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)

    def to_request(self) -> HttpRequest:
        """The request."""
        return HttpRequest(method="GET", url=self.url, headers={"Accept": LINE_ITEM_TYPE}, max_bytes=PAGE_BYTES)

    def read_response(self, response: HttpResponse) -> LineItem:
        """The line item.

        Raises:
            ServiceFailed: `service.ags.response_malformed`, `service.ags.line_item_malformed`, or a usual refusal.
        """
        if response.status != 200:
            raise refused(self.to_request(), response, self.scopes)
        item = _read(json_of(response, _MALFORMED), self.url, response)
        return item if item.id else evolve(item, id=self.url)


@frozen
class CreateLineItem:
    """Make a line item. Not repeated when the platform may have made it: list first then.

    Attributes:
        url: `line_items` of the launch.
        line_item: what is wanted. Its `id` is not sent.

    Raises:
        InvalidValue: `service.ags.label_missing`, `service.ags.score_maximum_invalid`, `service.ags.time_invalid`,
            `service.ags.grades_released_invalid`, `service.ags.submission_review_invalid`, `service.value_not_text`,
            `service.extension_invalid`.
    """

    scopes: ClassVar[tuple[str, ...]] = (LINE_ITEM,)
    repeat: ClassVar[Repeat] = ONCE

    url: str = field(validator=service_address)
    line_item: LineItem = field(converter=line_item_kept, validator=sendable)

    def to_request(self) -> HttpRequest:
        """The request."""
        members = line_item_members(self.line_item)
        members.pop("id", None)
        headers = {"Content-Type": LINE_ITEM_TYPE, "Accept": LINE_ITEM_TYPE}
        return HttpRequest(
            method="POST", url=self.url, headers=headers, body=sent.body_of(members), max_bytes=PAGE_BYTES
        )

    def read_response(self, response: HttpResponse) -> LineItem:
        """The line item that the platform made, with its `id`.

        A platform that answers with an address alone gets the item as it was asked for, with that address: what became
        of it is known by `GetLineItem` only.

        Raises:
            ServiceFailed: `service.ags.resource_link_refused`, `service.ags.response_malformed`,
                `service.ags.line_item_malformed`, `http.url_refused`, or a usual refusal.
        """
        if response.status not in (200, 201):
            coupled = self.line_item.resource_link_id is not None and response.status in (403, 404, 412)
            raise refused(self.to_request(), response, self.scopes, _LINK_REFUSED if coupled else None)
        item = _answered(self.line_item, response, self.url)
        if item.id is None and "location" in response.headers:
            item = evolve(item, id=on_same_origin(self.url, response.headers["location"]))
        if item.id is None:
            raise evolve(_MALFORMED, message="The platform did not say where the line item is.", status=response.status)
        return item


@frozen
class ReplaceLineItem:
    """Change a line item: read it, `evolve` it, and send all of it. What is left out, platforms clear.

    Raises:
        InvalidValue: as `CreateLineItem`; `service.ags.line_item_id_missing`.
    """

    scopes: ClassVar[tuple[str, ...]] = (LINE_ITEM,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    line_item: LineItem = field(converter=line_item_kept, validator=sendable)

    def __attrs_post_init__(self) -> None:
        if not self.line_item.id:
            message = "A line item is replaced at its address: give one that the platform sent, with its id."
            raise InvalidValue("service.ags.line_item_id_missing", message, _SPEC)
        service_address(self, _ID, self.line_item.id)

    def to_request(self) -> HttpRequest:
        """The request."""
        headers = {"Content-Type": LINE_ITEM_TYPE, "Accept": LINE_ITEM_TYPE}
        body = sent.body_of(line_item_members(self.line_item))
        return HttpRequest(method="PUT", url=self._url, headers=headers, body=body, max_bytes=PAGE_BYTES)

    def read_response(self, response: HttpResponse) -> LineItem:
        """The line item as it is now; as it was sent, where the platform does not say.

        Raises:
            ServiceFailed: `service.ags.response_malformed`, `service.ags.line_item_malformed`, or a usual refusal.
        """
        if response.status not in (200, 201, 204):
            raise refused(self.to_request(), response, self.scopes)
        return _answered(self.line_item, response, self._url)

    @property
    def _url(self) -> str:
        return self.line_item.id or ""


@frozen
class DeleteLineItem:
    """Delete a line item, and the grades in it."""

    scopes: ClassVar[tuple[str, ...]] = (LINE_ITEM,)
    repeat: ClassVar[Repeat] = Repeat(after_silence=True, delivered=frozenset({"service.not_found"}))

    url: str = field(validator=service_address)

    def to_request(self) -> HttpRequest:
        """The request."""
        return HttpRequest(method="DELETE", url=self.url)

    def read_response(self, response: HttpResponse) -> None:
        """Nothing: it is gone.

        Raises:
            ServiceFailed: `service.ags.delete_refused`, or a usual refusal.
        """
        if response.status not in (200, 202, 204):
            own = _DELETE_REFUSED if response.status in (401, 403, 405) else None
            raise refused(self.to_request(), response, self.scopes, own)


def _listed(found: object, url: str) -> LineItem:
    item = read_line_item(found, url)
    if item.id is None:
        raise Malformed("id", "is missing")
    return item


def _read(found: object, url: str, response: HttpResponse) -> LineItem:
    if not isinstance(found, dict):
        raise evolve(_MALFORMED, status=response.status)
    try:
        return read_line_item(found, url)
    except Malformed as error:
        message = f"The line item cannot be read: {error.path} {error.problem}."
        raise evolve(_ITEM_MALFORMED, message=message, status=response.status) from None


def _answered(asked: LineItem, response: HttpResponse, url: str) -> LineItem:
    """What the platform made of an item. What it does not repeat is taken to be as it was asked for."""
    if not response.body.strip():
        return asked
    found = json_of(response, _MALFORMED)
    if not isinstance(found, dict):
        raise evolve(_MALFORMED, status=response.status)
    return _read({**line_item_members(asked), **found}, url, response)
