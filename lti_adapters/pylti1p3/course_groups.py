"""CourseGroupsService: the groups of the course."""

from typing import Any

from lti_adapters.pylti1p3.paging import all_items, list_of
from lti_adapters.pylti1p3.service_addresses import address_beside, address_in, scopes_in
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from lti_adapters.pylti1p3.utils import add_param_to_url
from lti_core.scopes import GROUPS_READ
from lti_core.services.groups import GROUP_SETS_TYPE, GROUPS_TYPE

TGroupsServiceData = dict[str, Any]
TGroup = dict[str, Any]
TSet = dict[str, Any]


class CourseGroupsService:
    """Over the claim of a launch. Groups and sets are dicts, as the platform sent them."""

    def __init__(self, service_connector: ServiceConnector, groups_service_data: TGroupsServiceData) -> None:
        self._service_connector = service_connector
        self._service_data = groups_service_data

    def get_page(self, data_url: str, data_key: str = "groups") -> tuple[list[Any], str | None]:
        """One page, and where the next one is."""
        accept = GROUPS_TYPE if data_key == "groups" else GROUP_SETS_TYPE
        url = address_beside(self._service_data, data_url)
        answer = self._service_connector.make_service_request(self._granted, url, accept=accept)
        return list_of(answer["body"], data_key), answer["next_page_url"]

    def get_groups(self, user_id: str | None = None) -> list[TGroup]:
        """All groups, or those of one user."""
        url = address_in(self._service_data, "context_groups_url")
        return all_items(self.get_page, add_param_to_url(url, "user_id", user_id) if user_id else url)

    def has_sets(self) -> bool:
        """Whether the platform tells sets of groups."""
        return bool(self._service_data.get("context_group_sets_url"))

    def get_sets(self, include_groups: bool = False) -> list[TSet]:
        """The sets; with `groups` of each where `include_groups`."""
        if not self.has_sets():
            return []
        url = address_in(self._service_data, "context_group_sets_url")
        sets: list[TSet] = all_items(lambda page: self.get_page(page, "sets"), url)
        if include_groups:
            # Each group is looked at once, and sets with one id share a list: all groups in all sets could fill memory.
            groups: dict[Any, list[TGroup]] = {}
            for group in self.get_groups():
                for set_id in set(_sets_of(group)):
                    groups.setdefault(set_id, []).append(group)
            for one in sets:
                one["groups"] = groups.get(one.get("id"), []) if _is_id(one.get("id")) else []
        return sets

    @property
    def _granted(self) -> list[str]:
        """The scopes of the claim; where it tells none, the one that the specification has."""
        return scopes_in(self._service_data) or [GROUPS_READ]


def _sets_of(group: TGroup) -> list[Any]:
    """The specification has a list of ids; some platforms send a lone one."""
    several = group.get("set_ids")
    return list(filter(_is_id, [group.get("set_id"), *(several if isinstance(several, list) else [several])]))


def _is_id(value: Any) -> bool:
    """Whether it can be one: platforms may send numbers, and leave it out."""
    return not isinstance(value, list | dict)
