"""The tool's keys, in whatever shape programs hand them over, and the names that platforms find them by."""

import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tests.pylti1p3.cases.deep_links import SETTINGS
from tests.pylti1p3.cases.kit import CLIENT_ID, ISSUER, Cases, Of, done, header_of, key, private_pem, public_pem
from tests.pylti1p3.cases.logins import entry_of_one
from tests.pylti1p3.cases.session import Session, connector

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def cases(of: Of) -> Cases:
    """All of them."""
    name = of("registration").Registration.get_jwk(public_pem("tool"))["kid"]
    for kind, private in private_kinds().items():
        for which, public in (("its public key", public_pem("tool")), ("no public key", None)):
            signed_link = done(lambda p=private, u=public: told(signed(of, p, u), name))
            yield f"tool keys: {kind}, {which}, deep linking", signed_link
            yield (
                f"tool keys: {kind}, {which}, services",
                done(lambda p=private, u=public: told(asserted(of, p, u), name)),
            )
    for kind, public in public_kinds().items():
        yield (
            f"tool keys: published, {kind}",
            done(lambda p=public: of("registration").Registration.get_jwk(p)["kid"] == name),
        )
    yield from of_key_sets(of)


def of_key_sets(of: Of) -> Cases:
    """Asked as views ask: with parameters that may be empty."""
    made = of("tool_config").ToolConfDict({ISSUER: [entry_of_one()]})
    made.set_public_key(ISSUER, public_pem("tool"), client_id=CLIENT_ID)
    for asked in (("", ""), ("", None), (None, ""), ("", CLIENT_ID), (ISSUER, ""), (ISSUER, CLIENT_ID)):
        yield f"tool keys: the set of {asked}", done(lambda a=asked: len(made.get_jwks(*a)["keys"]))


def private_kinds() -> dict[str, Any]:
    """One key, as files have it."""
    pem, old_form, secret = private_pem("tool"), serialization.PrivateFormat.TraditionalOpenSSL, b"secret"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    locked = key("tool").private_bytes(encoding, old_form, serialization.BestAvailableEncryption(secret))
    return {
        "PKCS#8": pem,
        "PKCS#1": key("tool").private_bytes(encoding, old_form, plain).decode(),
        "with carriage returns": pem.replace("\n", "\r\n"),
        "with blanks around it": f"\n  {pem}\n\n",
        "as bytes": pem.encode(),
        "behind its public key": public_pem("tool") + pem,
        "behind a certificate": certificate() + pem,
        "with a password": locked.decode(),
        "no key": "nothing",
    }


def public_kinds() -> dict[str, Any]:
    """Its public half, and what has it inside."""
    return {
        "public key": public_pem("tool"),
        "with carriage returns": public_pem("tool").replace("\n", "\r\n"),
        "certificate": certificate(),
        "private key": private_pem("tool"),
        "nothing": "nothing",
    }


def certificate() -> str:
    """One that the tool signed itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tool.example")])
    begun, day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), datetime.timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    made = made.public_key(key("tool").public_key()).not_valid_before(begun).not_valid_after(begun + day)
    return made.sign(key("tool"), hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def signed(of: Of, private: Any, public: Any) -> str:
    """The answer to a request for content."""
    made = of("registration").Registration().set_issuer(ISSUER).set_client_id(CLIENT_ID)
    made.set_tool_private_key(private).set_tool_public_key(public)
    answer: str = of("deep_link").DeepLink(made, "1", SETTINGS).get_response_jwt([])
    return answer


def asserted(of: Of, private: Any, public: Any) -> str:
    """What a token is asked for with."""
    session = Session({})
    asking = connector(of, session)
    asking._registration.set_tool_private_key(private).set_tool_public_key(public)
    asking.get_access_token([SCOPE])
    assertion: str = session.tokens[0]["client_assertion"]
    return assertion


def told(jws: str, name: str) -> dict[str, Any]:
    """Its header; `kid` is chance, but for whose it is."""
    header = header_of(jws)
    return {**header, "kid": "of the key" if header["kid"] == name else "another"} if "kid" in header else header
