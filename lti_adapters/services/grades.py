"""Grades: line items, scores and results of the course of a grant."""

import logging
from datetime import datetime
from typing import TypedDict, Unpack

from attrs import evolve, frozen

from lti_adapters.services.client import ServiceClient
from lti_adapters.services.listing import Listing
from lti_adapters.services.retries import MOST_TIME
from lti_adapters.services.score_doubts import doubts
from lti_core.errors import AccessRefused, InvalidValue, ServiceFailed
from lti_core.registration import key_of
from lti_core.rules.rule import Warned
from lti_core.services.grant import ServiceGrant
from lti_core.services.line_items import (
    CreateLineItem,
    DeleteLineItem,
    GetLineItem,
    GetLineItems,
    LineItem,
    ReplaceLineItem,
    SubmissionReview,
)
from lti_core.services.received import Number
from lti_core.services.results import GetResults, Result
from lti_core.services.scores import Published, PublishScore, Score, dated

LONGEST_SLEEP = 1.0

_SPEC = "AGS 2.0 §3.1"
_WAIT = MOST_TIME.total_seconds()

log = logging.getLogger("lti")

_PERHAPS_THERE = ServiceFailed(
    "service.ags.line_item_malformed",
    "The platform lists line items that cannot be read: the one that is sought may be among them.",
    _SPEC,
    remedy="None was made beside it. Give the address of a line item, or have the platform's administrator look at"
    " this tool's line items in the course.",
)


class Changes(TypedDict, total=False):
    """What can be changed of a line item."""

    label: str
    score_maximum: Number
    resource_id: str | None
    tag: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    grades_released: bool | None
    submission_review: SubmissionReview | None


@frozen
class Submitted:
    """A score that the platform took.

    Attributes:
        line_item: address of the line item that it went to.
        score: as it was sent, with its timestamp.
        warnings: what this platform may do with it that you might not want.
    """

    line_item: str
    score: Score
    published: Published
    warnings: tuple[Warned, ...] = ()


