"""DjangoRegistrations: agreements with platforms in Django's database, to be changed while the tool runs."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import attrgetter

from django.db import DataError

from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.keys import read_private_key
from lti_core.registration import Registration
from lti_storage.django.database import changing, database_of, using
from lti_storage.django.models import LtiTool, LtiToolKey, refuse_conflicts_with


class DjangoRegistrations:
    """The active rows of `LtiTool`. All processes share them; a change is seen at the next question.

    Private keys stand in the database in clear: who reads it can sign as this tool.

    Args:
        url: as of `DjangoStore`.
    """

    def __init__(self, url: str) -> None:
        self._alias = database_of(url)
        self._rows = LtiTool.objects.using(self._alias).select_related("tool_key")
        self._keys = LtiToolKey.objects.using(self._alias)

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """See `Registrations`."""
        found = self._registrations(issuer=issuer, client_id=client_id)
        return next((one for one in found if (one.issuer, one.client_id) == (issuer, client_id)), None)

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """See `Registrations`. Some databases find texts that differ in letters only."""
        return _in_order(one for one in self._registrations(issuer=issuer) if one.issuer == issuer)

    def all(self) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return _in_order(self._registrations())

    def add(self, registration: Registration) -> None:
        """Keep one more registration; its title is the issuer.

        Raises:
            ConfigurationError: as `refuse_conflicts`, `config.value_too_long`; nothing is changed then.
            StorageFailed: the database did not answer.
        """
        with _fitting(), changing(self._alias):
            refuse_conflicts_with(registration, self._registrations())
            self._keep(LtiTool(title=registration.issuer[:255]), registration)

    def replace(self, registration: Registration) -> None:
        """Put `registration` in the place of the one with its issuer and client id. The title stays.

        Raises:
            ConfigurationError: `config.registration_unknown`; as `add`. Nothing is changed then.
            StorageFailed: the database did not answer.
        """
        with _fitting(), changing(self._alias):
            row = self._row(registration.issuer, registration.client_id)
            refuse_conflicts_with(registration, row.others())
            self._keep(row, registration)

    def remove(self, issuer: str, client_id: str) -> None:
        """Forget a registration. Its key stays.

        Raises:
            ConfigurationError: `config.registration_unknown`.
            StorageFailed: the database did not answer.
        """
        with changing(self._alias):
            self._row(issuer, client_id).delete()

    def _registrations(self, **where: str) -> list[Registration]:
        if any("\0" in text for text in where.values()):  # PostgreSQL has no such texts, and refuses the question
            return []
        with using(self._alias):
            return [row.registration() for row in self._rows.filter(is_active=True, **where)]

    def _row(self, issuer: str, client_id: str) -> LtiTool:
        for row in self._rows.filter(is_active=True, issuer=issuer, client_id=client_id):
            if (row.issuer, row.client_id) == (issuer, client_id):
                return row
        raise ConfigurationError(
            "config.registration_unknown",
            f"There is no registration of issuer {issuer!r} with client id {client_id!r}: add it first.",
        )

    def _keep(self, row: LtiTool, registration: Registration) -> None:
        row.issuer, row.client_id = registration.issuer, registration.client_id
        row.auth_login_url, row.auth_token_url = registration.login_url, registration.token_url or ""
        row.auth_audience, row.key_set_url = registration.audience, registration.key_set_url
        row.key_set = None if registration.key_set is None else json.dumps(registration.key_set, default=dict)
        row.deployment_ids = json.dumps(sorted(registration.deployment_ids))
        row.deployments, row.use_by_default = registration.deployments, registration.default
        row.tool_key = self._key(registration.private_key)
        row.save(using=self._alias)

    def _key(self, pem: str | None) -> LtiToolKey | None:
        if pem is None:
            return None
        key = read_private_key(pem)
        known = self._keys.filter(private_key=pem).first() or self._keys.filter(name=key.kid).first()
        if known is None:
            known = LtiToolKey(name=key.kid, private_key=pem, is_common=False)
            known.save(using=self._alias)
        return known


@contextmanager
def _fitting() -> Iterator[None]:
    """A text that is longer than its column is a mistake of who writes it, not of the database."""
    try:
        yield
    except StorageFailed as error:
        if not isinstance(error.__cause__, DataError):
            raise
        raise ConfigurationError(
            "config.value_too_long",
            "A value of the registration is longer than the database allows: issuer and client id may have 255"
            " characters, addresses 1,024.",
        ) from error


def _in_order(registrations: Iterable[Registration]) -> tuple[Registration, ...]:
    """By issuer and client id; databases differ in how they order texts."""
    return tuple(sorted(registrations, key=attrgetter("issuer", "client_id")))
