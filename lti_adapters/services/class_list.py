"""ClassList: who is in the course of a grant, and in which groups."""

import logging
from collections.abc import Iterator

from attrs import frozen

from lti_adapters.services.client import ServiceClient
from lti_adapters.services.listing import Listing
from lti_core.services.command import Page
from lti_core.services.grant import ServiceGrant
from lti_core.services.groups import GetGroups, GetGroupSets, Group, GroupSet
from lti_core.services.members import GetDifferences, GetMembers, Member, MembersPage

log = logging.getLogger("lti")


@frozen(eq=False)
class ClassList:
    """The members and groups of one course. Lists come page by page: a million members need the memory of a page.

    What the platform did not allow is refused at once, before any request. While a list is read:

    Raises:
        ServiceFailed: `service.*`, `token.*`, `http.*`, when the page that fails is reached.
    """

    client: ServiceClient
    grant: ServiceGrant

    def members(
        self,
        role: str | None = None,
        limit: int | None = None,
        resource_link_id: str | None = None,
        groups: bool = False,
    ) -> Listing[Member]:
        """The members, in the platform's order. Someone may come twice where enrolments change meanwhile.

        Args:
            role: only members with this role, as "Learner"; a sub-role counts for its principal role.
            limit: how many to a page, for the platform to go by or not.
            resource_link_id: only members who can reach that link, with `messages`.
            groups: ask for each member's `group_ids`.

        Returns:
            A `Listing`. After its end `differences` is where to ask for changes later, if the platform offers that.

        Raises:
            AccessRefused: `service.nrps.not_offered`.
            InvalidValue: `service.nrps.limit_invalid`, `service.value_not_text`.
        """
        self.grant.may.demand("read_members")
        assert self.grant.names_role_service is not None
        command = GetMembers(
            url=self.grant.names_role_service.context_memberships_url,
            role=role,
            limit=limit,
            resource_link_id=resource_link_id,
            groups=groups,
        )
        return Listing(self._of_this_course(self.client.pages(command, self.grant)))

    def changes(self, since: str) -> Listing[Member]:
        """Who came, changed, or went (`status` is then "Deleted"), since a list was read.

        Args:
            since: `differences` of that list.

        Raises:
            AccessRefused: `service.nrps.not_offered`.
            ServiceFailed: `http.url_refused`; while it is read `service.nrps.differences_expired`: read all again.
        """
        self.grant.may.demand("read_members")
        return self.client.items(GetDifferences(since), self.grant)

    def groups(self, user_id: str | None = None, limit: int | None = None) -> Listing[Group]:
        """The groups of the course, or those that one user is in. `hidden` ones are not to be shown to learners.

        Raises:
            AccessRefused: `service.groups.not_offered`.
            InvalidValue: `service.groups.limit_invalid`, `service.value_not_text`.
        """
        self.grant.may.demand("read_groups")
        assert self.grant.groups_service is not None
        url = self.grant.groups_service.context_groups_url
        return self.client.items(GetGroups(url=url, user_id=user_id, limit=limit), self.grant)

    def group_sets(self, limit: int | None = None) -> Listing[GroupSet]:
        """The sets that the groups belong to.

        Raises:
            AccessRefused: `service.groups.not_offered`, `service.groups.sets_not_offered`.
            InvalidValue: `service.groups.limit_invalid`.
        """
        self.grant.may.demand("read_group_sets")
        assert self.grant.groups_service is not None
        url = self.grant.groups_service.context_group_sets_url or ""
        return self.client.items(GetGroupSets(url=url, limit=limit), self.grant)

    def _of_this_course(self, pages: Iterator[Page[Member]]) -> Iterator[Page[Member]]:
        """Warn, once, when the platform tells of another course than the one that was launched from."""
        warned = False
        for page in pages:
            context = page.context if isinstance(page, MembersPage) else None
            if not warned and context is not None and self.grant.context_id not in (None, context.id):
                log.warning("service.nrps.context_mismatch client_id=%r", self.grant.client_id[:200])
                warned = True
            yield page
