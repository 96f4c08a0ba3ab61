"""Rules for the token's header."""

from lti_core.rules.rule import Claims, Expected, Mismatch, Rule
from lti_core.tokens import ALGORITHMS


def algorithm_is_allowed(header: Claims, _: Expected) -> Mismatch | None:
    """The token is signed with RS256, RS384, RS512, ES256, ES384 or ES512."""
    found = header.get("alg")
    if isinstance(found, str) and found in ALGORITHMS:
        return None
    return Mismatch("The token's algorithm is not allowed.", ", ".join(sorted(ALGORITHMS)), found)


def nothing_critical(header: Claims, _: Expected) -> Mismatch | None:
    """The header demands no extension."""
    if "crit" not in header:
        return None
    return Mismatch("The token demands an extension that this tool does not know.", "no crit", header["crit"])


def key_is_named(header: Claims, _: Expected) -> Mismatch | None:
    """The header names the key that signed."""
    kid = header.get("kid")
    if isinstance(kid, str) and kid:
        return None
    return Mismatch("The token does not name the key that signed it.", "a kid", kid)


HEADER = (
    Rule("launch.algorithm_not_allowed", "1EdTech Security Framework 1.0 §5.1.2; RFC 7515 §10.7", algorithm_is_allowed),
    Rule("launch.critical_header", "RFC 7515 §4.1.11", nothing_critical),
    Rule("launch.kid_missing", "1EdTech Security Framework 1.0 §6.3", key_is_named),
)
