"""Rules for the nonce. That it works only once is the nonce store's part."""

from lti_core.rules.rule import Claims, Expected, Mismatch, Rule


def nonce_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The token carries a nonce."""
    nonce = claims.get("nonce")
    return None if isinstance(nonce, str) and nonce else Mismatch("The token carries no nonce.", "a text")


def nonce_is_of_this_login(claims: Claims, expected: Expected) -> Mismatch | None:
    """The nonce is the one that this login sent."""
    if claims.get("nonce") == expected.state.nonce:
        return None
    return Mismatch("The token answers another login.")


NONCE = (
    Rule("launch.nonce_missing", "1EdTech Security Framework 1.0 §5.1.2", nonce_is_given),
    Rule("launch.nonce_mismatch", "OIDC Core 1.0 §3.1.3.7 (11)", nonce_is_of_this_login),
)
