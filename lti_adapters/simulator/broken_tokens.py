"""Launches whose token no tool may believe: its shape, its header, its signature, its times, its addressee."""

import hmac

from attrs import evolve

from lti_adapters.simulator.draft import Draft
from lti_adapters.simulator.keys import PlatformKey, as_json, compact
from lti_adapters.simulator.variation import Variation
from lti_core.claims import ROLES
from lti_core.keys import new_private_key


def signed_by_somebody_else(draft: Draft) -> Draft:
    """The platform's key is named, but the forger's own one signs."""
    return evolve(draft, key=PlatformKey.of(new_private_key()))


def changed_after_signing(draft: Draft) -> Draft:
    """The signature of a learner's token under the claims of an administrator."""
    signature = draft.token.rpartition(".")[2]
    risen = draft.having({ROLES: ["http://purl.imsglobal.org/vocab/lis/v2/membership#Administrator"]})
    return evolve(draft, id_token=f"{risen.token.rpartition('.')[0]}.{signature}")


def unsigned(draft: Draft) -> Draft:
    """No signature, and a header that says that this is right so."""
    header = {**draft.header, "alg": "none"}
    return evolve(draft, id_token=compact(as_json(header), draft.payload, lambda _: b""))


def signed_with_the_public_key(draft: Draft) -> Draft:
    """HMAC with the platform's public key, which everybody knows, as its secret."""
    header, secret = {**draft.header, "alg": "HS256"}, draft.key.public_pem.encode()
    token = compact(as_json(header), draft.payload, lambda data: hmac.digest(secret, data, "sha256"))
    return evolve(draft, id_token=token)


def not_of_lti(draft: Draft) -> Draft:
    """A token without a header and without claims of LTI."""
    return evolve(draft, id_token=compact(b"{}", as_json({"name": "badltilaunch"}), draft.key.sign))


def one_claim_twice(draft: Draft) -> Draft:
    """Two readers could take different people for the user."""
    return draft.with_payload(draft.payload[:-1] + b',"sub":"u-teacher"}')


def deeply_nested(draft: Draft) -> Draft:
    """A claim of a thousand arrays inside one another."""
    return draft.with_payload(draft.payload[:-1] + b',"deep":' + b"[" * 1000 + b"]" * 1000 + b"}")


SHAPE = (
    Variation(
        "not-lti", "Not a token of LTI", "The header is empty, and the payload holds nothing of LTI.",
        "launch.algorithm_not_allowed", not_of_lti, suite_name="JWT passed is not LTI 1.3 JWT",
    ),
    Variation(
        "duplicate-claim", "A claim twice", "The token has two claims sub: two readers could see different users.",
        "launch.token_malformed", one_claim_twice,
    ),
    Variation(
        "deeply-nested", "Nested a thousand deep", "A claim meant to exhaust whoever reads it.",
        "launch.token_malformed", deeply_nested,
    ),
    Variation(
        "huge-token", "A token of 300 KiB", "Much larger than any platform's token.",
        "launch.too_large", lambda d: d.having({"padding": "x" * (225 * 1024)}),
    ),
    Variation(
        "no-token", "No token", "The form holds only the state.",
        "launch.id_token_missing", lambda d: evolve(d, fields=(("state", d.state),)),
    ),
    Variation(
        "token-in-address", "Token in the address", "Sent by GET, so that it would stand in logs and histories.",
        "launch.method_not_allowed", lambda d: evolve(d, method="GET"),
    ),
)  # fmt: skip

SIGNATURE = (
    Variation(
        "forged", "Forged signature", "Somebody else signed the token, and named the platform's key.",
        "launch.signature_invalid", signed_by_somebody_else,
    ),
    Variation(
        "altered", "Changed after it was signed", "A learner wrote the role Administrator into their token.",
        "launch.signature_invalid", changed_after_signing,
    ),
    Variation(
        "unsigned", "Unsigned token", "The algorithm is none, and there is no signature.",
        "launch.algorithm_not_allowed", unsigned,
    ),
    Variation(
        "public-key-as-secret", "Public key as secret", "HS256, with what everybody knows as its secret.",
        "launch.algorithm_not_allowed", signed_with_the_public_key,
    ),
    Variation(
        "other-algorithm", "Algorithm of another key type", "The header says ES256, but the key is an RSA key.",
        "launch.algorithm_not_allowed", lambda d: d.headed({"alg": "ES256"}),
    ),
    Variation(
        "critical-header", "Unknown demand in the header", "crit names an extension that the tool cannot know.",
        "launch.critical_header", lambda d: d.headed({"crit": ["b64"], "b64": False}),
    ),
    Variation(
        "no-kid", "No key id", "The header does not say which key signed.",
        "launch.kid_missing", lambda d: evolve(d, header={"badtestonly": "12345", "alg": "RS256"}),
        suite_name="Correct KID required in header",
    ),
    Variation(
        "unknown-kid", "Unknown key id", "The header names a key that the platform does not publish.",
        "launch.key_not_found", lambda d: d.headed({"kid": "imstester_66067"}),
        suite_name="Incorrect KID passed in JWT header",
    ),
)  # fmt: skip

TIMES = (
    Variation(
        "expired", "Expired token", "The token was good until ten minutes ago.",
        "launch.token_expired", lambda d: d.having({"iat": d.now - 900, "exp": d.now - 600}),
    ),
    Variation(
        "long-ago", "Token of 1970", "iat is 11111 and exp is 22222, in seconds since 1970.",
        "launch.token_expired", lambda d: d.having({"iat": 11111, "exp": 22222}),
        suite_name="exp and iat fields invalid",
    ),
    Variation(
        "no-exp", "Token without an end", "It would be good for ever: there is no exp.",
        "launch.exp_missing", lambda d: d.lacking("exp"),
    ),
    Variation(
        "issued-in-future", "Token of tomorrow", "It says that it was issued in an hour (iat).",
        "launch.issued_in_future", lambda d: d.having({"iat": d.now + 3600, "exp": d.now + 7200}),
    ),
    Variation(
        "not-yet-valid", "Token not valid yet", "It says that it is valid from in an hour on (nbf).",
        "launch.not_yet_valid", lambda d: d.having({"nbf": d.now + 3600}),
    ),
)  # fmt: skip

ADDRESSEE = (
    Variation(
        "wrong-audience", "Meant for another tool", "The audience (aud) is another tool's client id.",
        "launch.audience_mismatch", lambda d: d.having({"aud": "another-tool"}),
    ),
    Variation(
        "no-azp", "Several audiences", "Two audiences, and no azp that says which of them it was made for.",
        "launch.azp_missing", lambda d: d.lacking("azp").having({"aud": [d.claims["aud"], "another-tool"]}),
    ),
    Variation(
        "foreign-azp", "Made for another tool", "The authorized party (azp) is another tool.",
        "launch.azp_mismatch", lambda d: d.having({"azp": "another-tool"}),
    ),
    Variation(
        "wrong-issuer", "Another issuer", "The token says that another platform issued it (iss).",
        "launch.issuer_mismatch", lambda d: d.having({"iss": "https://another-platform.example"}),
    ),
)  # fmt: skip
