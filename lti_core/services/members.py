"""Members: who is in a course, and in which roles.

Source: NRPS 2.0, Membership container media type, Message section, Membership differences.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from attrs import evolve, field, frozen
from attrs.validators import optional

from lti_core.claims import Context
from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.scopes import MEMBERS_READ
from lti_core.services import sent
from lti_core.services.addresses import service_address, with_parameters
from lti_core.services.answers import PAGE_BYTES, read_each, refused, text_of
from lti_core.services.command import IDEMPOTENT, Page, Repeat
from lti_core.services.links import linked
from lti_core.services.member import Kinds, Member, asked_as, read_member, with_role
from lti_core.strict_json import read_long_json, refuse_deep
from lti_core.structuring import Malformed, converter

__all__ = ["GetDifferences", "GetMembers", "Member", "MembersPage"]

MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

_SPEC = "NRPS 2.0, Membership container media type"
_LIMIT = InvalidValue(
    "service.nrps.limit_invalid",
    "limit must be a whole number from 1 up.",
    "NRPS 2.0, Limit query parameter",
    "1 or more",
)
_MALFORMED = ServiceFailed("service.nrps.response_malformed", "The platform's answer is no class list.", _SPEC)
_MEMBER_MALFORMED = ServiceFailed("service.nrps.member_malformed", "A member cannot be read.", _SPEC)
_TOO_MANY = ServiceFailed(
    "service.nrps.too_many_members", "The course has more members than the platform tells at once.", _SPEC,
    remedy="Ask with a limit: the class list then comes page by page.",
)  # fmt: skip
_LINK_REFUSED = ServiceFailed(
    "service.nrps.resource_link_refused", "The platform does not tell who can reach that link.", _SPEC,
    remedy="It must be a link of this tool in this course, and it must be there still.",
)  # fmt: skip
_EXPIRED = ServiceFailed(
    "service.nrps.differences_expired", "The platform does not know any more what had changed since then.",
    "NRPS 2.0, Membership differences", remedy="Read the whole class list again.",
)  # fmt: skip


@frozen
class MembersPage(Page[Member]):
    """A page of a class list. `context` is the course; None when the platform does not name it as it must."""

    context: Context | None = None


@frozen(kw_only=True)
class GetMembers:
    """One page of a class list, in the platform's order.

    Attributes:
        url: `context_memberships_url` of the launch.
        role: only members with this role, a full name or a short one; a sub-role counts for its principal role.
            `TeachingAssistant` finds the assistants however the platform calls them. Compared on each page as well:
            some platforms forget the role on the second one.
        limit: how many to a page, for the platform to go by or not.
        resource_link_id: only members who can reach that link, with `messages`.
        groups: whether `group_ids` are asked for.
        page_url: of a later page; None for the first.
    """

    scopes: ClassVar[tuple[str, ...]] = (MEMBERS_READ,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)
    role: str | None = field(default=None, validator=sent.words_to_find)
    limit: int | None = field(default=None, validator=sent.from_one_up(_LIMIT))
    resource_link_id: str | None = field(default=None, validator=sent.words_to_find)
    groups: bool = False
    page_url: str | None = field(default=None, validator=optional(service_address))

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        return _request(self.page_url or self._first_url)

    @property
    def _first_url(self) -> str:
        role, groups = self.role and asked_as(self.role), "true" if self.groups else None
        return with_parameters(self.url, role=role, limit=self.limit, rlid=self.resource_link_id, groups=groups)

    def read_response(self, response: HttpResponse) -> MembersPage:
        """The page. A member that cannot be read is left out, and told in `skipped`.

        Raises:
            ServiceFailed: `service.nrps.too_many_members`, `service.nrps.resource_link_refused`,
                `service.nrps.response_malformed`, `http.url_refused` for the next page, or a usual refusal.
        """
        request = self.to_request()
        if response.status != 200:
            raise refused(request, response, self.scopes, self._meaning(response))
        page = _read_page(response, request.url, self.role)
        following = linked(response, request.url, "next")
        return evolve(page, next=evolve(self, page_url=following)) if following else page

    def _meaning(self, response: HttpResponse) -> ServiceFailed | None:
        if response.status == 403 and b"above_response_limit" in response.body[:1000]:
            return _TOO_MANY
        return _LINK_REFUSED if self.resource_link_id is not None and response.status in (400, 404, 422) else None


@frozen
class GetDifferences:
    """One page of what has changed in a class list: new and changed members whole, others with the status `Deleted`.

    Attributes:
        url: `differences` of the last page of a class list that was read, or of earlier differences.
    """

    scopes: ClassVar[tuple[str, ...]] = (MEMBERS_READ,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        return _request(self.url)

    def read_response(self, response: HttpResponse) -> MembersPage:
        """The page.

        Raises:
            ServiceFailed: `service.nrps.differences_expired`, `service.nrps.response_malformed`, `http.url_refused` for
                the next page, or a usual refusal.
        """
        if response.status != 200:
            expired = 400 <= response.status < 500 and response.status not in (401, 403, 429)
            raise refused(self.to_request(), response, self.scopes, _EXPIRED if expired else None)
        page = _read_page(response, self.url, None)
        following = linked(response, self.url, "next")
        return evolve(page, next=GetDifferences(following)) if following else page


def _request(url: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={"Accept": MEMBERS_TYPE}, max_bytes=PAGE_BYTES)


def _read_page(response: HttpResponse, url: str, role: str | None) -> MembersPage:
    """A page without the next one."""
    found = _container(response)
    kinds: Kinds = {}
    members, skipped = read_each(found["members"], partial(read_member, kinds=kinds), _MEMBER_MALFORMED)
    if role is not None:
        members = with_role(members, kinds, role)
    differences = linked(response, url, "differences")
    return MembersPage(members, None, differences, skipped, _context(found))


def _container(response: HttpResponse) -> dict[str, Any]:
    try:
        found = read_long_json(text_of(response))
        sound = isinstance(found, dict) and isinstance(found.get("members"), list)
        if sound:
            refuse_deep(found.get("context"))  # type: ignore[attr-defined]  # it is an object
    except (ValueError, RecursionError):
        sound = False
    if not sound:
        raise evolve(_MALFORMED, status=response.status)
    return found  # type: ignore[return-value]  # it is an object


def _context(found: Mapping[str, object]) -> Context | None:
    try:
        return converter.get_structure_hook(Context)(found.get("context"), Context)  # type: ignore[no-any-return]
    except Malformed:
        return None
