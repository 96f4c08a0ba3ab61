"""Groups of a course, and the sets that they belong to.

Source: Course Groups 1.0.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, TypeVar

from attrs import evolve, field, frozen
from attrs.validators import optional

from lti_core.claims import named
from lti_core.claims import user_id as as_id
from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.scopes import GROUPS_READ
from lti_core.services import sent
from lti_core.services.addresses import service_address, with_parameters
from lti_core.services.answers import PAGE_BYTES, json_of, read_each, refused
from lti_core.services.command import IDEMPOTENT, Page, Repeat
from lti_core.services.links import linked
from lti_core.services.received import text_or_absent, words
from lti_core.structuring import Claimed, converter, lenient_bool

GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
GROUP_SETS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"

_SPEC = "Course Groups 1.0"
_LIMIT = InvalidValue("service.groups.limit_invalid", "limit must be a whole number from 1 up.", _SPEC, "1 or more")
_MALFORMED = ServiceFailed("service.groups.response_malformed", "The platform's answer is no list of groups.", _SPEC)

Item = TypeVar("Item")


def _ids(value: Any, _: Any) -> tuple[str, ...]:
    """Ids; a lone one is a list of one, and whole numbers are read as their digits."""
    return tuple(as_id(one, str) for one in (value if isinstance(value, list) else [value]))


@frozen(kw_only=True)
class Group(Claimed):
    """A group of members of a course.

    Attributes:
        set_ids: of the sets that it belongs to.
        hidden: not to be shown to learners.
    """

    id: Annotated[str, named("id", as_id)]
    name: Annotated[str, named("name", words)]
    tag: Annotated[str | None, named("tag", text_or_absent)] = None
    set_ids: Annotated[tuple[str, ...], named("set_ids", _ids)] = ()
    hidden: Annotated[bool, named("hidden", lenient_bool)] = False


@frozen(kw_only=True)
class GroupSet(Claimed):
    """A set of groups, as those of one assignment. `hidden`: not to be shown to learners."""

    id: Annotated[str, named("id", as_id)]
    name: Annotated[str, named("name", words)]
    tag: Annotated[str | None, named("tag", text_or_absent)] = None
    hidden: Annotated[bool, named("hidden", lenient_bool)] = False


@frozen(kw_only=True)
class GetGroups:
    """One page of the groups of a course.

    Attributes:
        url: `context_groups_url` of the launch.
        user_id: only the groups that this user is in.
        limit: how many to a page, for the platform to go by or not.
        page_url: of a later page; None for the first.
    """

    scopes: ClassVar[tuple[str, ...]] = (GROUPS_READ,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)
    user_id: str | None = field(default=None, validator=sent.words_to_find)
    limit: int | None = field(default=None, validator=sent.from_one_up(_LIMIT))
    page_url: str | None = field(default=None, validator=optional(service_address))

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        first = with_parameters(self.url, user_id=self.user_id, limit=self.limit)
        return _request(self.page_url or first, GROUPS_TYPE)

    def read_response(self, response: HttpResponse) -> Page[Group]:
        """The page.

        Raises:
            ServiceFailed: `service.groups.response_malformed`, `http.url_refused` for the next page, or a usual
                refusal.
        """
        request = self.to_request()
        page = _read_page(request, response, "groups", _group)
        following = linked(response, request.url, "next")
        return evolve(page, next=evolve(self, page_url=following)) if following else page


@frozen(kw_only=True)
class GetGroupSets:
    """One page of the sets that the groups of a course belong to.

    Attributes:
        url: `context_group_sets_url` of the launch.
        limit, page_url: as of `GetGroups`.
    """

    scopes: ClassVar[tuple[str, ...]] = (GROUPS_READ,)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    url: str = field(validator=service_address)
    limit: int | None = field(default=None, validator=sent.from_one_up(_LIMIT))
    page_url: str | None = field(default=None, validator=optional(service_address))

    def to_request(self) -> HttpRequest:
        """The request for this page."""
        return _request(self.page_url or with_parameters(self.url, limit=self.limit), GROUP_SETS_TYPE)

    def read_response(self, response: HttpResponse) -> Page[GroupSet]:
        """The page.

        Raises:
            ServiceFailed: as `GetGroups`.
        """
        request = self.to_request()
        page = _read_page(request, response, "sets", _group_set)
        following = linked(response, request.url, "next")
        return evolve(page, next=evolve(self, page_url=following)) if following else page


def _request(url: str, media_type: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, headers={"Accept": media_type}, max_bytes=PAGE_BYTES)


def _read_page(request: HttpRequest, response: HttpResponse, name: str, read: Callable[[object], Item]) -> Page[Item]:
    """A page without the next one."""
    if response.status != 200:
        raise refused(request, response, (GROUPS_READ,))
    found = json_of(response, _MALFORMED)
    listed = found.get(name) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise evolve(_MALFORMED, status=response.status)
    items, skipped = read_each(listed, read, _MALFORMED)
    return Page(items, skipped=skipped)


def _group(found: object) -> Group:
    group: Group = converter.get_structure_hook(Group)(found, Group)
    draft: Any = group.claims.get("set_id")  # an earlier draft had one set to a group
    return group if group.set_ids or draft is None else evolve(group, set_ids=_ids(draft, str))


def _group_set(found: object) -> GroupSet:
    return converter.get_structure_hook(GroupSet)(found, GroupSet)  # type: ignore[no-any-return]
