"""The tables. Two are those of the `pylti1p3` package, with columns that it does not know and does not miss."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

from django.core.exceptions import ValidationError
from django.db import models

from lti_core.errors import ConfigurationError
from lti_core.keys import public_pem, read_private_key
from lti_core.registration import Registration
from lti_core.strict_json import read_json
from lti_storage.django.columns import placed
from lti_storage.registrations import refuse_conflicts

_APP = "lti1p3_tool_config"
Deployments = Literal["closed", "any"]
_KEY = 64  # hexadecimal digits
_IDS = 'must be a list of texts in quotes, as ["1", "2"]'
_KEY_SET = 'must be the platform\'s key set, an object {"keys": [...]}'


class LtiToolKey(models.Model):
    """A private key of the tool, with its public part.

    Attributes:
        is_common: the newest key of which that is true signs towards platforms that have no key of their own.
    """

    name: "models.CharField[str, str]" = models.CharField(max_length=255, unique=True)
    private_key: "models.TextField[str, str]" = models.TextField()
    public_key: "models.TextField[str | None, str | None]" = models.TextField(null=True, blank=True)
    public_jwk: "models.TextField[str | None, str | None]" = models.TextField(null=True, blank=True)
    is_common: "models.BooleanField[bool, bool]" = models.BooleanField(default=True, db_default=False)

    class Meta:
        app_label = _APP
        db_table = "lti1p3_tool_key"
        verbose_name = "lti 1.3 tool key"
        verbose_name_plural = "lti 1.3 tool keys"

    def __str__(self) -> str:
        return f"<LtiToolKey id={self.pk}, name={self.name}>"

    def clean(self) -> None:
        """Refuse a key that cannot sign."""
        if not self.private_key:
            return  # said already
        try:
            read_private_key(self.private_key)
        except ConfigurationError as error:
            raise ValidationError({"private_key": error.message}, code=error.code) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The public part always belongs to the private one. A row without a private key is kept as it is: programs of
        the `pylti1p3` package have such rows in their tests.

        Raises:
            ConfigurationError: `config.private_key_unreadable`, `config.private_key_weak`.
        """
        if self.private_key:
            self.public_jwk = json.dumps(dict(read_private_key(self.private_key).public))
            self.public_key = public_pem(self.private_key)
        super().save(*args, **kwargs)


