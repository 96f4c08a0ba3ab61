"""Signed tokens: taken apart, verified, signed. The only module that meets python-jose.

python-jose is used through key objects only. Its `jwt.decode` and `jws.verify` trust what the token says of itself.
"""

import binascii
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from attrs import field, frozen
from jose import jwk
from jose.exceptions import JOSEError

from lti_core.errors import LaunchRefused
from lti_core.making import maker_of
from lti_core.strict_json import read_json

MAX_TOKEN = 128 * 1024
RSA_ALGORITHMS = ("RS256", "RS384", "RS512")
CURVE_ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
ALGORITHMS = frozenset({*RSA_ALGORITHMS, *CURVE_ALGORITHMS.values()})
RSA_BITS = range(2048, 16384 + 1)
LONGEST_NUMBER = 4096  # characters of one number of a key; 16384 bits have 2731
USUAL_HEADER = 512  # bytes of base64url; longer ones are not kept
SAME_KID = 4  # keys of one name that are tried, as RSA beside EC; more would only be work for us

_ENCODER = json.JSONEncoder(separators=(",", ":"))
_TO_STANDARD = bytes.maketrans(
    b"-_+/=", b"+/???"
)  # from base64url to base64; what only the latter has is no sign of it
_TO_URL = bytes.maketrans(b"+/", b"-_")
_SPEC = "RFC 7515 §5.2; OIDC Core 1.0 §2"


@frozen(eq=False, weakref_slot=False)
class Jws:
    """A compact JWS, taken apart. Nothing in it is true before its signature was verified."""

    header: Mapping[str, object]
    claims: dict[str, object] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


_jws = maker_of(Jws)


def take_apart(token: str, max_length: int = MAX_TOKEN) -> Jws:
    """Split `token` into header, claims and signature, strictly.

    Raises:
        LaunchRefused: `launch.too_large`, or `launch.token_malformed` when it is not three base64url parts whose
            first two are JSON objects, each member once, of finite numbers and whole characters, not too deep.

    Source: RFC 7515 §5.2; OIDC Core 1.0 §2.
    """
    if len(token) > max_length:
        raise LaunchRefused("launch.too_large", "The token is too long.", _SPEC, max_length, len(token))
    whole = token.encode(errors="replace")
    signed, _, signature = whole.rpartition(b".")
    header, _, payload = signed.partition(b".")
    if not (header and payload):
        raise LaunchRefused("launch.token_malformed", "The token is not a signed token of three parts.", _SPEC)
    try:
        return _jws(_header(header), _object(payload), signed, _decoded(signature))
    except (ValueError, RecursionError) as error:
        raise LaunchRefused("launch.token_malformed", f"The token cannot be read: {_reason(error)}.", _SPEC) from error


def _reason(error: Exception) -> str:
    """Why, in words that hold nothing of the token."""
    if isinstance(error, json.JSONDecodeError | binascii.Error | UnicodeError) or not error.args:
        return "not base64url of JSON"
    return str(error.args[0])[:80]


def _decoded(part: bytes) -> bytes:
    padding = b"=" * (-len(part) % 4)
    return binascii.a2b_base64(part.translate(_TO_STANDARD) + padding, strict_mode=True)


def _object(part: bytes) -> dict[str, object]:
    value = read_json(_decoded(part).decode())
    if not isinstance(value, dict):
        raise ValueError("a part is not an object")
    return value


def _header(part: bytes) -> Mapping[str, object]:
    return _usual_header(part) if len(part) <= USUAL_HEADER else _object(part)


@lru_cache(maxsize=256)  # each of a platform's tokens has the same, until the key changes
def _usual_header(part: bytes) -> Mapping[str, object]:
    return MappingProxyType(_object(part))


@frozen(eq=False)
class VerificationKey:
    """A platform's public key. It verifies with the algorithms that fit its type and curve, and with no other."""

    kid: str
    _keys: Mapping[str, Any] = field(repr=False)

    def fits(self, algorithm: object) -> bool:
        """Whether a token may name this algorithm with this key."""
        return isinstance(algorithm, str) and algorithm in self._keys

    def verifies(self, jws: Jws) -> bool:
        """Whether the owner of this key signed the token, with an algorithm that fits the key."""
        algorithm = jws.header.get("alg")
        if not isinstance(algorithm, str) or (key := self._keys.get(algorithm)) is None:
            return False
        try:
            return bool(key.verify(jws.signed, jws.signature))
        except (JOSEError, ValueError, TypeError):  # a signature of another length than the curve's
            return False


def read_key(member: Mapping[str, object]) -> VerificationKey | None:
    """The key that a member of a key set holds; None when it is not a key for verifying signatures, or unusable.

    Source: RFC 7517 §4 and §5 (unknown keys are passed over); RFC 7518 §3.3 (2048 bits at least), §3.4 (curves).
    """
    kid, kind, use, named = (member.get(name) for name in ("kid", "kty", "use", "alg"))
    operations = member.get("key_ops")
    if not isinstance(kid, str) or use not in (None, "sig"):
        return None
    if operations is not None and not (isinstance(operations, list) and "verify" in operations):
        return None
    if kind == "RSA":
        fitting: Sequence[str] = RSA_ALGORITHMS
    elif kind == "EC" and isinstance(curve := member.get("crv"), str):
        fitting = [CURVE_ALGORITHMS[curve]] if curve in CURVE_ALGORITHMS else []
    else:
        return None
    if named is not None:
        fitting = [algorithm for algorithm in fitting if algorithm == named]
    # Of a number n python-jose would make n bytes; of a long text, a long number.
    given = ((name, member.get(name)) for name in ("kty", "crv", "n", "e", "x", "y"))
    public = {name: text for name, text in given if isinstance(text, str) and len(text) <= LONGEST_NUMBER}
    return _built(kid, public, fitting)


