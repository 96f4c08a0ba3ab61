"""What all cases are made with. Runs in the environment of either package: nothing of this library is imported here."""

import base64
import importlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Of = Callable[[str], Any]
Cases = Iterator[tuple[str, Any]]
ISSUER, CLIENT_ID = "https://lms.example", "c1"
BASE = "https://tool.example"
LAUNCH_URL = f"{BASE}/launch"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def package(name: str) -> Of:
    """Gives modules of the package."""
    return lambda module: importlib.import_module(f"{name}.{module}")


def done(act: Callable[..., Any], *arguments: Any) -> Any:
    """The result, or what was raised."""
    try:
        return {"is": act(*arguments)}
    except Exception as error:  # noqa: BLE001 whatever it is, is compared
        return raised(error)


def raised(error: Exception) -> dict[str, Any]:
    """Of which classes an error is, and what it says."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    return {"raised": kinds[: kinds.index("Exception")] or ["Exception"], "text": str(error)[:200]}


@cache
def key(name: str, size: int = 2048) -> rsa.RSAPrivateKey:
    """The key of that name; each has its own."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@cache
def private_pem(name: str) -> str:
    """PEM text of it."""
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key(name).private_bytes(*plain).decode()


@cache
def public_pem(name: str) -> str:
    """PEM text of its public half."""
    plain = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key(name).public_key().public_bytes(*plain).decode()


def jwk(name: str, size: int = 2048, **changes: Any) -> dict[str, Any]:
    """Its public half, as platforms publish it."""
    numbers = key(name, size).public_key().public_numbers()
    written = {"n": _whole(numbers.n), "e": _whole(numbers.e)}
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": name, **written, **changes}


def token(claims: Any, signed_by: str = "platform", size: int = 2048, **header: Any) -> str:
    """A compact JWS. A header that is None is left out."""
    whole = {"typ": "JWT", "alg": "RS256", "kid": "platform", **header}
    head = {name: value for name, value in whole.items() if value is not None}
    text = f"{_part(json.dumps(head).encode())}.{_part(json.dumps(claims).encode())}"
    return f"{text}.{_part(_signature(str(head.get('alg')), text.encode(), key(signed_by, size)))}"


def payload_of(jws: str) -> Any:
    """The claims of a compact JWS, whoever signed it."""
    return _read(jws.split(".")[1])


def header_of(jws: str) -> Any:
    """The header of a compact JWS."""
    return _read(jws.split(".")[0])


def _read(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def lacking(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """All but one."""
    return {known: value for known, value in values.items() if known != name}


def now() -> int:
    """The time, in seconds."""
    return int(time.time())


def _signature(alg: str, text: bytes, signing: rsa.RSAPrivateKey) -> bytes:
    if alg == "none":
        return b""
    if alg == "HS256":  # with the public key as the secret, as a known attack does it
        mac = hmac.HMAC(
            signing.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            hashes.SHA256(),
        )
        mac.update(text)
        return mac.finalize()
    by_name = {"RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
    return signing.sign(text, padding.PKCS1v15(), by_name.get(alg, hashes.SHA256()))


def _whole(number: int) -> str:
    return _part(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
