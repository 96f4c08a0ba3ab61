"""NamesRolesProvisioningService: who is in the course."""

from typing import Any

from lti_adapters.pylti1p3.paging import all_items, list_of
from lti_adapters.pylti1p3.service_addresses import address_beside, address_in
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from lti_adapters.pylti1p3.utils import add_param_to_url
from lti_core.scopes import MEMBERS_READ
from lti_core.services.members import MEMBERS_TYPE

TNamesAndRolesData = dict[str, Any]
TMember = dict[str, Any]


class NamesRolesProvisioningService:
    """Over the claim of a launch. Members are dicts, as the platform sent them."""

    def __init__(self, service_connector: ServiceConnector, service_data: TNamesAndRolesData) -> None:
        self._service_connector = service_connector
        self._service_data = service_data

    def get_nrps_data(self, members_url: str | None = None) -> Any:
        """What the platform answers: `headers`, `body` and `next_page_url`."""
        data = self._service_data
        url = address_beside(data, members_url) if members_url else address_in(data, "context_memberships_url")
        return self._service_connector.make_service_request([MEMBERS_READ], url, accept=MEMBERS_TYPE)

    def get_members_page(self, members_url: str | None = None) -> tuple[list[TMember], str | None]:
        """One page, and where the next one is."""
        answer = self.get_nrps_data(members_url)
        return list_of(answer["body"], "members"), answer["next_page_url"]

    def get_members(self, resource_link_id: str | None = None) -> list[TMember]:
        """All members; with a link, those who can reach it."""
        url = address_in(self._service_data, "context_memberships_url")
        if resource_link_id:
            url = add_param_to_url(url, "rlid", resource_link_id)
        return all_items(self.get_members_page, url)

    def get_context(self) -> dict[str, Any]:
        """The course."""
        body = self.get_nrps_data()["body"]
        found = body.get("context") if isinstance(body, dict) else None
        return found if isinstance(found, dict) else {}
