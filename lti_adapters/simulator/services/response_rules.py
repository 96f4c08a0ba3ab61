"""What a deep linking response's token must say (Deep Linking 2.0 §4.5; Security Framework 1.0 §5.2)."""

from collections.abc import Mapping

from attrs import frozen

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.services.numbers import is_number
from lti_core import claims as c

SPEC = "Deep Linking 2.0 §4.5"
DATA = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
LEEWAY = 60
LIFE = 3600  # seconds from iat to exp that are still taken, and a nonce is remembered

Claims = Mapping[str, object]


@frozen(kw_only=True)
class Expected:
    """What the request was; `data` None: it had none. `now` in seconds since 1970."""

    issuer: str
    client_id: str
    deployment_id: str
    data: object
    now: float


def check_token(claims: Claims, expected: Expected) -> None:
    """Refuse a response that is not this tool's answer to the request.

    Raises:
        PlatformRefused: `platform.response_...`.
    """
    check_trusting(claims, expected)
    _audience(claims, expected)
    _nonce(claims)
    _message(claims)
    _deployment(claims, expected)
    _data(claims, expected)


def check_trusting(claims: Claims, expected: Expected) -> None:
    """Only who speaks, and when.

    Raises:
        PlatformRefused: `platform.response_issuer_wrong`, `platform.response_expired`, `platform.response_times_wrong`.
    """
    if claims.get("iss") != expected.client_id:
        message = "iss must be the tool's client id."
        raise PlatformRefused("platform.response_issuer_wrong", message, SPEC, expected.client_id, claims.get("iss"))
    issued, expires = claims.get("iat"), claims.get("exp")
    if not is_number(issued) or not is_number(expires) or expires - issued > LIFE or issued > expected.now + LEEWAY:
        message = "iat and exp must be numbers, of now and at most an hour later."
        raise PlatformRefused("platform.response_times_wrong", message, SPEC)
    if expires <= expected.now - LEEWAY:
        message = "The response has expired."
        raise PlatformRefused("platform.response_expired", message, SPEC, expected.now, expires)


def _audience(claims: Claims, expected: Expected) -> None:
    found = claims.get("aud")
    if found != expected.issuer and found != [expected.issuer]:
        message = "aud must be the platform's issuer."
        raise PlatformRefused("platform.response_audience_wrong", message, SPEC, expected.issuer, found)


def _nonce(claims: Claims) -> None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise PlatformRefused("platform.response_nonce_missing", "The response has no nonce.", SPEC)


def _message(claims: Claims) -> None:
    if (found := claims.get(c.MESSAGE_TYPE)) != "LtiDeepLinkingResponse":
        message = "The message type must be LtiDeepLinkingResponse."
        raise PlatformRefused("platform.response_type_wrong", message, SPEC, "LtiDeepLinkingResponse", found)
    if (found := claims.get(c.VERSION)) != c.LTI_VERSION:
        message = "The LTI version must be 1.3.0."
        raise PlatformRefused("platform.response_version_wrong", message, SPEC, c.LTI_VERSION, found)


def _deployment(claims: Claims, expected: Expected) -> None:
    if (found := claims.get(c.DEPLOYMENT_ID)) != expected.deployment_id:
        message = "The deployment must be the request's."
        raise PlatformRefused("platform.response_deployment_wrong", message, SPEC, expected.deployment_id, found)


def _data(claims: Claims, expected: Expected) -> None:
    if (found := claims.get(DATA)) != expected.data:
        message = "data must come back as the request had it."
        raise PlatformRefused("platform.response_data_wrong", message, SPEC, expected.data, found)
