"""Launches of a link."""

from collections.abc import Mapping
from typing import ClassVar

from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_core.messages.resource_link import MESSAGE_TYPE


class ResourceMessageValidator(MessageValidatorAbstract):
    """LtiResourceLinkRequest."""

    _kind = MESSAGE_TYPE
    _texts: ClassVar[Mapping[str, str]] = {
        "launch.resource_link_missing": "Missing Resource Link Id",
        "launch.resource_link_id_missing": "Missing Resource Link Id",
    }
