"""Names of claims, and the small values that they carry.

Source: LTI 1.3 §5.3, §5.4 and appendix D; Deep Linking 2.0 §4.4; Submission Review 1.0; AGS 2.0 §3.1; NRPS 2.0 §3.6;
Platform Notification Service 1.0.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from attrs import field, frozen
from cattrs import override

from lti_core.errors import LaunchRefused
from lti_core.registration import key_of
from lti_core.roles import Roles
from lti_core.structuring import OURS, Claimed, Malformed, converter, pixels

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = LTI + "message_type"
VERSION = LTI + "version"
DEPLOYMENT_ID = LTI + "deployment_id"
TARGET_LINK_URI = LTI + "target_link_uri"
RESOURCE_LINK = LTI + "resource_link"
ROLES = LTI + "roles"
CONTEXT = LTI + "context"
TOOL_PLATFORM = LTI + "tool_platform"
ROLE_SCOPE_MENTOR = LTI + "role_scope_mentor"
LAUNCH_PRESENTATION = LTI + "launch_presentation"
LIS = LTI + "lis"
CUSTOM = LTI + "custom"
EXT = LTI + "ext"
LTI11_LEGACY_USER_ID = LTI + "lti11_legacy_user_id"
LTI1P1 = LTI + "lti1p1"
FOR_USER = LTI + "for_user"
PLATFORM_NOTIFICATION_SERVICE = LTI + "platformnotificationservice"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

LTI_VERSION = "1.3.0"


def named(name: str, hook: Any = None) -> Any:
    """A field is read from the claim or member `name`; by `hook` where its type alone does not say how."""
    return override(rename=name, struct_hook=hook)


_TEXT = frozenset({str})


def one_or_many(value: Any, _: Any) -> tuple[str, ...]:
    """Several texts; a lone one is a list of one (Moodle makes it so)."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not _TEXT.issuperset(map(type, texts)):
        raise Malformed("", "must be an array of texts")
    return tuple(texts)


