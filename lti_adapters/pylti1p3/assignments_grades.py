"""AssignmentsGradesService: line items, scores and results."""

import json
from collections.abc import Callable
from typing import Any, Self

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.grade import Grade
from lti_adapters.pylti1p3.lineitem import LineItem, TLineItem
from lti_adapters.pylti1p3.paging import all_items, refuse_endless
from lti_adapters.pylti1p3.service_addresses import address_beside, address_in, scopes_in
from lti_adapters.pylti1p3.service_connector import ServiceConnector, TServiceConnectorResponse
from lti_core import scopes
from lti_core.services.addresses import below
from lti_core.services.line_items import LINE_ITEM_TYPE, LINE_ITEMS_TYPE
from lti_core.services.results import RESULTS_TYPE
from lti_core.services.scores import SCORE_TYPE, ActivityProgress, GradingProgress

TAssignmentsGradersData = dict[str, Any]
_FOUND_BY: dict[str, tuple[str, Callable[[LineItem], str | None], str]] = {
    "tag": ("Tag", LineItem.get_tag, "find_lineitem_by_tag"),
    "id": ("ID", LineItem.get_id, "find_lineitem_by_id"),
    "resource_link_id": ("Resource Link ID", LineItem.get_resource_link_id, "find_lineitem_by_resource_link_id"),
    "resource_id": ("Resource ID", LineItem.get_resource_id, "find_lineitem_by_resource_id"),
}
_READING = (scopes.LINE_ITEM_READ, scopes.LINE_ITEM)
_NOWHERE = (
    "Can't find lineitem to put grade: the launch brought none, and none could be made. Pass put_grade a LineItem with"
    " an id, or with a label, a maximum and a tag where the platform grants the scope lineitem"
)


