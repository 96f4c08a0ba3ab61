"""SealedGrants: kept grants that this tool signed, whoever else may write to where they are kept."""

import hmac
import logging
from base64 import urlsafe_b64encode

from attrs import evolve, frozen

from lti_core.errors import AccessRefused, LtiError, StorageFailed
from lti_core.ports import KeyStore
from lti_core.services.grant import ServiceGrant
from lti_core.tokens import mac_of
from lti_storage.grants import Grants, written
from lti_storage.registrations import Registrations

PURPOSE = "grant"

log = logging.getLogger("lti")


@frozen(eq=False)
class SealedGrants:
    """Grants in any repository, each signed with a secret of its registration.

    Whoever can write to the repository can delete a grant or put an earlier one back, but not make or alter one, or
    move it to another tenant: a grant that is not as it was kept is left out with a warning in the log. So is one
    whose registration is gone, or whose secret: launches bring grants again.
    """

    kept: Grants
    registrations: Registrations
    keys: KeyStore

    def keep(self, grant: ServiceGrant) -> None:
        """See `Grants`.

        Raises:
            AccessRefused: `grant.registration_unknown`.
            ConfigurationError: `config.state_secret_missing`, and as of `Grants`.
        """
        secrets = self._secrets(grant)
        if not secrets:
            message = "This tool has no agreement with the platform of that grant."
            raise AccessRefused("grant.registration_unknown", message)
        self.kept.keep(evolve(grant, seal=_seal(grant, secrets[0]).decode()))

    def find(self, key: str) -> ServiceGrant | None:
        """See `Grants`."""
        grant = self.kept.find(key)
        opened = None if grant is None else self._opened(grant)
        return opened if opened is not None and opened.key == key else None

    def all(self) -> tuple[ServiceGrant, ...]:
        """See `Grants`."""
        return tuple(opened for grant in self.kept.all() if (opened := self._opened(grant)) is not None)

    def revoke(self, key: str) -> bool:
        """See `Grants`. Also of one that is left out: its key stands in the warning."""
        return self.kept.revoke(key)

    def _opened(self, grant: ServiceGrant) -> ServiceGrant | None:
        try:
            seals = [_seal(grant, secret) for secret in self._secrets(grant)]
        except StorageFailed:
            raise
        except LtiError as error:
            log.warning("a kept grant cannot be checked: %s key=%s", error.code, grant.key)
            return None
        if any(hmac.compare_digest(seal, grant.seal.encode(errors="replace")) for seal in seals):
            return evolve(grant, seal="")
        log.warning(
            "a kept grant is left out: this tool did not keep it so, or has no such key any more. key=%s", grant.key
        )
        return None

    def _secrets(self, grant: ServiceGrant) -> tuple[bytes, ...]:
        """Those of the grant's registration, newest first; none where there is no such registration."""
        registration = self.registrations.find(grant.issuer, grant.client_id)
        return () if registration is None else self.keys.secrets(registration, PURPOSE)


def _seal(grant: ServiceGrant, secret: bytes) -> bytes:
    """The signature over all that a grant says."""
    return urlsafe_b64encode(mac_of(written(evolve(grant, seal="")).encode(), secret))
