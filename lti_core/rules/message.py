"""Rules for what every message carries."""

from lti_core.claims import (
    CONTEXT,
    DEPLOYMENT_ID,
    LTI1P1,
    LTI_VERSION,
    MESSAGE_TYPE,
    RESOURCE_LINK,
    ROLE_SCOPE_MENTOR,
    ROLES,
    TARGET_LINK_URI,
    TOOL_PLATFORM,
    VERSION,
)
from lti_core.roles import Roles, some_known
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule
from lti_core.rules.services import SERVICES

LONGEST_ID = 255
_ID_NAMES = ("sub", "deployment_id", "context.id", "resource_link.id")


def message_type_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says what kind of message it is."""
    found = claims.get(MESSAGE_TYPE)
    return None if isinstance(found, str) and found else Mismatch("The launch names no message type.", "a text")


def version_is_1_3(claims: Claims, _: Expected) -> Mismatch | None:
    """The message is of LTI version 1.3.0."""
    found = claims.get(VERSION)
    return None if found == LTI_VERSION else Mismatch("The launch is not of LTI 1.3.", LTI_VERSION, found)


def target_is_ours(claims: Claims, expected: Expected) -> Mismatch | None:
    """The launch leads to one of the tool's own addresses."""
    found = claims.get(TARGET_LINK_URI)
    if found is None or expected.target_urls.have(found):
        return None
    return Mismatch("The launch leads to an address that is not this tool's.", "a launch address of this tool", found)


def target_is_of_this_login(claims: Claims, expected: Expected) -> Mismatch | None:
    """The launch leads where the login said."""
    found, named = claims.get(TARGET_LINK_URI), expected.state.target_link_uri
    if found is None or found == named:
        return None
    return Mismatch("The launch leads to another address than its login said. The signed one counts.", named, found)


def user_has_a_name(claims: Claims, _: Expected) -> Mismatch | None:
    """The user's id, where there is one, is not empty."""
    return Mismatch("The user's id is empty.", "a text, or no sub at all") if claims.get("sub") == "" else None


def _ids(claims: Claims) -> tuple[object, ...]:
    sub, context, link = claims.get("sub"), claims.get(CONTEXT), claims.get(RESOURCE_LINK)
    return (
        str(sub) if isinstance(sub, int) else sub,  # a whole number is read as its digits
        claims.get(DEPLOYMENT_ID),
        context.get("id") if isinstance(context, dict) else None,
        link.get("id") if isinstance(link, dict) else None,
    )


def ids_are_short(claims: Claims, _: Expected) -> Mismatch | None:
    """No identifier is longer than 255 characters."""
    ids = _ids(claims)
    for value in ids:
        if isinstance(value, str) and len(value) > LONGEST_ID:
            name, most = _ID_NAMES[ids.index(value)], f"at most {LONGEST_ID} characters"
            return Mismatch(f"The identifier {name} is too long.", most, len(value))
    return None


def ids_are_ascii(claims: Claims, _: Expected) -> Mismatch | None:
    """Identifiers are ASCII."""
    ids = _ids(claims)
    for value in ids:
        if isinstance(value, str) and not value.isascii():
            return Mismatch(f"The identifier {_ID_NAMES[ids.index(value)]} is not ASCII.", "ASCII")
    return None


def context_has_an_id(claims: Claims, _: Expected) -> Mismatch | None:
    """The context, where there is one, has an id."""
    context = claims.get(CONTEXT)
    if not isinstance(context, dict) or (isinstance(context.get("id"), str) and context["id"]):
        return None
    return Mismatch("The context has no id.", "a text")


def some_role_is_known(claims: Claims, _: Expected) -> Mismatch | None:
    """At least one role, where there are any, is of a known vocabulary."""
    roles = claims.get(ROLES)
    if not isinstance(roles, list) or not roles or some_known([name for name in roles if isinstance(name, str)]):
        return None
    return Mismatch("None of the roles is known; no rights follow from them.", "a role of LTI 1.3 appendix A")


def mentees_have_a_mentor(claims: Claims, _: Expected) -> Mismatch | None:
    """Only a mentor is told whom they look after."""
    if claims.get(ROLE_SCOPE_MENTOR) is None:
        return None
    roles = claims.get(ROLES)
    if isinstance(roles, list) and Roles(tuple(map(str, roles))).is_observer:
        return None
    return Mismatch("The claim role_scope_mentor is ignored: the user has no role Mentor.", "a role Mentor")


def platform_has_a_guid(claims: Claims, _: Expected) -> Mismatch | None:
    """The description of the platform, where there is one, has a guid: ASCII, of 1 to 255 characters."""
    platform = claims.get(TOOL_PLATFORM)
    if platform is None:
        return None
    guid = platform.get("guid") if isinstance(platform, dict) else None
    if isinstance(guid, str) and 0 < len(guid) <= LONGEST_ID and guid.isascii():
        return None
    return Mismatch(
        "The claim tool_platform is ignored: it has no usable guid.", f"ASCII, 1 to {LONGEST_ID} characters"
    )


def migration_is_readable(claims: Claims, _: Expected) -> Mismatch | None:
    """What the launch was called in LTI 1.1, where that is told, is an object of texts."""
    value = claims.get(LTI1P1)
    if value is None or (isinstance(value, dict) and all(isinstance(text, str | None) for text in value.values())):
        return None
    return Mismatch("The claim lti1p1 is ignored: it is not an object of texts.", "an object of texts")


MESSAGE = (
    Rule("launch.message_type_missing", "LTI 1.3 §5.3.1", message_type_is_given),
    Rule("launch.version_unsupported", "LTI 1.3 §5.3.2", version_is_1_3),
    Rule("launch.target_link_uri_foreign", "LTI 1.3 §5.3.4", target_is_ours),
    Rule("launch.target_link_uri_mismatch", "LTI 1.3 §5.3.4", target_is_of_this_login, warns=True),
    Rule("launch.sub_missing", "LTI 1.3 §5.3.6", user_has_a_name),
    Rule("launch.identifier_too_long", "LTI 1.3 §5.3.3, §5.3.5, §5.3.6, §5.4.1", ids_are_short),
    Rule("launch.identifier_too_long", "LTI 1.3 §5.3.3, §5.3.5, §5.3.6, §5.4.1", ids_are_ascii, warns=True),
    Rule("launch.context_id_missing", "LTI 1.3 §5.4.1", context_has_an_id),
    Rule("launch.roles_unknown", "LTI 1.3 §5.3.7", some_role_is_known, warns=True),
    Rule("launch.mentor_scope_ignored", "LTI 1.3 §5.4.3", mentees_have_a_mentor, warns=True, drops=ROLE_SCOPE_MENTOR),
    Rule("launch.tool_platform_ignored", "LTI 1.3 §5.4.2", platform_has_a_guid, warns=True, drops=TOOL_PLATFORM),
    Rule("launch.claim_malformed", "LTI Advantage Migration Guide", migration_is_readable, warns=True, drops=LTI1P1),
    *SERVICES,
)
