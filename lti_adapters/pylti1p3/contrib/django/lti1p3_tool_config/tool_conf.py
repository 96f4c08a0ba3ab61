"""DjangoDbToolConf: registrations in Django's database."""

import json
from typing import TYPE_CHECKING, Any

from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.exception import ConfigException
from lti_adapters.pylti1p3.key_texts import jwk_text
from lti_adapters.pylti1p3.registration import Registration, TKey
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract
from lti_core.errors import ConfigurationError

if TYPE_CHECKING:
    from lti_storage.django.models import LtiTool, LtiToolKey


class DjangoDbToolConf(ToolConfAbstract[Request]):
    """Active rows of `LtiTool`; each issuer may have many client ids."""

    def check_iss_has_one_client(self, iss: str) -> bool:
        """See `ToolConfAbstract`."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """See `ToolConfAbstract`."""
        return True

    def get_lti_tool(self, iss: str, client_id: str | None) -> "LtiTool":
        """The row. Without a client id: the default one, or the only one.

        Raises:
            ConfigException: there is none.
        """
        if client_id is None:
            rows = [row for row in _rows(issuer=iss) if row.issuer == iss]
            rows = [row for row in rows if row.use_by_default] or (rows if len(rows) == 1 else [])
        else:
            rows = _rows(issuer=iss, client_id=client_id)
        for row in rows:
            if row.issuer == iss and client_id in (None, row.client_id):
                return row
        raise ConfigException(f"iss {iss} [client_id={client_id}] not found in settings")

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        """See `ToolConfAbstract`."""
        return self.find_registration_by_params(iss, None, *args, **kwargs)

    def find_registration_by_params(self, iss: str, client_id: str | None, *args: Any, **kwargs: Any) -> Registration:
        """See `ToolConfAbstract`."""
        row = self.get_lti_tool(iss, client_id)
        try:
            key_set: Any = row.read_key_set()
        except ConfigurationError as error:
            raise ConfigException(str(error)) from error
        key = row.tool_key or _common_key()
        return (
            Registration()
            .set_issuer(row.issuer)
            .set_client_id(row.client_id)
            .set_auth_login_url(row.auth_login_url)
            .set_auth_token_url(row.auth_token_url)
            .set_auth_audience(row.auth_audience)
            .set_key_set(key_set)
            .set_key_set_url(row.key_set_url)
            .set_tool_private_key(None if key is None else key.private_key)
            .set_tool_public_key(None if key is None else key.public_key)
        )

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """See `ToolConfAbstract`."""
        return _deployment(self.get_lti_tool(iss, None), deployment_id)

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Deployment | None:
        """See `ToolConfAbstract`."""
        return _deployment(self.get_lti_tool(iss, client_id), deployment_id)

    def get_jwks(self, iss: str | None = None, client_id: str | None = None, **kwargs: Any) -> dict[str, list[TKey]]:
        """The tool's public keys: all, or those of active registrations."""
        from lti_storage.django.models import LtiToolKey  # not before Django has read its apps

        wanted = {name: value for name, value in (("issuer", iss), ("client_id", client_id)) if value}
        keys = [row.tool_key for row in _rows(**wanted)] if wanted else list(LtiToolKey.objects.all())
        texts = dict.fromkeys(_jwk_text(key) for key in keys if key is not None)
        return {"keys": [json.loads(text) for text in texts if text]}


def _rows(**where: str) -> "list[LtiTool]":
    from lti_storage.django.models import LtiTool  # as above

    if any("\0" in text for text in where.values()):  # PostgreSQL has no such texts, and refuses the question
        return []
    return list(LtiTool.objects.filter(is_active=True, **where).select_related("tool_key"))


def _jwk_text(key: "LtiToolKey") -> str | None:
    """The JWK of a row. Fixtures and `bulk_create` leave it out: it is written when a row is saved."""
    return key.public_jwk or (jwk_text(key.public_key) if key.public_key else None)


def _common_key() -> "LtiToolKey | None":
    """The newest of the keys for all platforms, for those that have none of their own."""
    from lti_storage.django.models import LtiToolKey  # as above

    return LtiToolKey.objects.filter(is_common=True).exclude(private_key="").order_by("-pk").first()


def _deployment(row: "LtiTool", deployment_id: str) -> Deployment | None:
    try:
        is_known = row.deployments == "any" or deployment_id in row.read_deployment_ids()
    except ConfigurationError as error:
        raise ConfigException(str(error)) from error
    return Deployment().set_deployment_id(deployment_id) if is_known else None
