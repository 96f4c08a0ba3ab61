"""ToolConfDict: registrations in a dict, with the members that the old package's JSON files have."""

from collections.abc import Iterator
from typing import Any

from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.exception import ConfigException
from lti_adapters.pylti1p3.registration import Registration, TKey
from lti_adapters.pylti1p3.request import Request
from lti_adapters.pylti1p3.tool_config.abstract import ToolConfAbstract

TIssConf = dict[str, Any]
TJsonData = dict[str, list[TIssConf] | TIssConf]
_REQUIRED = ("auth_login_url", "auth_token_url", "client_id", "deployment_ids")


class ToolConfDict(ToolConfAbstract[Request]):
    """A dict for an issuer is one client id; a list of dicts are many, of which one may be the `default`.

    Raises:
        ConfigException: with the first mistake.
    """

    def __init__(self, json_data: TJsonData) -> None:
        super().__init__()
        if not isinstance(json_data, dict):
            raise ConfigException("Invalid tool conf format. Must be dict")
        self._private_key: dict[str | tuple[str, str], str] = {}
        self._public_key: dict[str | tuple[str, str], str] = {}
        for iss, found in json_data.items():
            if isinstance(found, list):
                self.set_iss_has_many_clients(iss)
            elif isinstance(found, dict):
                self.set_iss_has_one_client(iss)
            else:
                raise ConfigException("Invalid tool conf format. Allowed types of elements: list or dict")
            for entry in found if isinstance(found, list) else [found]:
                _check(iss, entry)
        self._config = json_data

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        """See `ToolConfAbstract`."""
        return self._get_registration(iss, self.get_iss_config(iss))

    def find_registration_by_params(self, iss: str, client_id: str | None, *args: Any, **kwargs: Any) -> Registration:
        """See `ToolConfAbstract`."""
        return self._get_registration(iss, self.get_iss_config(iss, client_id))

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """See `ToolConfAbstract`."""
        return self._get_deployment(self.get_iss_config(iss), deployment_id)

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Deployment | None:
        """See `ToolConfAbstract`."""
        return self._get_deployment(self.get_iss_config(iss, client_id), deployment_id)

    def set_public_key(self, iss: str, key_content: str, client_id: str | None = None) -> None:
        """The tool's public key towards a platform, as PEM text."""
        self._public_key[self._place(iss, client_id, "set public")] = key_content

    def get_public_key(self, iss: str, client_id: str | None = None) -> str | None:
        """The public key; None where none was set."""
        return self._public_key.get(self._place(iss, client_id, "get public"))

    def set_private_key(self, iss: str, key_content: str, client_id: str | None = None) -> None:
        """The tool's private key towards a platform, as PEM text."""
        self._private_key[self._place(iss, client_id, "set private")] = key_content

    def get_private_key(self, iss: str, client_id: str | None = None) -> str | None:
        """The private key; None where none was set."""
        return self._private_key.get(self._place(iss, client_id, "get private"))

    def get_iss_config(self, iss: str, client_id: str | None = None) -> TIssConf:
        """The entry of a registration. Without a client id: the default one, or the only one.

        Raises:
            ConfigException: there is none.
        """
        if not self._config:
            raise ConfigException("Config is not set")
        if iss not in self._config:
            raise ConfigException(f"iss {iss} not found in settings")
        found = self._config[iss]
        entries = found if isinstance(found, list) else [found]
        if client_id is not None and isinstance(found, list):
            fitting = [entry for entry in entries if entry["client_id"] == client_id]
        else:
            fitting = [entry for entry in entries if entry.get("default")] or (entries if len(entries) == 1 else [])
        if not fitting:
            raise ConfigException(f"iss {iss} [client_id={client_id}] not found in settings")
        return fitting[0]

    def get_jwks(self, iss: str | None = None, client_id: str | None = None, **kwargs: Any) -> dict[str, list[TKey]]:
        """The tool's public keys: all, or those of one registration.

        Raises:
            ConfigException: the issuer has many registrations, and no client id is given.
        """
        if not iss and not client_id:  # views hand over parameters that are empty
            jwks = (Registration.get_jwk(pem) for pem in dict.fromkeys(self._public_key.values()))
            return {"keys": list(jwks)}
        if iss and not client_id and self.check_iss_has_many_clients(iss):
            raise ConfigException("client_id is not specified")
        return super().get_jwks(iss, client_id, **kwargs)

    def _place(self, iss: str, client_id: str | None, what: str) -> str | tuple[str, str]:
        if not self.check_iss_has_many_clients(iss):
            return iss
        if not client_id:
            raise ConfigException(f"Can't {what} key: missing client_id")
        return iss, client_id

    def _get_registration(self, iss: str, iss_conf: TIssConf) -> Registration:
        found, client_id = Registration(), iss_conf["client_id"]
        found._issuer = iss
        found._client_id = client_id
        found._key_set = iss_conf.get("key_set")
        found._key_set_url = iss_conf.get("key_set_url")
        found._auth_token_url = iss_conf["auth_token_url"]
        found._auth_login_url = iss_conf["auth_login_url"]
        found._auth_audience = iss_conf.get("auth_audience")
        found._tool_private_key = self.get_private_key(iss, client_id)
        found._tool_public_key = self.get_public_key(iss, client_id)
        return found

    def _get_deployment(self, iss_conf: TIssConf, deployment_id: str) -> Deployment | None:
        """Override it to say otherwise which deployments are known."""
        return Deployment().set_deployment_id(deployment_id) if deployment_id in iss_conf["deployment_ids"] else None

    def _entries(self) -> Iterator[tuple[str, TIssConf]]:
        for iss, found in self._config.items():
            for entry in found if isinstance(found, list) else [found]:
                yield iss, entry


def _check(iss: str, entry: TIssConf) -> None:
    if not isinstance(entry, dict):
        raise ConfigException(f"Invalid configuration {iss} for the {_shown(entry)} issuer. Must be dict")
    for name in _REQUIRED:
        if name not in entry:
            raise ConfigException(f"Key '{name}' is missing in the {_shown(entry)} config for the {iss} issuer")
    if not isinstance(entry["deployment_ids"], list):
        raise ConfigException(
            f"Invalid deployment_ids value in the {_shown(entry)} config for the {iss} issuer. Must be a list"
        )


def _shown(entry: object) -> str:
    """Which entry is meant, without what stands in it."""
    if not isinstance(entry, dict):
        return type(entry).__name__
    return f"client_id={entry['client_id']}" if "client_id" in entry else "empty" if not entry else "nameless"