class LtiTool(models.Model):
    """An agreement with a platform. Its key set and its deployments are JSON; without a key of its own it has those
    that are common.
    """

    title: "models.CharField[str, str]" = models.CharField(max_length=255)
    is_active: "models.BooleanField[bool, bool]" = models.BooleanField(default=True)
    issuer: "models.CharField[str, str]" = models.CharField(max_length=255)
    client_id: "models.CharField[str, str]" = models.CharField(max_length=255)
    use_by_default: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)
    auth_login_url: "models.CharField[str, str]" = models.CharField(max_length=1024)
    auth_token_url: "models.CharField[str, str]" = models.CharField(max_length=1024, blank=True)
    auth_audience: "models.CharField[str | None, str | None]" = models.CharField(max_length=1024, null=True, blank=True)
    key_set_url: "models.CharField[str | None, str | None]" = models.CharField(max_length=1024, null=True, blank=True)
    key_set: "models.TextField[str | None, str | None]" = models.TextField(null=True, blank=True)
    tool_key: "models.ForeignKey[LtiToolKey | None, LtiToolKey | None]" = models.ForeignKey(
        LtiToolKey, on_delete=models.PROTECT, related_name="lti_tools", null=True, blank=True
    )
    deployment_ids: "models.TextField[str, str]" = models.TextField()
    deployments: "models.CharField[str, str]" = models.CharField(max_length=6, default="closed", db_default="closed")

    class Meta:
        app_label = _APP
        db_table = "lti1p3_tool"
        verbose_name = "lti 1.3 tool"
        verbose_name_plural = "lti 1.3 tools"
        unique_together = (("issuer", "client_id"),)

    def __str__(self) -> str:
        return f"<LtiTool id={self.pk}, title={self.title}>"

    def clean(self) -> None:
        """Refuse what cannot work, and what would let one platform speak for another; next to the field that does."""
        if not (self.issuer and self.client_id and self.auth_login_url and self.deployment_ids):
            return  # said already
        try:
            self._refuse_what_is_only_read()
            refuse_conflicts_with(self.registration(), self.others())
        except ConfigurationError as error:
            message, field = placed(error)
            raise ValidationError({field: message} if field else message, code=error.code) from error

    def _refuse_what_is_only_read(self) -> None:
        """Rows that the old package saved are read with more patience than new ones are checked."""
        if self.key_set and not isinstance(self._read("key_set"), dict):
            raise self._unreadable("key_set", _KEY_SET)
        ids = self.read_deployment_ids()
        if ids != self._read("deployment_ids"):
            raise self._unreadable("deployment_ids", _IDS)
        if self.deployments != "any" and not ids:
            message = 'deployment_ids is empty: list the deployments that may launch, as ["1"], or choose any.'
            raise ConfigurationError("config.value_missing", message)

    def others(self) -> Iterable[Registration]:
        """All other registrations that are in use."""
        rows = (
            LtiTool.objects.using(self._state.db).filter(is_active=True).exclude(pk=self.pk).select_related("tool_key")
        )
        return (row.registration() for row in rows)

    def registration(self) -> Registration:
        """The agreement, as the core takes it.

        Raises:
            ConfigurationError: `config.registration_unreadable`, and as `Registration`.
        """
        return Registration(
            issuer=self.issuer,
            client_id=self.client_id,
            login_url=self.auth_login_url,
            token_url=self.auth_token_url or None,
            audience=self.auth_audience or None,
            key_set_url=self.key_set_url or None,
            key_set=self.read_key_set(),
            deployment_ids=self.read_deployment_ids(),
            deployments=cast(Deployments, self.deployments),  # checked there
            private_key=None if self.tool_key is None else self.tool_key.private_key,
            default=self.use_by_default,
        )

    def to_dict(self) -> dict[str, object]:
        """The platform's side of the agreement, as the `pylti1p3` package names its members."""
        return {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "auth_login_url": self.auth_login_url,
            "auth_token_url": self.auth_token_url,
            "auth_audience": self.auth_audience,
            "key_set_url": self.key_set_url,
            "key_set": self.read_key_set(),
            "deployment_ids": self.read_deployment_ids(),
        }

    def read_key_set(self) -> Mapping[str, object] | None:
        """The platform's keys that stand in the row; None when it names their address only.

        Raises:
            ConfigurationError: `config.registration_unreadable`.
        """
        if not self.key_set:
            return None
        document = self._read("key_set")
        keys = document.get("keys") if isinstance(document, dict) else None
        if self.key_set_url and (not document or keys == []):  # as the old package let it be saved
            return None
        if not isinstance(document, dict) or not isinstance(keys, list) or not keys:
            raise self._unreadable("key_set", _KEY_SET)
        return document

    def read_deployment_ids(self) -> list[str]:
        """The texts of the list: the old package let rows be saved in which numbers stand beside them, or nothing.

        Raises:
            ConfigurationError: `config.registration_unreadable`.
        """
        ids = self._read("deployment_ids") if self.deployment_ids else []
        texts = [one for one in ids if isinstance(one, str) and one] if isinstance(ids, list) else []
        if not isinstance(ids, list) or (ids and not texts):
            raise self._unreadable("deployment_ids", _IDS)
        return texts

    def _read(self, name: str) -> object:
        try:
            return read_json(getattr(self, name))
        except (ValueError, RecursionError):
            raise self._unreadable(name, "is not JSON") from None

    def _unreadable(self, name: str, why: str) -> ConfigurationError:
        where = f"Issuer {self.issuer!r}, client id {self.client_id!r}"
        return ConfigurationError("config.registration_unreadable", f"{where}: {name} {why}.")


class LtiExpiring(models.Model):
    """What is kept for a time: used nonces, remembered launches, deployments that were seen."""

    key: "models.CharField[str, str]" = models.CharField(max_length=_KEY, primary_key=True)
    value: "models.BinaryField[bytes, bytes]" = models.BinaryField()
    expires_at: "models.BigIntegerField[int, int]" = models.BigIntegerField(db_index=True)  # microseconds since 1970

    class Meta:
        app_label = _APP
        db_table = "lti1p3_expiring"


class LtiGrant(models.Model):
    """What a platform lets the tool do without a user present."""

    key: "models.CharField[str, str]" = models.CharField(max_length=_KEY, primary_key=True)
    document: "models.BinaryField[bytes, bytes]" = models.BinaryField()  # JSON

    class Meta:
        app_label = _APP
        db_table = "lti1p3_grant"


def refuse_conflicts_with(new: Registration, others: Iterable[Registration]) -> None:
    """Refuse a registration that excludes one of `others`. Whether these exclude one another does not matter here.

    Raises:
        ConfigurationError: as `refuse_conflicts`.
    """
    for other in others:
        refuse_conflicts((other, new))