class AssignmentsGradesService:
    """Over the endpoint claim of a launch. Line items in lists and results are dicts, as the platform sent them."""

    _link_id: str | None = None
    _label: str | None = None

    def __init__(self, service_connector: ServiceConnector, service_data: TAssignmentsGradersData) -> None:
        self._service_connector = service_connector
        self._service_data = service_data

    def for_link(self, resource_link_id: Any, label: str | None) -> Self:
        """Which link was opened: what `put_grade` makes a line item for, where there is none."""
        self._link_id = resource_link_id if isinstance(resource_link_id, str) else None
        self._label = label
        return self

    def can_read_lineitem(self) -> bool:
        """Whether line items can be read."""
        return not self._scopes.isdisjoint(_READING)

    def can_create_lineitem(self) -> bool:
        """Whether line items can be made."""
        return scopes.LINE_ITEM in self._scopes

    def can_read_grades(self) -> bool:
        """Whether results can be read."""
        return scopes.RESULT_READ in self._scopes

    def can_put_grade(self) -> bool:
        """Whether scores can be sent."""
        return scopes.SCORE in self._scopes

    def put_grade(self, grade: Grade, lineitem: LineItem | None = None) -> TServiceConnectorResponse:
        """Send a score.

        Args:
            lineitem: where to; without an id it is found by its tag, or made. None: the launch's own; where the launch
                has none, one is made for its link.
        """
        if not self.can_put_grade():
            raise LtiException("Can't put grade: Missing required scope")
        _refuse_unusable(grade)
        url = below(address_beside(self._service_data, self._url_for(grade, lineitem)), "scores")
        return self._service_connector.make_service_request(
            self._granted, url, is_post=True, data=grade.get_value(), content_type=SCORE_TYPE
        )

    def get_lineitem(self, lineitem_url: str | None = None) -> LineItem:
        """One line item: by its address, or the launch's own."""
        self._demand_reading()
        data = self._service_data
        url = address_beside(data, lineitem_url) if lineitem_url else address_in(data, "lineitem")
        answer = self._service_connector.make_service_request(self._granted, url, accept=LINE_ITEM_TYPE)
        return LineItem(_item(answer["body"], "read line item"))

    def get_lineitems_page(self, lineitems_url: str | None = None) -> tuple[list[TLineItem], str | None]:
        """One page of all line items, and where the next one is."""
        self._demand_reading()
        data = self._service_data
        url = address_beside(data, lineitems_url) if lineitems_url else address_in(data, "lineitems")
        answer = self._service_connector.make_service_request(self._granted, url, accept=LINE_ITEMS_TYPE)
        if not isinstance(answer["body"], list):
            raise LtiException("Unknown response type received for line items")
        return answer["body"], answer["next_page_url"]

    def get_lineitems(self) -> list[TLineItem]:
        """All line items."""
        self._demand_reading()
        return all_items(self.get_lineitems_page, address_in(self._service_data, "lineitems"))

    def find_lineitem(self, prop_name: str, prop_value: Any) -> LineItem | None:
        """The first line item with that member; None when there is none."""
        following: str | None = address_in(self._service_data, "lineitems")
        seen: set[str] = set()
        while following and following not in seen:
            refuse_endless(seen)
            seen.add(following)
            page, following = self.get_lineitems_page(following)
            for item in page:
                if isinstance(item, dict) and item.get(prop_name) == prop_value:
                    return LineItem(item)
        return None

    def find_lineitem_by_id(self, ln_id: str) -> LineItem | None:
        """The line item at that address."""
        return self.find_lineitem("id", ln_id)

    def find_lineitem_by_tag(self, tag: str) -> LineItem | None:
        """The first line item with that tag."""
        return self.find_lineitem("tag", tag)

    def find_lineitem_by_resource_id(self, resource_id: str) -> LineItem | None:
        """The first line item with the tool's own name."""
        return self.find_lineitem("resourceId", resource_id)

    def find_lineitem_by_resource_link_id(self, resource_link_id: str) -> LineItem | None:
        """The first line item of that link."""
        return self.find_lineitem("resourceLinkId", resource_link_id)

    def find_or_create_lineitem(self, new_lineitem: LineItem, find_by: str = "tag") -> LineItem:
        """The line item that is like `new_lineitem` in one thing: `tag`, `id`, `resource_link_id` or `resource_id`."""
        if find_by not in _FOUND_BY:
            raise LtiException(f'Invalid "find_by" value: {find_by}')
        called, get, find = _FOUND_BY[find_by]
        value = get(new_lineitem)
        if not value:
            raise LtiException(f"{called} value is not specified")
        found: LineItem | None = getattr(self, find)(value)  # by its name: a subclass may have replaced it
        return found or self._created(new_lineitem)

    def get_grades(self, lineitem: LineItem | None = None) -> list[dict[str, Any]]:
        """All results of a line item: of that one, else of the launch's own; none without any."""
        if not self.can_read_grades():
            raise LtiException("Can't read grades: Missing required scope")
        url = self._known_url(lineitem)
        return all_items(self._results_page, below(address_beside(self._service_data, url), "results")) if url else []

    def _results_page(self, url: str) -> tuple[list[dict[str, Any]], str | None]:
        answer = self._service_connector.make_service_request(self._granted, url, accept=RESULTS_TYPE)
        if not isinstance(answer["body"], list):
            raise LtiException("Unknown response type received for results")
        return answer["body"], answer["next_page_url"]

    def _known_url(self, lineitem: LineItem | None) -> str | None:
        if lineitem is None:
            return self._service_data.get("lineitem") or None
        if lineitem.get_id():
            return lineitem.get_id()
        tag = lineitem.get_tag()
        found = self.find_lineitem_by_tag(tag) if tag and self.can_read_lineitem() else None
        return found.get_id() if found else None

    def _url_for(self, grade: Grade, lineitem: LineItem | None) -> str:
        """Where a score goes."""
        if lineitem is not None:
            url = lineitem.get_id() or self.find_or_create_lineitem(lineitem).get_id()
        else:
            url = self._service_data.get("lineitem") or self._own_url(grade)
        if not url:
            raise LtiException(_NOWHERE)
        return url

    def _own_url(self, grade: Grade) -> str | None:
        """Of the line item for the link that was opened; made where there is none."""
        maximum = grade.get_score_maximum()
        if not (self._link_id and self._label and maximum and self.can_create_lineitem()):
            return None
        wanted = LineItem().set_label(self._label).set_score_maximum(maximum).set_resource_link_id(self._link_id)
        return self.find_or_create_lineitem(wanted, find_by="resource_link_id").get_id()

    def _created(self, new_lineitem: LineItem) -> LineItem:
        if not self.can_create_lineitem():
            raise LtiException("Can't create lineitem: Missing required scope")
        answer = self._service_connector.make_service_request(
            self._granted,
            address_in(self._service_data, "lineitems"),
            is_post=True,
            data=new_lineitem.get_value(),
            content_type=LINE_ITEM_TYPE,
            accept=LINE_ITEM_TYPE,
        )
        return LineItem(_item(answer["body"], "create line item"))

    def _demand_reading(self) -> None:
        if not self.can_read_lineitem():
            raise LtiException("Can't read lineitem: Missing required scope")

    @property
    def _granted(self) -> list[str]:
        return scopes_in(self._service_data)

    @property
    def _scopes(self) -> frozenset[str]:
        return frozenset(self._granted)


def _item(body: Any, what: str) -> TLineItem:
    if not isinstance(body, dict):
        raise LtiException(f"Unknown response type received for {what}")
    return body


def _refuse_unusable(grade: Grade) -> None:
    """What every platform refuses, before anything is sent."""
    sent: dict[str, Any] = json.loads(grade.get_value())
    for name, words in (("activityProgress", ActivityProgress.ALL), ("gradingProgress", GradingProgress.ALL)):
        if sent.get(name) not in words:
            raise LtiException(f"Invalid {name} value: it must be one of {', '.join(words)}")
    for name in ("userId", "timestamp"):
        if not sent.get(name):
            raise LtiException(f"Invalid {name} value: a grade needs it")
    if "scoreGiven" in sent and sent.get("scoreMaximum") is None:  # a maximum of 0 is left to the platform, as before
        raise LtiException("Invalid scoreMaximum value: a score that is given needs the maximum that it is measured by")
