"""Rules that several message types share."""

from lti_core.claims import RESOURCE_LINK, ROLES, TARGET_LINK_URI
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule


def target_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says where it leads."""
    found = claims.get(TARGET_LINK_URI)
    return None if isinstance(found, str) and found else Mismatch("The launch does not say where it leads.", "a text")


def roles_are_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch lists the user's roles, be it none."""
    return Mismatch("The launch has no list of roles.", "an array") if claims.get(ROLES) is None else None


def resource_link_has_an_id(claims: Claims, _: Expected) -> Mismatch | None:
    """The resource link, where there is one, has an id."""
    link = claims.get(RESOURCE_LINK)
    if not isinstance(link, dict) or (isinstance(link.get("id"), str) and link["id"]):
        return None
    return Mismatch("The resource link has no id.", "a text")


TARGET_GIVEN = Rule("launch.target_link_uri_missing", "LTI 1.3 §5.3.4", target_is_given)
ROLES_GIVEN = Rule("launch.roles_missing", "LTI 1.3 §5.3.7", roles_are_given)
RESOURCE_LINK_NAMED = Rule("launch.resource_link_id_missing", "LTI 1.3 §5.3.5", resource_link_has_an_id)
