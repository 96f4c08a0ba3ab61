"""Results: the grades that stand in a platform's gradebook. A teacher may have changed what the tool sent.

Source: AGS 2.0, Result service.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from attrs import evolve, field, frozen
from attrs.validators import optional

from lti_core.claims import named
from lti_core.claims import user_id as as_user_id
from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.scopes import RESULT_READ
from lti_core.services import sent
from lti_core.services.addresses import below, service_address, with_parameters
from lti_core.services.answers import PAGE_BYTES, json_of, read_each, refused
from lti_core.services.command import IDEMPOTENT, Page, Repeat
from lti_core.services.links import linked
from lti_core.services.received import decimal, text_or_absent, time, words_or_absent
from lti_core.structuring import Claimed, converter

RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"

_SPEC = "AGS 2.0, Result service"
_LIMIT = InvalidValue("service.ags.limit_invalid", "limit must be a whole number from 1 up.", _SPEC, "1 or more")
_MALFORMED = ServiceFailed("service.ags.response_malformed", "The platform's answer is no list of results.", _SPEC)
_RESULT_MALFORMED = ServiceFailed("service.ags.result_malformed", "A result cannot be read.", _SPEC)
_NOT_PAGED = ServiceFailed(
    "service.not_found", "The platform has no such results.", _SPEC,
    remedy="The line item may have been deleted. Some platforms (Moodle) cannot page results: ask without a limit.",
)  # fmt: skip


@frozen(kw_only=True)
class Result(Claimed):
    """One learner's grade.

    Attributes:
        score: on a scale up to `maximum`; None where there is no grade, which is not 0.
        score_of: address of the line item.
        comment: plain text or HTML: escape it.
        timestamp: aware; not in the specification, but told by some.
    """

    user_id: Annotated[str, named("userId", as_user_id)]
    score: Annotated[Decimal | None, named("resultScore", decimal)] = None
    maximum: Annotated[Decimal, named("resultMaximum", decimal)] = Decimal(1)
    id: Annotated[str | None, named("id", text_or_absent)] = None
    score_of: Annotated[str | None, named("scoreOf", text_or_absent)] = None
    comment: Annotated[str | None, named("comment", words_or_absent)] = field(default=None, repr=False)
    scoring_user_id: Annotated[str | None, named("scoringUserId", text_or_absent)] = None
    timestamp: Annotated[datetime | None, named("timestamp", time)] = None


@frozen(kw_only=True)
class GetResults:
    """One page of the results of a line item, in the platform's order.

    Attributes:
        line_item: its address.
        user_id: results of this user only. Compared on the page that comes back as well.
        limit: how many to a page. Moodle answers 404 to any: leave it out there.
        page_url: of a later page; None for the first.
    """

    scopes: ClassVar[tuple[str, ...]] = (RESULT_READ,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    line_item: str = field(validator=service_address)
    user_id: str | None = field(default=None, validator=sent.words_to_find)
    limit: int | None = field(default=None, validator=sent.from_one_up(_LIMIT))
    page_url: str | None = field(default=None, validator=optional(service_address))

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        first = with_parameters(below(self.line_item, "results"), user_id=self.user_id, limit=self.limit)
        headers = {"Accept": RESULTS_TYPE}
        return HttpRequest(method="GET", url=self.page_url or first, headers=headers, max_bytes=PAGE_BYTES)

    def read_response(self, response: HttpResponse) -> Page[Result]:
        """The page.

        Raises:
            ServiceFailed: `service.ags.response_malformed`, `http.url_refused` for the next page, or a usual refusal.
        """
        request = self.to_request()
        if response.status != 200:
            not_paged = response.status == 404 and self.limit is not None
            raise refused(request, response, self.scopes, _NOT_PAGED if not_paged else None)
        found = json_of(response, _MALFORMED)
        if not isinstance(found, list):
            raise evolve(_MALFORMED, status=response.status)
        results, skipped = read_each(found, _result, _RESULT_MALFORMED)
        if self.user_id is not None:
            results = tuple(result for result in results if result.user_id == self.user_id)
        following = linked(response, request.url, "next")
        return Page(results, evolve(self, page_url=following) if following else None, skipped=skipped)


def _result(found: object) -> Result:
    return converter.get_structure_hook(Result)(found, Result)  # type: ignore[no-any-return]
