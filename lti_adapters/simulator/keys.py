"""The platform's own keys."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen

from lti_core.keys import new_private_key, public_pem, read_private_key
from lti_core.tokens import signer

Sign = Callable[[bytes], bytes]


@frozen(eq=False)
class PlatformKey:
    """An RSA key that the platform signs with. `public` is its member of the key set."""

    kid: str
    public: Mapping[str, str]
    public_pem: str
    _signer: Any = field(repr=False)

    @classmethod
    def of(cls, pem: str) -> "PlatformKey":
        """The key in `pem`, named by its thumbprint.

        Raises:
            ConfigurationError: `config.private_key_unreadable`, `config.private_key_weak`.
        """
        key = read_private_key(pem)
        return cls(key.kid, key.public, public_pem(pem), signer(pem, "RS256"))

    def sign(self, data: bytes) -> bytes:
        """The signature of `data` with RS256."""
        signature: bytes = self._signer.sign(data)
        return signature


def _one_new_key() -> list[PlatformKey]:
    return [PlatformKey.of(new_private_key())]


@define(eq=False)
class KeyRing:
    """The platform's keys, newest first. The newest signs, all are published."""

    keys: list[PlatformKey] = field(factory=_one_new_key)

    @property
    def newest(self) -> PlatformKey:
        """The key that signs."""
        return self.keys[0]

    def rotate(self, pem: str | None = None) -> None:
        """Sign with another key from now on. The old ones stay published, as tokens of theirs are under way."""
        self.keys.insert(0, PlatformKey.of(pem or new_private_key()))

    def retire(self) -> None:
        """Publish the newest key only."""
        del self.keys[1:]

    def published(self) -> Mapping[str, object]:
        """The key set, as a JWKS (RFC 7517 §5)."""
        return {"keys": [dict(key.public) for key in self.keys]}


def compact(header: bytes, payload: bytes, sign: Sign) -> str:
    """A compact JWS of any two texts, so that broken ones can be made as well (RFC 7515 §3.1)."""
    signed = _base64url(header) + b"." + _base64url(payload)
    return (signed + b"." + _base64url(sign(signed))).decode()


def as_json(value: object) -> bytes:
    """`value` as short JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _base64url(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")
