"""MessageValidatorAbstract: applies the core's rules of one kind of message, and refuses in the old words."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from lti_adapters.pylti1p3.exception import launch_exception
from lti_adapters.pylti1p3.parts import NOWHERE, leading_to
from lti_core.claims import MESSAGE_TYPE, TARGET_LINK_URI
from lti_core.errors import LaunchRefused
from lti_core.messages import MessageType
from lti_core.messages.generic import generic
from lti_core.messages.message import read_message
from lti_core.messages.required import ROLES_GIVEN
from lti_core.registration import Registration
from lti_core.rules.message import MESSAGE
from lti_core.rules.rule import Expected, Rule, TargetUrls, check
from lti_core.state import LoginState

_COMMON = {
    "launch.message_type_missing": "Invalid message type",
    "launch.version_unsupported": "Incorrect version, expected 1.3.0",
    "launch.sub_missing": "Must have a user (sub)",
    "launch.roles_missing": "Missing Roles Claim",
}


_EVERY = tuple(rule for rule in MESSAGE if rule.drops or not rule.warns)  # this interface has nobody to warn


class MessageValidatorAbstract:
    """One kind of message. A program's own overrides `can_validate` and `validate`, and runs the common validators.

    Attributes:
        _kind: the core's message type; of a program's own validator, what only the rules of every launch hold for.
        _texts: the old sentences, by the codes of the core's refusals.
    """

    _kind: ClassVar[MessageType] = generic("")  # no launch is called so: one without a type is refused before
    _texts: ClassVar[Mapping[str, str]] = {}

    def can_validate(self, jwt_body: dict[str, Any]) -> bool:
        """Whether the message is of this kind."""
        return jwt_body.get(MESSAGE_TYPE) == self._kind.name

    def validate(self, jwt_body: dict[str, Any]) -> bool:
        """Refuse a message that lacks something.

        Raises:
            LtiException: with the first thing that it lacks.
        """
        return self.validate_for(jwt_body, standing_alone(jwt_body))

    def validate_for(self, jwt_body: dict[str, Any], expected: Expected) -> bool:
        """The same for a launch that is known better: the registration that it must match, and its login."""
        self._apply((*_EVERY, *self._kind.rules, ROLES_GIVEN), jwt_body, expected)
        return True

    def run_common_validators(self, jwt_body: dict[str, Any]) -> None:
        """What every message must bring.

        Raises:
            LtiException: with the first thing that it lacks.
        """
        self._apply((*_EVERY, ROLES_GIVEN), jwt_body, standing_alone(jwt_body))

    def _apply(self, rules: Iterable[Rule], jwt_body: dict[str, Any], expected: Expected) -> None:
        try:
            warnings = check(rules, jwt_body, expected)
            read_message(self._kind, jwt_body, expected.registration, expected.state.target_link_uri, warnings, ())
        except LaunchRefused as refusal:
            text = self._texts.get(refusal.code) or _COMMON.get(refusal.code, "Message validation failed")
            raise launch_exception(text, refusal) from refusal


def standing_alone(jwt_body: Mapping[str, Any]) -> Expected:
    """What a message is held against that nothing is known of."""
    issuer, address = str(jwt_body.get("iss") or "unknown"), "https://platform.invalid"
    registration = Registration(issuer=issuer, client_id="unknown", login_url=address, key_set={}, deployments="any")
    state = LoginState(issuer=issuer, client_id="", nonce="", browser="", target_link_uri="", issued_at=0, expires_at=0)
    return Expected(registration=registration, state=state, now=0, target_urls=targets_of(jwt_body))


def targets_of(jwt_body: Mapping[str, Any]) -> TargetUrls:
    """A program is told the target link, and decides itself where to go: any address will do."""
    target = jwt_body.get(TARGET_LINK_URI)
    return leading_to(target) if isinstance(target, str) else NOWHERE