def scope_list(value: Any, _: Any) -> tuple[str, ...]:
    """Scopes; also in one text, between blanks or commas (a known quirk)."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else one_or_many(value, _)


def media_types(value: Any, _: Any) -> tuple[str, ...]:
    """Media types between commas; also as an array (Moodle's claim map makes it one)."""
    return tuple(part.strip() for text in one_or_many(value, _) for part in text.split(",") if part.strip())


def user_id(value: Any, _: Any) -> str:
    """`sub` is text; a whole number is read as its decimal digits (a known quirk of Open edX)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Malformed("", "must be a text")
    return value


def size(value: Any, _: Any) -> int | None:
    """A number of pixels. What is none, as "" or "100%", counts as absent and stays in `claims`: it harms nobody."""
    try:
        return pixels(value, _)
    except Malformed:
        return None


TextList = Annotated[tuple[str, ...], override(struct_hook=one_or_many)]
Pixels = Annotated[int | None, override(struct_hook=size)]


@frozen(kw_only=True)
class Keyed(Claimed):
    """Something that a platform names. Its `id` is unique only there; its `key` is unique over all platforms."""

    tenant: Annotated[tuple[str, ...], OURS] = field(default=(), repr=False)
    """The names that the id is unique under: issuer, and for what a deployment names also client and deployment."""


@frozen(kw_only=True)
class User(Keyed):
    """Who launched. In an anonymous launch `id` is None and nothing else is known (LTI 1.3 §5.3.6)."""

    id: Annotated[str | None, named("sub", user_id)] = None
    name: str | None = field(default=None, repr=False)
    given_name: str | None = field(default=None, repr=False)
    family_name: str | None = field(default=None, repr=False)
    middle_name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    picture: str | None = field(default=None, repr=False)
    locale: str | None = None
    zoneinfo: str | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether the platform did not say who this is."""
        return self.id is None

    @property
    def key(self) -> str:
        """64 hexadecimal digits, unique over platforms: what to store a person's work under.

        Raises:
            LaunchRefused: `launch.sub_missing` in an anonymous launch, so that strangers never share one key.
        """
        if self.id is None:
            raise LaunchRefused("launch.sub_missing", "The platform did not say who the user is.", "LTI 1.3 §5.3.6")
        return key_of("user", *self.tenant, self.id)


@frozen(kw_only=True)
class Context(Keyed):
    """The course, section or group that the launch comes from (LTI 1.3 §5.4.1)."""

    id: str
    label: str | None = None
    title: str | None = None
    types: Annotated[tuple[str, ...], named("type", one_or_many)] = ()

    @property
    def key(self) -> str:
        """64 hexadecimal digits, unique over platforms and deployments."""
        return key_of("context", *self.tenant, self.id)


@frozen(kw_only=True)
class ResourceLink(Keyed):
    """The link that was opened (LTI 1.3 §5.3.5)."""

    id: str
    title: str | None = None
    description: str | None = None

    @property
    def key(self) -> str:
        """64 hexadecimal digits, unique over platforms and deployments."""
        return key_of("resource_link", *self.tenant, self.id)


@frozen(kw_only=True)
class ToolPlatform(Claimed):
    """The installation of the platform (LTI 1.3 §5.4.2)."""

    guid: str
    name: str | None = None
    description: str | None = None
    url: str | None = None
    contact_email: str | None = None
    product_family_code: str | None = None
    version: str | None = None


@frozen(kw_only=True)
class LaunchPresentation(Claimed):
    """How and where the tool is shown; `height` and `width` in pixels (LTI 1.3 §5.4.4)."""

    document_target: str | None = None
    height: Pixels = None
    width: Pixels = None
    return_url: str | None = None
    locale: str | None = None


@frozen(kw_only=True)
class Lis(Claimed):
    """Identifiers of a student information system (LTI 1.3 §5.4.5)."""

    person_sourcedid: str | None = field(default=None, repr=False)
    course_offering_sourcedid: str | None = None
    course_section_sourcedid: str | None = None
    result_sourcedid: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Migration(Claimed):
    """What the same launch was called in LTI 1.1: each name that was another one (LTI Advantage Migration Guide).

    Unproved: `lti_core.migration.verify_migration` tells whether it is true.
    """

    user_id: str | None = None
    context_id: str | None = None
    resource_link_id: str | None = None
    tool_consumer_instance_guid: str | None = None
    oauth_consumer_key: str | None = None
    oauth_consumer_key_sign: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class ForUser(Claimed):
    """Whose work is meant, beside the user who launched (Submission Review 1.0)."""

    user_id: str
    person_sourcedid: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    given_name: str | None = field(default=None, repr=False)
    family_name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    roles: Roles = field(factory=Roles)


@frozen(kw_only=True)
class Endpoint(Claimed):
    """Where grades go (AGS 2.0 §3.1). `line_item` is there when the link has exactly one."""

    scopes: Annotated[tuple[str, ...], named("scope", scope_list)] = ()
    line_items: Annotated[str | None, named("lineitems")] = None
    line_item: Annotated[str | None, named("lineitem")] = None


@frozen(kw_only=True)
class NamesRoleService(Claimed):
    """Where the class list is (NRPS 2.0 §3.6.1.1)."""

    context_memberships_url: str
    service_versions: TextList = ()


@frozen(kw_only=True)
class GroupsService(Claimed):
    """Where the groups of a course are (Course Groups 1.0)."""

    context_groups_url: str
    context_group_sets_url: str | None = None
    scopes: Annotated[tuple[str, ...], named("scope", scope_list)] = ()
    service_versions: TextList = ()


@frozen(kw_only=True)
class NotificationService(Claimed):
    """Where the platform is told which of its notices this tool wants (Platform Notification Service 1.0)."""

    platform_notification_service_url: str
    scopes: Annotated[tuple[str, ...], named("scope", scope_list)] = ()
    service_versions: TextList = ()
    notice_types: Annotated[tuple[str, ...], named("notice_types_supported", one_or_many)] = ()


@frozen(kw_only=True)
class BasicOutcome(Claimed):
    """LTI 1.1 outcomes, kept alive by some platforms."""

    lis_result_sourcedid: str | None = field(default=None, repr=False)
    lis_outcome_service_url: str | None = None


def _roles(value: Any, _: Any) -> Roles:
    if not isinstance(value, list):
        raise Malformed("", "must be an array of texts")
    return Roles(one_or_many(value, _))


converter.register_structure_hook(Roles, _roles)
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
