"""Rules for when a token is good. Times in seconds since 1970; numbers are compared, never added to."""

from typing import TypeGuard

from lti_core.rules.rule import Claims, Expected, Mismatch, Rule

LATEST = 253402300799  # the last second that a datetime holds


def is_time(value: object) -> TypeGuard[int | float]:
    """Whether `value` is a number that can be a time."""
    return isinstance(value, (int, float)) and type(value) is not bool and 0 <= value <= LATEST


def end_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The token says until when it is good."""
    return None if is_time(claims.get("exp")) else Mismatch("The token does not say until when it is good.", "a number")


def not_expired(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token has not expired."""
    exp = claims.get("exp")
    if is_time(exp) and expected.now - expected.leeway < exp:
        return None
    return Mismatch("The token has expired.", f"later than {expected.now - expected.leeway:.0f}", exp)


def start_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The token says when it was issued."""
    return None if is_time(claims.get("iat")) else Mismatch("The token does not say when it was issued.", "a number")


def not_issued_in_the_future(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token was not issued in the future."""
    iat = claims.get("iat")
    if is_time(iat) and iat <= expected.now + expected.leeway:
        return None
    return Mismatch("The token was issued in the future.", f"at most {expected.now + expected.leeway:.0f}", iat)


def not_too_old(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token is young enough."""
    iat, oldest = claims.get("iat"), expected.now - expected.oldest_token - expected.leeway
    return None if is_time(iat) and oldest <= iat else Mismatch("The token is too old.", f"at least {oldest:.0f}", iat)


def already_valid(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token is already good."""
    nbf = claims.get("nbf")
    if nbf is None or (is_time(nbf) and nbf <= expected.now + expected.leeway):
        return None
    return Mismatch("The token is not good yet.", f"at most {expected.now + expected.leeway:.0f}", nbf)


TIME = (
    Rule("launch.exp_missing", "OIDC Core 1.0 §2; 1EdTech Security Framework 1.0 §5.1.2", end_is_given),
    Rule("launch.token_expired", "OIDC Core 1.0 §3.1.3.7 (9)", not_expired),
    Rule("launch.iat_missing", "OIDC Core 1.0 §2; 1EdTech Security Framework 1.0 §5.1.2", start_is_given),
    Rule("launch.issued_in_future", "OIDC Core 1.0 §3.1.3.7 (10)", not_issued_in_the_future),
    Rule("launch.token_too_old", "OIDC Core 1.0 §3.1.3.7 (10)", not_too_old),
    Rule("launch.not_yet_valid", "RFC 7519 §4.1.5", already_valid),
)
