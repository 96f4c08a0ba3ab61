"""Tokens: taken apart strictly, verified only by a key that the algorithm belongs to, and our own kept apart."""

import json
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hmac import HMAC

from lti_core.errors import LaunchRefused
from lti_core.tokens import (
    ALGORITHMS,
    MAX_TOKEN,
    SAME_KID,
    VerificationKey,
    read_key,
    read_key_set,
    sign,
    sign_ours,
    signer,
    take_apart,
    take_ours_apart,
)

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_RSA_KEY = rsa.generate_private_key(65537, 2048)
SHORT_RSA_KEY = rsa.generate_private_key(65537, 1024)
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
EC_KEYS = {name: ec.generate_private_key(curve) for name, curve in CURVES.items()}
OF_CURVE = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def part(text: str | bytes) -> str:
    return base64url(text if isinstance(text, bytes) else text.encode())


def number(value: int, length: int = 0) -> str:
    return base64url(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


def rsa_jwk(key: rsa.RSAPrivateKey = RSA_KEY, **members: object) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": "k", "n": number(numbers.n), "e": number(numbers.e), **members}


def ec_jwk(curve: str = "P-256", **members: object) -> dict[str, Any]:
    numbers, length = EC_KEYS[curve].public_key().public_numbers(), (CURVES[curve].key_size + 7) // 8
    point = {"x": number(numbers.x, length), "y": number(numbers.y, length)}
    return {"kty": "EC", "kid": "k", "crv": curve, **point, **members}


def signed_by_hand(key: Any, algorithm: str, claims: str = '{"sub":"u-1"}') -> str:
    """A token made with cryptography alone, with an algorithm that may not fit the key."""
    start = part(json.dumps({"alg": algorithm, "kid": "k"})) + "." + part(claims)
    digest = HASHES[algorithm[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        return f"{start}.{base64url(key.sign(start.encode(), padding.PKCS1v15(), digest))}"
    length = (key.curve.key_size + 7) // 8
    halves = decode_dss_signature(key.sign(start.encode(), ec.ECDSA(digest)))
    return f"{start}.{base64url(b''.join(half.to_bytes(length, 'big') for half in halves))}"


def built(member: Mapping[str, object]) -> VerificationKey:
    key = read_key(member)
    assert key is not None
    return key


HEADER = part('{"alg":"RS256"}')
CLAIMS = part('{"sub":"u-1"}')
GOOD = f"{HEADER}.{CLAIMS}.c2ln"
BAD_JSON = {
    "an array": "[]",
    "an array of pairs": '[["sub","u-1"]]',
    "null": "null",
    "a text": '"sub"',
    "a number": "1",
    "nothing": "",
    "blanks": "  ",
    "half an object": '{"sub":',
    "more after the object": '{"sub":"u-1"}{}',
    "single quotes": "{'sub':'u-1'}",
    "a comma too many": '{"sub":"u-1",}',
    "a comment": '{"sub":"u-1"/**/}',
    "a raw line break in a text": '{"sub":"u\n1"}',
    "a member twice": '{"sub":"u-1","sub":"u-2"}',
    "a member twice, once escaped": '{"sub":"u-1","\\u0073ub":"u-2"}',
    "a member twice further in": '{"a":[{"b":{"c":1,"c":1}}]}',
    "NaN": '{"exp":NaN}',
    "Infinity": '{"exp":Infinity}',
    "-Infinity": '{"exp":-Infinity}',
    "1e999": '{"exp":1e999}',
    "-1e999": '{"exp":-1e999}',
    "an endless whole number": '{"exp":' + "9" * 5000 + "}",
    "half a pair": '{"name":"\\ud83d"}',
    "the other half": '{"name":"\\uDE00"}',
    "a pair the wrong way round": '{"name":"\\ude00\\ud83d"}',
    "half a pair as a name": '{"\\ud83d":1}',
    "half a pair further in": '{"a":[{"b":"x\\udfff"}]}',
    "1,000 deep": '{"a":' + "[" * 1000 + "]" * 1000 + "}",
    "1,000 deep and never closed": '{"a":' + "[" * 1000,
    "40,000 deep": "[" * 40000,
    "33 objects deep": '{"a":' * 33 + "1" + "}" * 33,
    "a byte order mark": "\ufeff{}",
}
BAD_BYTES = {"not UTF-8": b'{"a":"\xff"}', "UTF-16": '{"a":1}'.encode("utf-16"), "a surrogate": b'{"a":"\xed\xa0\x80"}'}
BAD_PARTS = [*BAD_JSON.items(), *BAD_BYTES.items()]


@pytest.mark.parametrize("text", [bad for _, bad in BAD_PARTS], ids=[name for name, _ in BAD_PARTS])
@pytest.mark.parametrize("place", ["header", "claims"])
def test_a_part_that_is_not_one_plain_json_object_is_refused(text: str | bytes, place: str) -> None:
    token = f"{part(text)}.{CLAIMS}.c2ln" if place == "header" else f"{HEADER}.{part(text)}.c2ln"
    with pytest.raises(LaunchRefused) as refusal:
        take_apart(token)
    assert refusal.value.code == "launch.token_malformed"


SHAPES = {
    "nothing": "",
    "one part": "abc",
    "two parts": f"{HEADER}.{CLAIMS}",
    "four parts": f"{GOOD}.c2ln",
    "an encrypted token": f"{HEADER}.{CLAIMS}.AAAA.BBBB.CCCC",
    "no header": f".{CLAIMS}.c2ln",
    "no claims": f"{HEADER}..c2ln",
    "only dots": "..",
    "padding in the header": f"{HEADER}=.{CLAIMS}.c2ln",
    "padding in the signature": f"{HEADER}.{CLAIMS}.c2lnbg==",
    "a blank in front": " " + GOOD,
    "a blank behind": GOOD + " ",
    "a line break behind": GOOD + "\n",
    "a line break inside": GOOD.replace(".", ".\r\n", 1),
    "marks in the signature": GOOD + "!!",
    "plain base64": GOOD + "+/",
    "a NUL": GOOD + "\0",
    "a letter of another script": GOOD + "е",
    "half a character": GOOD + "\ud83d",
    "a part of an impossible length": f"{HEADER}.{CLAIMS}.c2lnA",
    "a prefix": "Bearer " + GOOD,
    "JSON form": json.dumps({"payload": CLAIMS, "protected": HEADER, "signature": "c2ln"}),
}


@pytest.mark.parametrize("token", SHAPES.values(), ids=SHAPES.keys())
def test_what_is_not_three_parts_of_base64url_is_refused(token: str) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        take_apart(token)
    assert refusal.value.code == "launch.token_malformed"


def test_a_refusal_holds_nothing_of_the_token() -> None:
    secret = '{"secret-name":"secret-value","secret-name":1}'
    with pytest.raises(LaunchRefused) as refusal:
        take_apart(f"{HEADER}.{part(secret)}.c2ln")
    assert "secret" not in f"{refusal.value} {refusal.value.expected} {refusal.value.found}"


def test_a_token_may_be_as_long_as_the_limit_and_no_longer() -> None:
    longest = GOOD + "A" * (MAX_TOKEN - len(GOOD))
    assert len(take_apart(longest[: len(longest) // 4 * 4]).signature) > 90_000
    for token in (longest + "A", "A" * 300 * 1024, "." * 5_000_000):
        with pytest.raises(LaunchRefused) as refusal:
            take_apart(token)
        assert refusal.value.code == "launch.too_large"


def test_names_in_every_script_are_read_whether_escaped_or_not() -> None:
    claims = {"name": "Ødegård 王小明 مريم 😀", "\u00e9": [1.5, -2, True, None, {"big": 10**300}], "": ""}
    for ascii_only in (True, False):
        assert take_apart(f"{HEADER}.{part(json.dumps(claims, ensure_ascii=ascii_only))}.").claims == claims


def test_deep_but_bounded_claims_are_read() -> None:
    deep = '{"a":' * 32 + '"[[[[[[[[[["' + "}" * 32
    assert take_apart(f"{HEADER}.{part(deep)}.c2ln").claims["a"]


def test_what_was_signed_is_the_text_that_was_sent() -> None:
    jws = take_apart(GOOD)
    assert (jws.signed, jws.signature) == (f"{HEADER}.{CLAIMS}".encode(), b"sig")
    assert (jws.header, jws.claims) == ({"alg": "RS256"}, {"sub": "u-1"})
    assert "u-1" not in repr(jws)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_an_rsa_key_verifies_with_each_rsa_algorithm(algorithm: str) -> None:
    token = take_apart(signed_by_hand(RSA_KEY, algorithm))
    assert built(rsa_jwk()).fits(algorithm)
    assert built(rsa_jwk()).verifies(token)
    assert not built(rsa_jwk(OTHER_RSA_KEY)).verifies(token)


@pytest.mark.parametrize("curve", CURVES)
def test_an_elliptic_key_verifies_with_the_algorithm_of_its_curve_only(curve: str) -> None:
    key = built(ec_jwk(curve))
    for algorithm in OF_CURVE.values():
        right = algorithm == OF_CURVE[curve]
        assert key.fits(algorithm) is right
        assert key.verifies(take_apart(signed_by_hand(EC_KEYS[curve], algorithm))) is right


@pytest.mark.parametrize(
    "alg", ["none", "NONE", "", "HS256", "PS256", "EdDSA", "rs256", "RS256 ", None, ["RS256"], {"RS256": 1}, 1, True]
)
def test_a_key_verifies_nothing_under_another_name_of_an_algorithm(alg: object) -> None:
    start = part(json.dumps({"alg": alg, "kid": "k"})) + "." + CLAIMS
    right = base64url(RSA_KEY.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256()))
    for key in (built(rsa_jwk()), built(ec_jwk())):
        assert not key.fits(alg)
        for signature in ("", right):
            assert not key.verifies(take_apart(f"{start}.{signature}"))


def test_a_token_without_alg_verifies_with_no_key() -> None:
    assert not built(rsa_jwk()).verifies(take_apart(f"{part('{}')}.{CLAIMS}."))


@pytest.mark.parametrize(
    ("encoding", "form"),
    [
        (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.PEM, serialization.PublicFormat.PKCS1),
        (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.DER, serialization.PublicFormat.PKCS1),
        (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH),
    ],
)
@pytest.mark.parametrize("alg", ["HS256", "RS256"])
def test_a_public_key_is_no_secret_that_signs(encoding: Any, form: Any, alg: str) -> None:
    public = RSA_KEY.public_key().public_bytes(encoding, form)
    for secret in (public, public.strip(), public + b"\n"):
        start = part(json.dumps({"alg": alg, "kid": "k"})) + "." + CLAIMS
        mac = HMAC(secret, hashes.SHA256())
        mac.update(start.encode())
        assert not built(rsa_jwk()).verifies(take_apart(f"{start}.{base64url(mac.finalize())}"))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 96, 132, 256, 5000])
def test_a_signature_of_any_length_is_only_wrong(size: int) -> None:
    for algorithm in ALGORITHMS:
        token = take_apart(f"{part(json.dumps({'alg': algorithm}))}.{CLAIMS}.{base64url(b'x' * size)}")
        keys = [built(rsa_jwk()), *(built(ec_jwk(curve)) for curve in CURVES)]
        assert not any(key.verifies(token) for key in keys)


@pytest.mark.parametrize("named", ["RS256", "RS384", "RS512"])
def test_a_key_that_names_its_algorithm_is_good_for_that_one_only(named: str) -> None:
    key = built(rsa_jwk(alg=named))
    assert [algorithm for algorithm in sorted(ALGORITHMS) if key.fits(algorithm)] == [named]
    for algorithm in ("RS256", "RS384", "RS512"):
        assert key.verifies(take_apart(signed_by_hand(RSA_KEY, algorithm))) is (algorithm == named)


UNUSABLE: dict[str, dict[str, Any]] = {
    "no kid": {name: value for name, value in rsa_jwk().items() if name != "kid"},
    "a number as kid": rsa_jwk(kid=1),
    "for encryption": rsa_jwk(use="enc"),
    "an odd use": rsa_jwk(use=["sig"]),
    "an empty use": rsa_jwk(use=""),
    "operations without verify": rsa_jwk(key_ops=["sign", "encrypt"]),
    "operations as text": rsa_jwk(key_ops="verify"),
    "operations as an object": rsa_jwk(key_ops={"verify": 1}),
    "a secret": {"kty": "oct", "kid": "k", "k": "AAAA"},
    "a secret that says RS256": {"kty": "oct", "kid": "k", "k": "AAAA", "alg": "RS256"},
    "an Edwards key": {"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": "AAAA"},
    "no kind": {name: value for name, value in rsa_jwk().items() if name != "kty"},
    "a kind of no name": rsa_jwk(kty=None),
    "a list as kind": rsa_jwk(kty=["RSA"]),
    "1024 bits": rsa_jwk(SHORT_RSA_KEY),
    "16,400 bits": rsa_jwk(n=number((1 << 16399) + 1)),
    "an RSA key for HMAC": rsa_jwk(alg="HS256"),
    "an RSA key for no algorithm": rsa_jwk(alg="none"),
    "an RSA key for PS256": rsa_jwk(alg="PS256"),
    "an RSA key for ES256": rsa_jwk(alg="ES256"),
    "a list of algorithms": rsa_jwk(alg=["RS256"]),
    "P-384 for ES256": ec_jwk("P-384", alg="ES256"),
    "another curve": ec_jwk(crv="secp256k1"),
    "a list as curve": ec_jwk(crv=["P-256"]),
    "a point of another curve": ec_jwk("P-384", crv="P-256"),
    "a point off the curve": ec_jwk(x=number(5, 32), y=number(5, 32)),
    "an exponent of 1": rsa_jwk(e=number(1)),
    "an even exponent": rsa_jwk(e=number(65536)),
    "an RSA key that says EC": rsa_jwk(kty="EC"),
}


@pytest.mark.parametrize("member", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_key_is_passed_over(member: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cryptography, about odd key sizes
        assert read_key(member) is None


ODD_VALUES: list[object] = [
    None,
    5,
    10**13,
    10**30,
    -1,
    1.5,
    True,
    [],
    ["AQAB"],
    {},
    "",
    "=",
    "é",
    "\ud83d",
    "!!",
    "A" * 100_000,
]


@pytest.mark.parametrize("odd", ODD_VALUES, ids=lambda odd: repr(odd)[:20])
@pytest.mark.parametrize(("kind", "name"), [("RSA", "n"), ("RSA", "e"), ("EC", "x"), ("EC", "y"), ("EC", "crv")])
def test_a_key_with_a_broken_number_is_passed_over_at_once(kind: str, name: str, odd: object) -> None:
    good = rsa_jwk() if kind == "RSA" else ec_jwk()
    assert read_key({**good, name: odd}) is None
    assert read_key({member: value for member, value in good.items() if member != name}) is None


def test_an_over_long_number_is_not_computed_with_even_where_it_is_only_zeros() -> None:
    good = rsa_jwk()
    assert built({**good, "n": "AAAA" + good["n"]}).verifies(take_apart(signed_by_hand(RSA_KEY, "RS256")))
    assert read_key({**good, "n": "A" * 4096 + good["n"]}) is None


def test_a_key_for_signatures_is_usable_however_it_says_so() -> None:
    for members in ({"use": "sig"}, {"use": None}, {"key_ops": ["verify"]}, {"alg": None}, {"x5c": ["junk"], "d": 5}):
        assert built(rsa_jwk(**members)).verifies(take_apart(signed_by_hand(RSA_KEY, "RS256")))


def test_a_private_key_in_a_key_set_is_only_used_to_verify() -> None:
    private = RSA_KEY.private_numbers()
    key = built(rsa_jwk(d=number(private.d), p=number(private.p), q=number(private.q)))
    assert key.verifies(take_apart(signed_by_hand(RSA_KEY, "RS256")))
    assert not hasattr(key, "sign")


def test_bad_keys_beside_the_right_one_do_no_harm() -> None:
    strangers = [{**member, "kid": f"other-{place}"} for place, member in enumerate(UNUSABLE.values())]
    junk = [None, 5, "k", [], {}, {"kid": None}, ["kid"]]
    keys = read_key_set(json.dumps({"keys": [*junk, ec_jwk(kid="ec"), *strangers, rsa_jwk()]}).encode())
    (found,) = keys.find("k")
    assert found.verifies(take_apart(signed_by_hand(RSA_KEY, "RS256")))
    assert keys.find("unheard of") == ()


def test_an_rsa_and_an_elliptic_key_may_have_one_name() -> None:
    keys = read_key_set({"keys": [ec_jwk(), {"kty": "oct", "kid": "k"}, rsa_jwk()]}).find("k")
    for token in (signed_by_hand(RSA_KEY, "RS256"), signed_by_hand(EC_KEYS["P-256"], "ES256")):
        assert [key.verifies(take_apart(token)) for key in keys].count(True) == 1


def test_only_a_few_keys_of_one_name_are_tried() -> None:
    assert len(read_key_set({"keys": [rsa_jwk()] * 500}).find("k")) == SAME_KID


def test_a_key_object_is_built_once() -> None:
    keys = read_key_set({"keys": [rsa_jwk()]})
    assert keys.find("k")[0] is keys.find("k")[0]


def test_a_set_of_2000_keys_is_searched_by_name() -> None:
    members = [{**rsa_jwk(), "kid": f"k-{place}"} for place in range(1999)] + [rsa_jwk(OTHER_RSA_KEY, kid="last")]
    keys = read_key_set(json.dumps({"keys": members}).encode())
    assert len(keys.kids) == 2000
    assert keys.find("last")[0].verifies(take_apart(signed_by_hand(OTHER_RSA_KEY, "RS512")))


def test_an_empty_key_set_has_no_key() -> None:
    documents: list[Any] = [{"keys": []}, {"keys": ()}, b'{"keys":[]}']
    for document in documents:
        assert read_key_set(document).find("k") == ()


@pytest.mark.parametrize(
    "source",
    [
        b"", b"{}", b"[]", b"null", b'"keys"', b'{"keys":null}', b'{"keys":{}}', b'{"keys":"k"}', b'{"keys":5}',
        b"\xff", b"<html>", b'{"keys":[]', b'{"keys":[],"keys":[]}', b"[" * 100_000,
        b'{"keys":' + b"[" * 40 + b"]" * 40 + b"}",
        {}, {"keys": None}, {"keys": {"kid": "k"}}, {"keys": "k"}, {"keys": 5},
    ],
    ids=lambda source: repr(source)[:25],
)  # fmt: skip
def test_what_is_no_key_set_is_refused(source: Any) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        read_key_set(source)
    assert refusal.value.code == "launch.key_set_malformed"


def test_a_token_that_we_sign_is_read_by_others() -> None:
    token = sign({"name": "Ödegård"}, signer(RSA_KEY, "RS256"), "RS256", {"kid": "k"})
    start, _, signature = token.rpartition(".")
    raw = take_apart(token).signature
    RSA_KEY.public_key().verify(raw, start.encode(), padding.PKCS1v15(), hashes.SHA256())
    assert signature == base64url(raw)
    assert take_apart(token).claims == {"name": "Ödegård"}


SECRET, OTHER = b"s" * 32, b"o" * 32


def is_ours(text: str, secrets: list[bytes], kind: str = "lti-state") -> bool:
    try:
        return take_ours_apart(text, kind, MAX_TOKEN).is_signed_by(secrets)
    except LaunchRefused:
        return False


def test_our_own_tokens_are_good_for_one_purpose_and_with_one_of_the_secrets() -> None:
    ours = sign_ours(["a", 1], SECRET, "lti-state")
    assert take_ours_apart(ours, "lti-state", MAX_TOKEN).content == ["a", 1]
    assert is_ours(ours, [SECRET])
    assert is_ours(ours, [OTHER, SECRET])
    assert not is_ours(ours, [OTHER])
    assert not is_ours(ours, [])
    assert not is_ours(ours, [SECRET], "lti-launch")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "HS256"},
        {"alg": "HS384", "typ": "lti-state"},
        {"alg": "none", "typ": "lti-state"},
        {"alg": "RS256", "typ": "lti-state"},
        {"alg": "HS256", "typ": "LTI-STATE"},
        {"alg": "HS256", "typ": "lti-state", "kid": "k"},
        {"alg": "HS256", "typ": ["lti-state"]},
        {},
    ],
)
def test_our_own_tokens_have_exactly_one_header(header: dict[str, object]) -> None:
    start = f"{part(json.dumps(header))}.{part('{}')}"
    mac = HMAC(SECRET, hashes.SHA256())
    mac.update(start.encode())
    assert not is_ours(f"{start}.{base64url(mac.finalize())}", [SECRET])


@pytest.mark.parametrize("signature", ["", "AAAA", "A" * 43, "A" * 5000])
def test_our_own_tokens_need_the_whole_signature(signature: str) -> None:
    start = sign_ours({"a": 1}, SECRET, "lti-state").rpartition(".")[0]
    assert not is_ours(f"{start}.{signature}", [SECRET])


def test_our_own_tokens_are_not_read_when_they_are_too_long() -> None:
    with pytest.raises(LaunchRefused) as refusal:
        take_ours_apart(sign_ours("a" * 1000, SECRET, "lti-state"), "lti-state", 1000)
    assert refusal.value.code == "launch.too_large"