def _built(kid: str, public: dict[str, str], fitting: Sequence[str]) -> VerificationKey | None:
    keys: dict[str, Any] = {}
    source: object = public
    try:
        for algorithm in fitting:
            key: Any = jwk.construct(source, algorithm)  # type: ignore[arg-type]  # the stubs do not know key objects
            source = key.prepared_key
            keys[algorithm] = key
        sound = bool(keys) and (public["kty"] == "EC" or source.key_size in RSA_BITS)  # type: ignore[attr-defined]
    except (JOSEError, ValueError, TypeError, KeyError, AttributeError, OverflowError):  # seen with bad JWKs
        return None
    return VerificationKey(kid, keys) if sound else None


@frozen(eq=False)
class KeySet:
    """A platform's published keys, found by `kid`. A key object is built when it is first asked for, and kept."""

    _members: Mapping[str, tuple[Mapping[str, object], ...]] = field(repr=False)
    _ready: dict[str, tuple[VerificationKey, ...]] = field(factory=dict, init=False, repr=False)

    def find(self, kid: str) -> tuple[VerificationKey, ...]:
        """The usable keys of that name; none when there is no such key."""
        if kid not in self._ready:
            if kid not in self._members:
                return ()
            built = map(read_key, self._members[kid][:SAME_KID])
            self._ready[kid] = tuple(key for key in built if key is not None)
        return self._ready[kid]

    @property
    def kids(self) -> tuple[str, ...]:
        """The names of all keys in the set, usable or not."""
        return tuple(self._members)


def read_key_set(source: bytes | Mapping[str, object]) -> KeySet:
    """The key set that a platform answered, or that stands in a registration.

    Raises:
        LaunchRefused: `launch.key_set_malformed` when it is not a JSON object with a list `keys`. Members that are
            not usable keys are passed over.

    Source: RFC 7517 §5.
    """
    try:
        document = source if isinstance(source, Mapping) else read_json(source.decode())
    except (ValueError, RecursionError) as error:
        raise LaunchRefused("launch.key_set_malformed", "The platform's key set is not JSON.", "RFC 7517 §5") from error
    keys = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(keys, Iterable) or isinstance(keys, str | bytes | Mapping):
        raise LaunchRefused("launch.key_set_malformed", "The platform's key set has no list of keys.", "RFC 7517 §5")
    members: dict[str, tuple[Mapping[str, object], ...]] = {}
    for member in keys:
        if isinstance(member, Mapping) and isinstance(kid := member.get("kid"), str):
            members[kid] = (*members.get(kid, ())[:SAME_KID], member)
    return KeySet(members)


def sign(claims: Mapping[str, object], key: Any, algorithm: str, header: Mapping[str, str]) -> str:
    """`claims` as a compact JWS. `key` is what `signer` made."""
    whole = {"alg": algorithm, **header}
    signed = b".".join(base64url(_written(part)) for part in (whole, claims))
    return b".".join((signed, base64url(key.sign(signed)))).decode()


def _written(part: object) -> bytes:
    return _ENCODER.encode(part).encode()


def base64url(part: bytes) -> bytes:
    """`part` in base64url, without padding (RFC 7515 §2)."""
    return binascii.b2a_base64(part, newline=False).rstrip(b"=").translate(_TO_URL)


def signer(private_key: Any, algorithm: str) -> Any:
    """A key object for `sign`: of a private key, as PEM text or as cryptography's object."""
    return jwk.construct(private_key, algorithm)


def mac_of(text: bytes, secret: bytes) -> bytes:
    """HMAC with SHA-256. Preparing a secret takes longer than using it, so it is done once for each."""
    mac = _prepared(secret).copy()
    mac.update(text)
    return mac.digest()


@lru_cache(maxsize=1024)
def _prepared(secret: bytes) -> hmac.HMAC:
    return hmac.new(secret, digestmod="sha256")


def sign_ours(content: object, secret: bytes, kind: str) -> str:
    """`content` as a compact JWS with HS256 that only this tool can make; `kind` says what for (`typ`)."""
    signed = b".".join((_our_header(kind), base64url(_written(content))))
    return b".".join((signed, base64url(mac_of(signed, secret)))).decode()


@frozen(eq=False, weakref_slot=False)
class OurToken:
    """A token that looks like one of ours, taken apart. Nothing in it is true before `is_signed_by` said yes."""

    content: object = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def is_signed_by(self, secrets: Sequence[bytes]) -> bool:
        """Whether this tool signed it, with one of `secrets`."""
        return any(hmac.compare_digest(mac_of(self.signed, secret), self.signature) for secret in secrets)


_our_token = maker_of(OurToken)


def take_ours_apart(token: str, kind: str, max_length: int) -> OurToken:
    """Split what `sign_ours` made for `kind`, as strictly as `take_apart`; its content may be any JSON.

    Raises:
        LaunchRefused: `launch.too_large`, `launch.token_malformed`.
    """
    if len(token) > max_length:
        raise LaunchRefused("launch.too_large", "The token is too long.", _SPEC, max_length, len(token))
    signed, _, signature = token.encode(errors="replace").rpartition(b".")
    header, _, payload = signed.partition(b".")
    if header != _our_header(kind):
        raise LaunchRefused("launch.token_malformed", "The token is not one of this tool's.", _SPEC)
    try:
        return _our_token(read_json(_decoded(payload).decode()), signed, _decoded(signature))
    except (ValueError, RecursionError) as error:
        raise LaunchRefused("launch.token_malformed", f"The token cannot be read: {_reason(error)}.", _SPEC) from error


@lru_cache(maxsize=16)
def _our_header(kind: str) -> bytes:
    return base64url(_written({"alg": "HS256", "typ": kind}))
