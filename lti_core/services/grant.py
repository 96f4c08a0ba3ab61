"""ServiceGrant: what a platform lets a tool do at its services. Taken from a launch, it serves without one, too."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Self

from attrs import Attribute, field, frozen

from lti_core.claims import Endpoint, GroupsService, NamesRoleService
from lti_core.errors import AccessRefused, InvalidValue
from lti_core.may import May
from lti_core.messages.message import LaunchMessage
from lti_core.registration import key_of
from lti_core.services.sent import aware
from lti_core.structuring import OURS


def _time_or_never(_: object, __: "Attribute[datetime | None]", value: object) -> None:
    if value is not None and not aware(value):
        message = "expires_at must be a time with its zone."
        raise InvalidValue("grant.expiry_invalid", message, expected="an aware datetime")


@frozen(kw_only=True)
class ServiceGrant:
    """The addresses and scopes that a platform named in a launch, and whom it named them to.

    Attributes:
        context_id, context_title: of the course.
        resource_link_id: of the link that was opened; None where it was none.
        platform: `product_family_code` of the platform, as "moodle"; empty when it does not say.
        expires_at: aware; the grant is not used from then on. None: as long as the platform lets it.
        seal: of a grant that is kept, what proves that this tool kept it. Empty once that was looked at.

    Raises:
        InvalidValue: `grant.expiry_invalid`.
    """

    issuer: str
    client_id: str
    deployment_id: str
    context_id: str | None = None
    context_title: str | None = None
    resource_link_id: str | None = None
    resource_link_title: str | None = None
    platform: str = ""
    endpoint: Endpoint | None = field(default=None, repr=False)
    names_role_service: NamesRoleService | None = field(default=None, repr=False)
    groups_service: GroupsService | None = field(default=None, repr=False)
    expires_at: Annotated[datetime | None, OURS] = field(default=None, validator=_time_or_never)
    seal: str = field(default="", repr=False)

    @classmethod
    def of(cls, launch: LaunchMessage, expires_at: datetime | None = None) -> Self:
        """What `launch` allows."""
        context, link, platform = launch.context, launch.resource_link, launch.tool_platform
        return cls(
            issuer=launch.issuer,
            client_id=launch.client_id,
            deployment_id=launch.deployment_id,
            context_id=context.id if context else None,
            context_title=context.title if context else None,
            resource_link_id=link.id if link else None,
            resource_link_title=link.title if link else None,
            platform=(platform.product_family_code or "") if platform else "",
            endpoint=launch.endpoint,
            names_role_service=launch.names_role_service,
            groups_service=launch.groups_service,
            expires_at=expires_at,
        )

    @property
    def key(self) -> str:
        """64 hexadecimal digits: one grant for each course, or for each link outside of one."""
        place = ("context", self.context_id) if self.context_id is not None else ("link", self.resource_link_id or "")
        return key_of("grant", self.issuer, self.client_id, self.deployment_id, *place)

    @property
    def may(self) -> May:
        """What the platform allows, asked question by question."""
        return May(self.endpoint, self.names_role_service, self.groups_service)

    @property
    def addresses(self) -> Iterator[str]:
        """The services' addresses that the platform named."""
        for claim, names in _ADDRESSES.items():
            found = getattr(self, claim)
            yield from filter(None, (getattr(found, name) for name in names) if found else ())

    def refuse_expired(self, now: datetime) -> None:
        """Refuse a grant whose time is over.

        Raises:
            AccessRefused: `grant.expired`.
        """
        if self.expires_at is not None and self.expires_at <= now:
            message = "The time of this grant is over; a new launch brings a new one."
            raise AccessRefused("grant.expired", message, found=self.expires_at.isoformat())


_ADDRESSES = {
    "endpoint": ("line_items", "line_item"),
    "names_role_service": ("context_memberships_url",),
    "groups_service": ("context_groups_url", "context_group_sets_url"),
}
