"""Names of LTI 1.1 are believed when whoever has the old consumer secret signed them for this very launch."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.messages import LaunchMessage
from lti_core.migration import MigrationProof, migration_signature, verify_migration
from tests import good
from tests.good import CLAIMS, CLIENT_ID, ISSUER, Launching

KEY, SECRET = "legacy-key-1", "legacy-secret"
VECTORS = [
    (
        ("my-lti11-secret", "179248902", "689302", "https://lmsvendor.com", "PM48OJSfGDTAzAo", "1551290856"),
        ("172we8671fd8z", "lWd54kFo5qU7xshAna6v8BwoBm6tmUjc6GTax6+12ps="),
    ),
    (
        ("legacy-secret", "legacy-key-1", "dep-7", "https://lms.example", "client-42", "1767225600"),
        ("n-0S6_WzA2Mj", "EaTchJJuIghxG7v9xN/6KkTfibCRP1oqhe3UhX4OZYM="),
    ),
    (
        ("s3cr3t-ü", "legacy-key-1", "2:deploy&ment", "https://lms.example", "client-42", "1767225600"),
        ("n-0S6_WzA2Mj", "hIvv5dEv8ZtuKVfKh295olOC+eadm+OHmABIYWYnbmA="),
    ),
    (
        ("bar", "foo", "deploymentId", "iss", "clientId", "exp"),
        ("nonce", "1Ze6akG0koOVeizCVBIyQHJ78Eo3vGUXyqOM0iDqS0k="),
    ),
]


@pytest.mark.parametrize(("names", "nonce_and_sign"), VECTORS)
def test_known_signatures_come_out(names: tuple[str, ...], nonce_and_sign: tuple[str, str]) -> None:
    secret, key, deployment, issuer, client_id, exp = names
    nonce, sign = nonce_and_sign
    found = migration_signature(
        secret, consumer_key=key, deployment_id=deployment, issuer=issuer, client_id=client_id, exp=exp, nonce=nonce
    )
    assert found == sign


def signature(claims: dict[str, Any], secret: str = SECRET, **changes: str) -> str:
    values = {
        "consumer_key": KEY,
        "deployment_id": claims[c.DEPLOYMENT_ID],
        "issuer": ISSUER,
        "client_id": CLIENT_ID,
        "exp": str(int(claims["exp"])),
        "nonce": claims["nonce"],
    }
    return migration_signature(secret, **{**values, **changes})


def launched(sign: Callable[[dict[str, Any]], str], ends: float = CLAIMS["exp"]) -> LaunchMessage:
    launching = Launching()
    claims = launching.claims(exp=ends)
    migration = {"user_id": "old-42", "oauth_consumer_key": KEY, "oauth_consumer_key_sign": sign(claims)}
    return launching.accept(launching.form({**claims, c.LTI1P1: migration}))


def migrating(secret: str = SECRET, ends: float = CLAIMS["exp"], **changes: str) -> LaunchMessage:
    """A launch with a signed claim; `changes` are names that were signed in the place of the launch's own."""
    return launched(lambda claims: signature(claims, secret, **changes), ends)


def with_claim(claim: object) -> LaunchMessage:
    return good.launch({**CLAIMS, c.LTI1P1: claim})


def secrets(key: str, launch: LaunchMessage) -> Iterable[str]:
    return [SECRET] if (key, launch.issuer) == (KEY, ISSUER) else []


def code_of(proof: MigrationProof) -> str:
    assert not proof.verified
    assert proof.refusal is not None
    assert proof.refusal.spec
    return proof.refusal.code


def test_a_signature_of_this_launch_proves_the_claim() -> None:
    launch = migrating()
    proof = verify_migration(launch, secrets)
    assert (proof.verified, proof.refusal) == (True, None)
    assert launch.migration is not None
    assert launch.migration.user_id == "old-42"


def test_the_end_of_a_token_is_signed_without_its_fraction() -> None:
    assert verify_migration(migrating(ends=CLAIMS["exp"] + 0.75), secrets).verified
    assert verify_migration(migrating(ends=float(CLAIMS["exp"])), secrets).verified


def test_any_of_several_secrets_will_do() -> None:
    assert verify_migration(migrating(), lambda key, launch: iter(["newer", SECRET])).verified
    assert not verify_migration(migrating(), lambda key, launch: ["newer", "newest"]).verified


@pytest.mark.parametrize(
    "changes",
    [
        {"consumer_key": "other"},
        {"deployment_id": "dep-2"},
        {"issuer": "https://other.example"},
        {"client_id": "tool-2"},
        {"exp": "1"},
        {"nonce": "n-of-another-launch"},
    ],
)
def test_a_signature_of_another_launch_proves_nothing(changes: dict[str, str]) -> None:
    assert code_of(verify_migration(migrating(**changes), secrets)) == "launch.migration_signature_invalid"


@pytest.mark.parametrize("sign", ["x", "ü", "EaTchJJuIghxG7v9xN/6KkTfibCRP1oqhe3UhX4OZYM"])
def test_a_forged_signature_proves_nothing_and_refuses_no_launch(sign: str) -> None:
    launch = with_claim({"oauth_consumer_key": KEY, "oauth_consumer_key_sign": sign})
    assert code_of(verify_migration(launch, secrets)) == "launch.migration_signature_invalid"
    assert launch.user.id == "u-42"


def test_the_digest_as_hexadecimal_text_is_no_signature() -> None:
    launch = launched(lambda claims: b64encode(b64decode(signature(claims)).hex().encode()).decode())
    assert code_of(verify_migration(launch, secrets)) == "launch.migration_signature_invalid"


@given(st.text())
def test_whatever_stands_for_a_signature_is_no_error(sign: str) -> None:
    launch = with_claim({"oauth_consumer_key": KEY, "oauth_consumer_key_sign": sign})
    assert not verify_migration(launch, secrets).verified


@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        {"user_id": "old-42"},
        {"oauth_consumer_key": KEY},
        {"oauth_consumer_key": KEY, "oauth_consumer_key_sign": ""},
        {"oauth_consumer_key": "", "oauth_consumer_key_sign": "x"},
        {"oauth_consumer_key_sign": "x"},
        "no object",
    ],
)
def test_without_a_signature_nothing_is_proved_and_no_secret_looked_up(claim: object) -> None:
    def nobody(key: str, launch: LaunchMessage) -> Iterable[str]:
        raise AssertionError("there is nothing to look up")

    assert code_of(verify_migration(with_claim(claim), nobody)) == "launch.migration_signature_missing"


def test_an_unknown_key_proves_nothing() -> None:
    launch = with_claim({"oauth_consumer_key": "unheard of", "oauth_consumer_key_sign": "x"})
    assert code_of(verify_migration(launch, secrets)) == "launch.migration_key_unknown"


def test_a_lone_text_is_one_secret_and_not_its_letters() -> None:
    assert verify_migration(migrating(), lambda key, launch: SECRET).verified
    assert not verify_migration(migrating(secret="l"), lambda key, launch: SECRET).verified


def test_nobody_signs_with_an_empty_secret() -> None:
    for empty in ([""], "", ["", ""]):
        proof = verify_migration(migrating(secret=""), lambda key, launch, empty=empty: empty)
        assert code_of(proof) == "launch.migration_key_unknown"


def test_no_secret_is_told() -> None:
    for launch in (migrating(nonce="other"), with_claim({"oauth_consumer_key": "k", "oauth_consumer_key_sign": "x"})):
        proof = verify_migration(launch, secrets)
        assert SECRET not in repr(proof) + str(proof.refusal)
