"""Migration: proof that a launch tells truly what the same was called in LTI 1.1.

The platform signs with the old consumer secret, which it shares with this tool alone. Without the proof, join no
account.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Iterable

from attrs import frozen

from lti_core.errors import LaunchRefused
from lti_core.messages import LaunchMessage

SecretsFor = Callable[[str, LaunchMessage], Iterable[str]]
_SPEC = "LTI Advantage Migration Guide"


@frozen
class MigrationProof:
    """Whether the claim `migration` of a launch is proved; where not, why. The launch itself is good in any case.

    Whoever wants to refuse such launches raises `refusal`.
    """

    refusal: LaunchRefused | None = None

    @property
    def verified(self) -> bool:
        """Whether the names of LTI 1.1 may be believed."""
        return self.refusal is None


def verify_migration(launch: LaunchMessage, secrets_for: SecretsFor) -> MigrationProof:
    """Look whether the holder of an LTI 1.1 key signed the claim `migration` of this very launch.

    Args:
        secrets_for: finds the secrets of a consumer key; none for a key that is unknown, or that is not this
            platform's. Any of them will do.

    Returns:
        The proof, or a `refusal` with `launch.migration_signature_missing`, `launch.migration_key_unknown` or
        `launch.migration_signature_invalid`.

    Source: LTI Advantage Migration Guide, OAuth Consumer Key Sign.
    """
    migration = launch.migration
    if migration is None or not migration.oauth_consumer_key or not migration.oauth_consumer_key_sign:
        message = "The launch does not prove what it was called in LTI 1.1."
        return MigrationProof(LaunchRefused("launch.migration_signature_missing", message, _SPEC))
    key = migration.oauth_consumer_key
    secrets = _several(secrets_for(key, launch))
    if not secrets:
        message = "This tool has no secret of the LTI 1.1 key that the launch names."
        return MigrationProof(LaunchRefused("launch.migration_key_unknown", message, _SPEC, found=key[:100]))
    sent = migration.oauth_consumer_key_sign.encode()
    if any(hmac.compare_digest(sent, _expected(launch, key, secret).encode()) for secret in secrets):
        return MigrationProof()
    message = "The names of LTI 1.1 in the launch are not signed with the secret of their key."
    return MigrationProof(LaunchRefused("launch.migration_signature_invalid", message, _SPEC))


def migration_signature(
    secret: str, *, consumer_key: str, deployment_id: str, issuer: str, client_id: str, exp: str, nonce: str
) -> str:
    """The signature `oauth_consumer_key_sign` of a launch, in base64. `exp` in decimal digits, as in its token."""
    base = "&".join((consumer_key, deployment_id, issuer, client_id, exp, nonce))
    return b64encode(hmac.digest(secret.encode(), base.encode(), "sha256")).decode()


def _expected(launch: LaunchMessage, consumer_key: str, secret: str) -> str:
    exp, nonce = launch.claims.get("exp"), launch.claims.get("nonce")
    return migration_signature(
        secret,
        consumer_key=consumer_key,
        deployment_id=launch.deployment_id,
        issuer=launch.issuer,
        client_id=launch.client_id,
        exp=str(int(exp) if isinstance(exp, float) else exp),
        nonce=str(nonce),
    )


def _several(secrets: str | Iterable[str]) -> tuple[str, ...]:
    """A lone text is one secret, not its letters, and an empty one is none: anybody could sign with those."""
    given = [secrets] if isinstance(secrets, str) else secrets
    return tuple(secret for secret in given if secret)
