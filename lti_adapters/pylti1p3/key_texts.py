"""Keys as this interface hands them around: PEM texts and JWKs, one made of the other."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

_CURVES: dict[str, tuple[str, str, int]] = {  # by cryptography's names: in a JWK, the algorithm, bytes of a coordinate
    "secp256r1": ("P-256", "ES256", 32),
    "secp384r1": ("P-384", "ES384", 48),
    "secp521r1": ("P-521", "ES512", 66),
}
_MADE: dict[str, type[ec.EllipticCurve]] = {"P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1}


@lru_cache(maxsize=1000)
def jwk_text(public_pem: str) -> str:
    """The JWK of a public key, as JSON; `kid` is its thumbprint (RFC 7638).

    Raises:
        ValueError: it is no public RSA key, and none on a curve that LTI uses.
    """
    key = _public_key(public_pem.encode())
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        members = {"e": _written(numbers.e, (numbers.e.bit_length() + 7) // 8), "kty": "RSA"}
        members |= {"n": _written(numbers.n, size)}
        algorithm = "RS256"
    elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        curve, algorithm, size = _CURVES[key.curve.name]
        point = key.public_numbers()
        members = {"crv": curve, "kty": "EC", "x": _written(point.x, size), "y": _written(point.y, size)}
    else:
        raise ValueError("The public key must be an RSA key, or of the curve P-256, P-384 or P-521.")
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    kid = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return json.dumps({**members, "kid": kid, "alg": algorithm, "use": "sig"})


def pem_of_jwk(jwk: dict[str, object]) -> str:
    """A platform's public key as PEM text.

    Raises:
        ValueError, KeyError: it is none.
    """
    numbers: rsa.RSAPublicNumbers | ec.EllipticCurvePublicNumbers
    if jwk.get("kty") == "RSA":
        numbers = rsa.RSAPublicNumbers(_read(jwk["e"]), _read(jwk["n"]))
    elif jwk.get("kty") == "EC":
        numbers = ec.EllipticCurvePublicNumbers(_read(jwk["x"]), _read(jwk["y"]), _MADE[str(jwk["crv"])]())
    else:
        raise ValueError("neither RSA nor EC")
    return numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def pem_text(key: str | bytes) -> str:
    """A key as text: programs hand over what they read of a file, also as bytes."""
    return key.decode(errors="replace") if isinstance(key, bytes) else key


def _public_key(pem: bytes) -> Any:
    """Programs hand over certificates, and private keys, where only the public part is wanted."""
    if b"-----BEGIN CERTIFICATE-----" in pem:
        return load_pem_x509_certificate(pem).public_key()
    if b"PRIVATE KEY-----" in pem and b"PUBLIC KEY-----" not in pem:
        return load_pem_private_key(pem, password=None).public_key()
    return load_pem_public_key(pem)


def _written(number: int, size: int) -> str:
    return urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()


def _read(text: object) -> int:
    if not isinstance(text, str) or len(text) > 4096:
        raise ValueError("no number of a key")
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
