"""The types of what a launch brings, and the old sentences for what this library refuses in it."""

from typing import Any

from lti_adapters.pylti1p3.exception import LtiException, launch_exception
from lti_core.errors import LtiError

TJwtHeader = dict[str, Any]
TResourceLinkClaim = dict[str, Any]
TContextClaim = dict[str, Any]
TToolPlatformClaim = dict[str, Any]
TLearningInformationServicesClaim = dict[str, Any]
TMigrationClaim = dict[str, Any]
TForUserClaim = dict[str, Any]
TLaunchData = dict[str, Any]
TJwtData = dict[str, Any]

_STATE, _TOKEN = "State not found", "Can't decode id_token"
_TEXTS = {
    "launch.state_missing": "Missing state param",
    "launch.id_token_missing": "Missing id_token",
    "launch.lti11_not_supported": "Missing id_token",
    "launch.refused_by_platform": "Missing id_token",
    "launch.state_invalid": _STATE,
    "launch.state_expired": _STATE,
    "launch.browser_mismatch": _STATE,
    "launch.token_malformed": "Invalid JWT format, can't be decoded",
    "launch.too_large": "Invalid JWT format, can't be decoded",
    "launch.nonce_missing": '"nonce" is empty',
    "launch.nonce_mismatch": "Invalid Nonce",
    "launch.nonce_used": "Invalid Nonce",
    "launch.issuer_mismatch": "Registration not found.",
    "launch.audience_mismatch": "Client id not registered for this issuer",
    "launch.azp_missing": "Client id not registered for this issuer",
    "launch.azp_mismatch": "Client id not registered for this issuer",
    "launch.kid_missing": "JWT KID not found",
    "launch.key_not_found": "Unable to find public key",
    "launch.key_set_malformed": "Unable to find public key",
    "launch.deployment_missing": "deployment_id is not set in jwt body",
    "launch.deployment_unknown": "Unable to find deployment",
    "launch.deployment_mismatch": "Unable to find deployment",
}


def refusal_of(error: LtiError) -> LtiException:
    """What this interface raises for a refusal of a launch."""
    return launch_exception(_TEXTS.get(error.code, _TOKEN), error)
