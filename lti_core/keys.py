"""The tool's own keys: made, named, published, and derived from. The only module that meets cryptography."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lti_core.errors import ConfigurationError
from lti_core.tokens import sign, signer

KEY_BITS = 2048


@frozen(eq=False)
class SigningKey:
    """One of the tool's private keys. `kid` is its RFC 7638 thumbprint, `public` its JWK for the tool's key set."""

    kid: str
    public: Mapping[str, str]
    material: bytes = field(repr=False)  # PKCS#8 DER, for `derive_secret`
    _signer: Any = field(repr=False)

    def sign(self, claims: Mapping[str, object], header: Mapping[str, str] | None = None) -> str:
        """`claims` as a compact JWS with RS256, named by `kid` unless another `header` is given."""
        return sign(claims, self._signer, "RS256", {"typ": "JWT", "kid": self.kid} if header is None else header)


def new_private_key() -> str:
    """A fresh RSA key of 2048 bits, as PEM text (PKCS#8, without a password)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def read_private_key(pem: str) -> SigningKey:
    """The key in `pem`. Loading takes milliseconds: keep the result.

    Raises:
        ConfigurationError: `config.private_key_unreadable`, `config.private_key_weak`.

    Source: RFC 7517, RFC 7638, RFC 7518 §3.3.
    """
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(
            "config.private_key_unreadable",
            "The tool's private key cannot be read: it must be an RSA key as PEM text, without a password, with its"
            " lines -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----.",
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError("config.private_key_unreadable", "The tool's private key must be an RSA key.")
    if key.key_size < KEY_BITS:
        raise ConfigurationError(
            "config.private_key_weak", "The tool's private key is too short.", "RFC 7518 §3.3", KEY_BITS, key.key_size
        )
    public = _public_jwk(key.public_key())
    encoding, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    material = key.private_bytes(encoding, form, serialization.NoEncryption())
    return SigningKey(public["kid"], public, material, signer(key, "RS256"))


def public_pem(pem: str) -> str:
    """The public part of a private key, as PEM text: what some platforms ask an administrator to paste.

    Raises:
        ConfigurationError: as `read_private_key`.
    """
    read_private_key(pem)
    public = serialization.load_pem_private_key(pem.encode(), password=None).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


def derive_secret(material: bytes, purpose: str, issuer: str, client_id: str) -> bytes:
    """32 bytes that only who holds `material` can know, other ones for each purpose and registration.

    Each label is preceded by its length, so that no two sets of labels run together into the same text.
    """
    labels = (label.encode() for label in ("lti-advantage-tool", purpose, issuer, client_id))
    info = b"".join(len(label).to_bytes(4, "big") + label for label in labels)
    return HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(material)


def _public_jwk(key: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    required = {"e": _base64url(numbers.e), "kty": "RSA", "n": _base64url(numbers.n)}
    digest = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**required, "kid": urlsafe_b64encode(digest).rstrip(b"=").decode(), "alg": "RS256", "use": "sig"}


def _base64url(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
