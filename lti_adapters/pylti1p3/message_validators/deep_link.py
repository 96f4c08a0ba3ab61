"""Requests to pick content."""

from collections.abc import Mapping
from typing import Any, ClassVar

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_core.claims import DEEP_LINKING_SETTINGS
from lti_core.messages.deep_linking import MESSAGE_TYPE
from lti_core.rules.rule import Expected


class DeepLinkMessageValidator(MessageValidatorAbstract):
    """LtiDeepLinkingRequest."""

    _kind = MESSAGE_TYPE
    _texts: ClassVar[Mapping[str, str]] = {
        "launch.deep_linking_settings_missing": "Missing Deep Linking Settings",
        "launch.deep_link_return_url_missing": "Missing Deep Linking Return URL",
        "launch.deep_link_return_url_invalid": "Missing Deep Linking Return URL",
        "launch.accept_types_missing": "Must support resource link placement types",
        "launch.accept_targets_missing": "Must support a presentation type",
    }

    def validate_for(self, jwt_body: dict[str, Any], expected: Expected) -> bool:
        """See `MessageValidatorAbstract`. The core lets a platform accept no place at all; the old package did not."""
        super().validate_for(jwt_body, expected)
        if not jwt_body[DEEP_LINKING_SETTINGS]["accept_presentation_document_targets"]:
            raise LtiException("Must support a presentation type")
        return True
