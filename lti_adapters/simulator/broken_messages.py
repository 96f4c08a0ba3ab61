"""Launches whose message is not one of LTI 1.3, though the platform signed it."""

from lti_adapters.simulator.variation import Variation
from lti_core import claims as c

SUITE = (
    Variation(
        "wrong-version", "LTI version 11.3", "The message is not of LTI 1.3.",
        "launch.version_unsupported", lambda d: d.having({c.VERSION: "11.3"}),
        suite_name="LTI version passed is not 1.3",
    ),
    Variation(
        "no-version", "No LTI version", "The message does not say which LTI it speaks.",
        "launch.version_unsupported", lambda d: d.lacking(c.VERSION),
        suite_name="No LTI version passed in JWT",
    ),
    Variation(
        "fields-missing", "Message type, version and roles missing", "Three required claims are absent.",
        "launch.message_type_missing", lambda d: d.lacking(c.MESSAGE_TYPE, c.VERSION, c.ROLES),
        suite_name="One or more JWT fields missing",
    ),
    Variation(
        "no-message-type", "No message type", "The tool cannot know what it is asked to do.",
        "launch.message_type_missing", lambda d: d.lacking(c.MESSAGE_TYPE),
        suite_name="message_type claim missing",
    ),
    Variation(
        "no-roles", "No roles", "The claim is absent; an empty list would be right.",
        "launch.roles_missing", lambda d: d.lacking(c.ROLES),
        suite_name="role claim missing",
    ),
    Variation(
        "no-deployment", "No deployment", "Nothing says which of the platform's schools launches.",
        "launch.deployment_missing", lambda d: d.lacking(c.DEPLOYMENT_ID),
        suite_name="deployment_id claim missing",
    ),
    Variation(
        "no-resource-link", "No resource link", "Nothing says which activity was opened.",
        "launch.resource_link_missing", lambda d: d.lacking(c.RESOURCE_LINK),
        suite_name="Launch with missing resource_link_id",
    ),
    Variation(
        "empty-user", "Empty user id", "sub is an empty text. Without any sub it would be an anonymous launch.",
        "launch.sub_missing", lambda d: d.having({"sub": ""}),
        suite_name="user claim missing",
    ),
)  # fmt: skip

SHAPES = (
    Variation(
        "unknown-deployment", "Unknown deployment", "No agreement covers the deployment that launches.",
        "launch.deployment_unknown", lambda d: d.having({c.DEPLOYMENT_ID: "another-deployment"}),
    ),
    Variation(
        "empty-resource-link", "Empty resource link id", "All such links would share one id.",
        "launch.resource_link_id_missing", lambda d: d.having({c.RESOURCE_LINK: {"id": "", "title": "Quiz"}}),
    ),
    Variation(
        "long-resource-link", "Resource link id too long", "300 characters; LTI allows 255.",
        "launch.identifier_too_long", lambda d: d.having({c.RESOURCE_LINK: {"id": "x" * 300, "title": "Quiz"}}),
    ),
    Variation(
        "roles-text", "Roles as a text", "One text in place of a list of texts.",
        "launch.claim_malformed", lambda d: d.having({c.ROLES: "Instructor"}),
    ),
    Variation(
        "version-number", "Version as a number", "The number 1.3 in place of the text.",
        "launch.version_unsupported", lambda d: d.having({c.VERSION: 1.3}),
    ),
    Variation(
        "foreign-target", "Target on a foreign host", "The launch would lead away from the tool.",
        "launch.target_link_uri_foreign",
        lambda d: d.having({c.TARGET_LINK_URI: "https://elsewhere.example/trap"}),
    ),
)  # fmt: skip
