"""LaunchMessage: what every launch brought, whatever its type; and what a message type is."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, TypeVar

from attrs import evolve, field, frozen

from lti_core import claims as c
from lti_core.may import May
from lti_core.registration import Registration
from lti_core.roles import Roles
from lti_core.rules.rule import Passed, Rule, Warned
from lti_core.structuring import OURS, Claimed, reader_of, structure, texts_of

Thing = TypeVar("Thing", c.Context, c.ResourceLink)


@frozen(kw_only=True)
class LaunchMessage(Claimed):
    """What a verified launch brought. `claims` holds all of it as it was sent, vendor claims included.

    Attributes:
        custom: the link's custom parameters, as texts. A value that still starts with `$` was not substituted.
        role_scope_mentor: ids of the users that this one, a mentor, looks after.
        migration: what the same was called in LTI 1.1; unproved until `verify_migration`.
        ext: values of the vendor's own that LTI 1.1 had already, as texts.
        warnings: rules that the launch broke harmlessly.
        checks: what was checked, for people who want to see it.

    Source: LTI 1.3 §5.3 and §5.4.
    """

    issuer: Annotated[str, c.named("iss")]
    client_id: Annotated[str, OURS] = ""
    message_type: Annotated[str, c.named(c.MESSAGE_TYPE)]
    version: Annotated[str, c.named(c.VERSION)] = c.LTI_VERSION
    deployment_id: Annotated[str, c.named(c.DEPLOYMENT_ID)]
    target_link_uri: Annotated[str, OURS] = ""
    user: Annotated[c.User, OURS] = field(factory=c.User)
    roles: Annotated[Roles, c.named(c.ROLES)] = field(factory=Roles)
    context: Annotated[c.Context | None, OURS] = None
    resource_link: Annotated[c.ResourceLink | None, OURS] = None
    tool_platform: Annotated[c.ToolPlatform | None, c.named(c.TOOL_PLATFORM)] = None
    launch_presentation: Annotated[c.LaunchPresentation | None, c.named(c.LAUNCH_PRESENTATION)] = None
    lis: Annotated[c.Lis | None, c.named(c.LIS)] = None
    custom: Annotated[Mapping[str, str], c.named(c.CUSTOM, texts_of)] = field(default=c.NO_TEXTS, hash=False)
    role_scope_mentor: Annotated[tuple[str, ...], c.named(c.ROLE_SCOPE_MENTOR, c.one_or_many)] = ()
    migration: Annotated[c.Migration | None, c.named(c.LTI1P1)] = None
    lti11_legacy_user_id: Annotated[str | None, c.named(c.LTI11_LEGACY_USER_ID)] = None
    for_user: Annotated[c.ForUser | None, c.named(c.FOR_USER)] = None
    endpoint: Annotated[c.Endpoint | None, c.named(c.AGS_ENDPOINT)] = None
    names_role_service: Annotated[c.NamesRoleService | None, c.named(c.NRPS)] = None
    groups_service: Annotated[c.GroupsService | None, c.named(c.GROUPS)] = None
    notification_service: Annotated[c.NotificationService | None, c.named(c.PLATFORM_NOTIFICATION_SERVICE)] = None
    basic_outcome: Annotated[c.BasicOutcome | None, c.named(c.BASIC_OUTCOME)] = None
    ext: Annotated[Mapping[str, str], c.named(c.EXT, texts_of)] = field(default=c.NO_TEXTS, hash=False)
    warnings: Annotated[tuple[Warned, ...], OURS] = field(default=(), repr=False)
    checks: Annotated[tuple[Passed, ...], OURS] = field(default=(), repr=False)

    @property
    def may(self) -> May:
        """What the platform allows this tool at its services, as `launch.may.read_members`."""
        return May(self.endpoint, self.names_role_service, self.groups_service)


@frozen(eq=False)
class MessageType:
    """A kind of message: what platforms call it, the class that it is read into, and the rules of its own."""

    name: str
    read_into: type[LaunchMessage]
    rules: tuple[Rule, ...] = ()
    passed: tuple[Passed, ...] = field(init=False, repr=False)

    @passed.default
    def _passed(self) -> tuple[Passed, ...]:
        return tuple(rule.passed for rule in self.rules)


def prepare(message_types: Iterable[MessageType]) -> None:
    """Write what reads those messages now, so that the first launch need not wait for it: some milliseconds."""
    for kind in (c.User, c.Context, c.ResourceLink, *(one.read_into for one in message_types)):
        reader_of(kind)


def read_message(
    kind: MessageType,
    claims: dict[str, object],
    registration: Registration,
    target_link_uri: str,
    warnings: tuple[Warned, ...],
    checks: tuple[Passed, ...],
) -> LaunchMessage:
    """Verified claims as a value. `target_link_uri` is the login's, for a message that names none.

    Raises:
        LaunchRefused: `launch.claim_malformed`, naming the claim.
    """
    dropped = {warning.drops for warning in warnings if warning.drops} if warnings else ()
    readable = {name: value for name, value in claims.items() if name not in dropped} if dropped else claims
    tenant = (registration.issuer, registration.client_id, str(claims.get(c.DEPLOYMENT_ID)))
    message = structure(
        kind.read_into,
        readable,
        client_id=registration.client_id,
        target_link_uri=claims.get(c.TARGET_LINK_URI) or target_link_uri,
        user=structure(c.User, readable, tenant=tenant[:1]),
        context=_named_there(c.Context, c.CONTEXT, readable, tenant),
        resource_link=_named_there(c.ResourceLink, c.RESOURCE_LINK, readable, tenant),
        warnings=warnings,
        checks=checks,
    )
    return evolve(message, claims=MappingProxyType(claims)) if dropped else message


def _named_there(target: type[Thing], name: str, claims: Mapping[str, object], tenant: tuple[str, ...]) -> Thing | None:
    sent = claims.get(name)
    return None if sent is None else structure(target, sent, name, tenant=tenant)
