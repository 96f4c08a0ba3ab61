"""The tool's own keys: their names, what is published of them, and the secrets that follow from them."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import assume, given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError
from lti_core.keys import derive_secret, new_private_key, public_pem, read_private_key
from lti_core.tokens import read_key, read_key_set, take_apart
from tests.fakes import PLATFORM_KEY, PLATFORM_PEM, TOOL_KEY, TOOL_PEM

PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8
PKCS1 = serialization.PrivateFormat.TraditionalOpenSSL
PLAIN = serialization.NoEncryption()
LINES = TOOL_PEM.splitlines()


def loaded(pem: str = TOOL_PEM) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=="), "big")


def test_the_kid_is_the_thumbprint_of_rfc_7638() -> None:
    public = TOOL_KEY.public
    text = f'{{"e":"{public["e"]}","kty":"RSA","n":"{public["n"]}"}}'
    assert TOOL_KEY.kid == urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    assert (number(public["n"]), number(public["e"])) == (loaded().public_key().public_numbers().n, 65537)


def test_the_kid_stays_whatever_form_the_key_is_written_in() -> None:
    forms = [loaded().private_bytes(PEM, form, PLAIN).decode() for form in (PKCS8, PKCS1)]
    for pem in (*forms, f"\n{TOOL_PEM}\n", TOOL_PEM.replace("\n", "\r\n"), "comment\n" + TOOL_PEM, " ".join(LINES)):
        key = read_private_key(pem)
        assert (key.kid, key.material) == (TOOL_KEY.kid, TOOL_KEY.material)
    assert PLATFORM_KEY.kid != TOOL_KEY.kid


def test_what_is_published_holds_no_private_part() -> None:
    assert set(TOOL_KEY.public) == {"kty", "n", "e", "kid", "alg", "use"}
    assert (TOOL_KEY.public["alg"], TOOL_KEY.public["use"]) == ("RS256", "sig")
    assert "PRIVATE" not in repr(TOOL_KEY)
    assert str(TOOL_KEY.material) not in repr(TOOL_KEY)


def test_others_verify_our_tokens_with_what_is_published() -> None:
    token = take_apart(TOOL_KEY.sign({"iss": "tool-1"}))
    document = json.dumps({"keys": [dict(PLATFORM_KEY.public), dict(TOOL_KEY.public)]}).encode()
    (key,) = read_key_set(document).find(str(token.header["kid"]))
    assert key.verifies(token)
    assert token.header == {"alg": "RS256", "typ": "JWT", "kid": TOOL_KEY.kid}
    other = read_key(PLATFORM_KEY.public)
    assert other is not None
    assert not other.verifies(token)


def test_the_public_pem_is_the_public_part_and_nothing_else() -> None:
    text = public_pem(TOOL_PEM)
    assert text.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert "PRIVATE" not in text
    key = serialization.load_pem_public_key(text.encode())
    assert key == loaded().public_key()


def test_a_new_key_is_another_one_each_time() -> None:
    key = loaded(new_private_key())
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)
    assert key.public_key() != loaded().public_key()


def rsa_pem(size: int = 2048, password: bytes | None = None) -> str:
    hidden = serialization.BestAvailableEncryption(password) if password else PLAIN
    return rsa.generate_private_key(65537, size).private_bytes(PEM, PKCS8, hidden).decode()


UNREADABLE = {
    "nothing": "",
    "a path": "keys/private.key",
    "no lines around it": "".join(LINES[1:-1]),
    "no first line": "\n".join(LINES[1:]),
    "no last line": "\n".join(LINES[:-1]),
    "cut": "\n".join([*LINES[:5], LINES[-1]]),
    "a byte changed": TOOL_PEM.replace(LINES[3], LINES[3][::-1]),
    "the public key": public_pem(TOOL_PEM),
    "a key with a password": rsa_pem(password=b"secret"),
    "an elliptic key": ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, PKCS8, PLAIN).decode(),
    "a certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "letters of another script": "ключ",
}


@pytest.mark.parametrize("pem", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_private_rsa_key_is_explained(pem: str) -> None:
    for read in (read_private_key, public_pem):
        with pytest.raises(ConfigurationError) as refusal:
            read(pem)
        assert refusal.value.code == "config.private_key_unreadable"
        assert "RSA key" in refusal.value.message
        assert (refusal.value.expected, refusal.value.found) == (None, None)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        read_private_key(rsa_pem(1024))
    assert (refusal.value.code, refusal.value.expected, refusal.value.found) == ("config.private_key_weak", 2048, 1024)


def test_a_secret_differs_by_key_purpose_issuer_and_client() -> None:
    base = (TOOL_KEY.material, "state", "https://lms.example", "tool-1")
    others = [
        (PLATFORM_KEY.material, *base[1:]),
        (base[0], "launch", *base[2:]),
        (*base[:2], "https://lms.example/", base[3]),
        (*base[:3], "tool-2"),
        (*base[:2], base[3], base[2]),
    ]
    secrets = {derive_secret(*labels) for labels in (base, *others)}
    assert len(secrets) == 6
    assert {len(secret) for secret in secrets} == {32}


def test_workers_that_hold_the_same_key_derive_the_same_secret() -> None:
    fresh = read_private_key(TOOL_PEM).material
    assert derive_secret(fresh, "state", "a", "b") == derive_secret(TOOL_KEY.material, "state", "a", "b")
    assert read_private_key(PLATFORM_PEM).material == PLATFORM_KEY.material


labels = st.tuples(*[st.text(st.sampled_from("ab\0\x01é"), max_size=4)] * 3)


@given(labels, labels)
def test_labels_never_run_together(first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    assume(first != second)
    assert derive_secret(b"material", *first) != derive_secret(b"material", *second)


def test_labels_that_read_alike_when_joined_give_different_secrets() -> None:
    assert derive_secret(b"m", "state", "a", "bc") != derive_secret(b"m", "state", "ab", "c")
    assert derive_secret(b"m", "state", "", "abc") != derive_secret(b"m", "state", "abc", "")
    assert derive_secret(b"m", "statea", "", "b") != derive_secret(b"m", "state", "a", "b")