@frozen(eq=False)
class Grades:
    """The gradebook of one course, as far as it is this tool's.

    What the platform did not allow is refused at once, before any request. Every method:

    Raises:
        AccessRefused: `service.ags.not_offered`, `service.ags.no_line_item`, `service.scope_not_granted`,
            `grant.expired`.
        InvalidValue: what was to be sent cannot be.
        ServiceFailed: `service.*`, `token.*`, `http.*`.
    """

    client: ServiceClient
    grant: ServiceGrant

    def line_items(
        self,
        *,
        resource_link_id: str | None = None,
        resource_id: str | None = None,
        tag: str | None = None,
        limit: int | None = None,
    ) -> Listing[LineItem]:
        """The course's line items of this tool, or those that have all that is asked for, page by page."""
        self.grant.may.demand("list_line_items")
        command = GetLineItems(
            url=self._container, resource_link_id=resource_link_id, resource_id=resource_id, tag=tag, limit=limit
        )
        return self.client.items(command, self.grant)

    def line_item(self, url: str | None = None) -> LineItem:
        """A line item by its address; without one the link's own."""
        self.grant.may.demand("read_line_items")
        return self.client.run(GetLineItem(url or self._own()), self.grant)

    def create(self, line_item: LineItem) -> LineItem:
        """Make a line item. Each call makes one: `find_or_create` is for one that may be there already."""
        self.grant.may.demand("create_line_items")
        return self.client.run(CreateLineItem(self._container, line_item), self.grant)

    def find_or_create(self, line_item: LineItem) -> LineItem:
        """The line item with the same tag, resource id and link, as far as `line_item` names them; else a new one.

        All of the course are looked through, of whatever link, unless `line_item` names one. Threads of this process
        make one. Where others made another at the same moment, the platform's first one is taken, and that is logged.
        So it is when the platform did not keep what the new one is to be found by: keep its address yourself then.

        Raises:
            InvalidValue: `service.ags.line_item_unnamed` when there is nothing to find it by.
            ServiceFailed: it is not known whether it was made. Call again: that looks first.
        """
        self.grant.may.demand("list_line_items")
        sought = _Sought(line_item.tag or None, line_item.resource_id or None, line_item.resource_link_id or None)
        with self.client.locks.hold(key_of("line item", self._container, *map(repr, sought.names)), _WAIT):
            return self._find(sought) or self._made(line_item, sought)

    def update(self, line_item: str | LineItem, **changes: Unpack[Changes]) -> LineItem:
        """Change a line item. It is read first, and sent whole: platforms clear what is left out.

        Args:
            line_item: its address, or the line item, of which then only the address counts.
        """
        self.grant.may.demand("change_line_items")
        there = self.client.run(GetLineItem(_address(line_item)), self.grant)
        return self.client.run(ReplaceLineItem(evolve(there, **changes)), self.grant)

    def delete(self, line_item: str | LineItem) -> None:
        """Delete a line item, and the grades in it."""
        self.grant.may.demand("change_line_items")
        self.client.run(DeleteLineItem(_address(line_item)), self.grant)

    def submit(self, score: Score, line_item: str | LineItem | None = None, *, tag: str | None = None) -> Submitted:
        """Send a score. Its time is the clock's, later than any before for this user and line item.

        Scores of one user to one line item are sent one after the other, also by several threads. Where the platform
        counts whole seconds (Moodle), a second one waits until the next. A timestamp of your own is sent as it is:
        waiting would not make it later.

        Args:
            line_item: where to; or
            tag: the line item with this tag, which is made where there is none. For many scores, call
                `find_or_create` once and give what it returns. Neither: the link's own, which is made where it has none
                and the platform allows it.
        """
        self.grant.may.demand("submit_scores")
        address = self._target(score, line_item, tag)
        whole_seconds = "moodle" in self.grant.platform.lower()
        name = f"score {hash((address, score.user_id))}"  # of this process; two that meet may share a lock and a time
        with self.client.locks.hold(name, _WAIT):
            warnings = doubts(score, self.client.score_times.last(name)) if whole_seconds else ()
            for warning in warnings:
                log.warning("sent %s client_id=%r: %s", warning.code, self.grant.client_id[:200], warning.message)
            sent = self._dated(score, name, whole_seconds=whole_seconds)
            try:
                published = self.client.run(PublishScore(address, sent), self.grant)
            finally:
                if whole_seconds:  # it may count from when the platform got it
                    self.client.score_times.note(name, self.client.clock.now())
        return Submitted(address, sent, published, warnings)

    def results(
        self, line_item: str | LineItem | None = None, *, user_id: str | None = None, limit: int | None = None
    ) -> Listing[Result]:
        """The grades in a line item, else in the link's own, page by page: of all users, or of one.

        Args:
            limit: how many to a page. Leave it out at Moodle, which answers 404 to any.
        """
        self.grant.may.demand("read_results")
        address = self._own() if line_item is None else _address(line_item)
        return self.client.items(GetResults(line_item=address, user_id=user_id, limit=limit), self.grant)

    @property
    def _container(self) -> str:
        endpoint = self.grant.endpoint
        return (endpoint.line_items if endpoint is not None else None) or ""

    def _target(self, score: Score, line_item: str | LineItem | None, tag: str | None) -> str:
        if line_item is not None:
            return _address(line_item)
        if tag is not None:
            return _address(self.find_or_create(LineItem(label=tag, score_maximum=_maximum(score), tag=tag)))
        if (own := self._own_or_none()) is not None:
            return own
        link = self.grant.resource_link_id or ""
        label = (self.grant.resource_link_title or "").strip() or link
        wanted = LineItem(label=label, score_maximum=_maximum(score), resource_link_id=link)
        return _address(self.find_or_create(wanted))

    def _own(self) -> str:
        if (own := self._own_or_none()) is None:
            raise AccessRefused("service.ags.no_line_item", "The link has no line item.", _SPEC, "lineitem")
        return own

    def _own_or_none(self) -> str | None:
        """The address of the link's one line item, as the launch named it, or as it is listed; None: it has none."""
        if self.grant.endpoint is not None and self.grant.endpoint.line_item:
            return self.grant.endpoint.line_item
        link = self.grant.resource_link_id
        if link is None:
            message = "The launch was of no link, which could have a line item: give the address or the tag of one."
            raise AccessRefused("service.ags.no_line_item", message, _SPEC, "lineitem")
        if not self.grant.may.list_line_items:
            message = "The launch named no line item, and does not let this tool look for one: give its address."
            raise AccessRefused("service.ags.no_line_item", message, _SPEC, "lineitem")
        found = [item.id for item in self.line_items(resource_link_id=link)]
        if len(found) > 1:
            message = "The link has several line items: give the address or the tag of one."
            raise AccessRefused("service.ags.no_line_item", message, _SPEC, 1, len(found))
        return found[0] if found else None

    def _find(self, sought: "_Sought") -> LineItem | None:
        listing = self.line_items(
            tag=sought.tag, resource_id=sought.resource_id, resource_link_id=sought.resource_link_id
        )
        there = list(listing)
        if not there and listing.skipped_count:
            raise evolve(_PERHAPS_THERE, found=listing.skipped_count)
        if len(there) > 1:
            log.warning("service.ags.line_item_twice client_id=%r: %d", self.grant.client_id[:200], len(there))
        return there[0] if there else None

    def _made(self, line_item: LineItem, sought: "_Sought") -> LineItem:
        try:
            made = self.create(line_item)
        except ServiceFailed as error:
            if not _perhaps_done(error) or (found := self._find(sought)) is None:
                raise
            return found
        kept = (made.tag, made.resource_id, made.resource_link_id)
        if any(word not in (None, found) for word, found in zip(sought.names, kept, strict=True)):
            log.warning("service.ags.line_item_not_findable client_id=%r", self.grant.client_id[:200])
        return made

    def _dated(self, score: Score, name: str, *, whole_seconds: bool) -> Score:
        """The score with its time. One that is yet to come is waited for."""
        times, clock = self.client.score_times, self.client.clock
        if score.timestamp is not None:
            times.note(name, score.timestamp)
            return score
        time = times.next(name, clock.now(), whole_seconds=whole_seconds)
        if whole_seconds and (early := (time - clock.now()).total_seconds()) > 0:
            clock.sleep(min(early, LONGEST_SLEEP))
        return dated(score, time)


@frozen
class _Sought:
    """What a line item is found by."""

    tag: str | None
    resource_id: str | None
    resource_link_id: str | None

    def __attrs_post_init__(self) -> None:
        if not any(self.names):
            message = "A line item is found by its tag, its resource id or its link: give it one at least."
            raise InvalidValue("service.ags.line_item_unnamed", message, _SPEC, "tag, resource_id or resource_link_id")

    @property
    def names(self) -> tuple[str | None, ...]:
        return self.tag, self.resource_id, self.resource_link_id


def _address(line_item: str | LineItem) -> str:
    """Where a line item is; one without an address is refused by the command that it is for."""
    return line_item if isinstance(line_item, str) else line_item.id or ""


def _maximum(score: Score) -> Number:
    if score.maximum is None:
        message = "There is no line item yet: it is made with the maximum of the score, which must be given."
        raise InvalidValue("service.ags.score_maximum_missing", message, _SPEC, "above 0")
    return score.maximum


def _perhaps_done(error: ServiceFailed) -> bool:
    """Whether the platform may have done it all the same."""
    return not error.not_sent and (error.status is None or not 400 <= error.status < 500)
