"""LtiResourceLinkRequest: somebody opened a link to this tool."""

from typing import Annotated

from attrs import frozen

from lti_core import claims as c
from lti_core.messages.message import LaunchMessage, MessageType
from lti_core.messages.required import RESOURCE_LINK_NAMED, ROLES_GIVEN, TARGET_GIVEN
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule
from lti_core.structuring import OURS


@frozen(kw_only=True)
class ResourceLinkRequest(LaunchMessage):
    """Who opened which link (LTI 1.3 §5.2.2)."""

    resource_link: Annotated[c.ResourceLink, OURS]


def resource_link_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch names the link that was opened."""
    found = claims.get(c.RESOURCE_LINK)
    return Mismatch("The launch names no resource link.", "an object with an id") if found is None else None


MESSAGE_TYPE = MessageType(
    "LtiResourceLinkRequest",
    ResourceLinkRequest,
    (
        TARGET_GIVEN,
        Rule("launch.resource_link_missing", "LTI 1.3 §5.3.5", resource_link_is_given),
        RESOURCE_LINK_NAMED,
        ROLES_GIVEN,
    ),
)
