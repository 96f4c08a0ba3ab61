"""Rules for who speaks, and to whom."""

from typing import TypeGuard

from lti_core.rules.rule import Claims, Expected, Mismatch, Rule


def issuer_is_the_platform(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token was issued by the platform that the login came from."""
    found, issuer = claims.get("iss"), expected.registration.issuer
    if found == issuer == expected.state.issuer:
        return None
    return Mismatch("The token was issued by another platform than the login.", issuer, found)


def audience_is_this_tool(claims: Claims, expected: Expected) -> Mismatch | None:
    """The token is meant for this tool's client id."""
    found, client_id = claims.get("aud"), expected.registration.client_id
    if found == client_id or (_is_list_of_texts(found) and client_id in found):
        return None
    return Mismatch("The token is meant for another tool.", client_id, found)


def one_of_several_audiences_is_named(claims: Claims, _: Expected) -> Mismatch | None:
    """With several audiences the token says which of them it was made for."""
    audiences = claims.get("aud")
    if isinstance(audiences, list) and len(audiences) > 1 and claims.get("azp") is None:
        return Mismatch("The token has several audiences and does not say which one it was made for.", "azp")
    return None


def authorized_party_is_this_tool(claims: Claims, expected: Expected) -> Mismatch | None:
    """The authorized party, where one is named, is this tool."""
    found, client_id = claims.get("azp"), expected.registration.client_id
    if found is None or found == client_id:
        return None
    return Mismatch("The token was made for another tool.", client_id, found)


def _is_list_of_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and {str}.issuperset(map(type, value))


IDENTITY = (
    Rule("launch.issuer_mismatch", "OIDC Core 1.0 §3.1.3.7 (2)", issuer_is_the_platform),
    Rule("launch.audience_mismatch", "OIDC Core 1.0 §3.1.3.7 (3)", audience_is_this_tool),
    Rule("launch.azp_missing", "OIDC Core 1.0 §3.1.3.7 (4)", one_of_several_audiences_is_named),
    Rule("launch.azp_mismatch", "OIDC Core 1.0 §3.1.3.7 (5)", authorized_party_is_this_tool),
)
