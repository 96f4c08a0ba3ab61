"""Launches that ask for what the tool keeps of a person."""

from typing import Any

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.message_validators.abstract import MessageValidatorAbstract
from lti_core.claims import CONTEXT, FOR_USER, MESSAGE_TYPE, RESOURCE_LINK
from lti_core.messages.generic import generic
from lti_core.rules.rule import Expected

_NAME = "DataPrivacyLaunchRequest"
NAMES = (_NAME, f"Lti{_NAME}")  # the old name, and that of the current draft


class PrivacyLaunchValidator(MessageValidatorAbstract):
    """DataPrivacyLaunchRequest, by either of its names."""

    _kind = generic(_NAME)

    def can_validate(self, jwt_body: dict[str, Any]) -> bool:
        """See `MessageValidatorAbstract`."""
        return jwt_body.get(MESSAGE_TYPE) in NAMES

    def validate_for(self, jwt_body: dict[str, Any], expected: Expected) -> bool:
        """See `MessageValidatorAbstract`. Source: Data Privacy Launch 1.0."""
        super().validate_for(jwt_body, expected)
        for claim, name in ((RESOURCE_LINK, "Resource link"), (CONTEXT, "Context")):
            if jwt_body.get(claim):
                raise LtiException(f"{name} claim must be omitted from a {_NAME}")
        if not jwt_body.get(FOR_USER):
            raise LtiException(f"For user claim must be included in a {_NAME}")
        return True
