"""ToolConfAbstract: how registrations and deployments are found. Inherit it to keep them elsewhere."""

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.registration import Registration, TKey
from lti_adapters.pylti1p3.request import Request

REQ = TypeVar("REQ", bound=Request)


class IssuerToClientRelation:
    """Whether a platform knows this tool by one client id or by many."""

    ONE_CLIENT_ID_PER_ISSUER = "one-issuer-one-client-id"
    MANY_CLIENTS_IDS_PER_ISSUER = "one-issuer-many-client-ids"


class ToolConfAbstract(Generic[REQ]):
    """The finders are called with the keywords `action` (of `Action`), `request`, and in a launch `jwt_body`."""

    issuers_relation_types: Mapping[str, str] = MappingProxyType({})  # of a subclass that does not call `__init__`

    def __init__(self) -> None:
        self.issuers_relation_types = {}

    def check_iss_has_one_client(self, iss: str) -> bool:
        """Whether the issuer has one client id; so it is where nothing was said."""
        return not self.check_iss_has_many_clients(iss)

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """Whether the issuer has many."""
        return self.issuers_relation_types.get(iss) == IssuerToClientRelation.MANY_CLIENTS_IDS_PER_ISSUER

    def set_iss_has_one_client(self, iss: str) -> None:
        """Say so."""
        self._relate(iss, IssuerToClientRelation.ONE_CLIENT_ID_PER_ISSUER)

    def set_iss_has_many_clients(self, iss: str) -> None:
        """Say so."""
        self._relate(iss, IssuerToClientRelation.MANY_CLIENTS_IDS_PER_ISSUER)

    def _relate(self, iss: str, relation: str) -> None:
        vars(self).setdefault("issuers_relation_types", {})[iss] = relation

    def find_registration(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        """The registration of an issuer with one client id."""
        return self.find_registration_by_issuer(iss, *args, **kwargs)

    @abstractmethod
    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        """The registration of an issuer with one client id."""
        raise NotImplementedError

    @abstractmethod
    def find_registration_by_params(self, iss: str, client_id: str | None, *args: Any, **kwargs: Any) -> Registration:
        """The registration of an issuer with many; `client_id` is None when a login came without one."""
        raise NotImplementedError

    @abstractmethod
    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """A deployment of an issuer with one client id; None when there is none."""
        raise NotImplementedError

    @abstractmethod
    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Deployment | None:
        """A deployment of an issuer with many."""
        raise NotImplementedError

    def get_jwks(self, iss: str | None = None, client_id: str | None = None, **kwargs: Any) -> dict[str, list[TKey]]:
        """The tool's public keys, for platforms to fetch: of one registration."""
        if not iss:
            return {"keys": []}
        return {"keys": found_registration(self, iss, client_id, **kwargs).get_jwks()}


def found_registration(
    tool_config: ToolConfAbstract[Any], iss: str, client_id: str | None, **kwargs: Any
) -> Registration:
    """The registration, by the finder that is meant for the issuer."""
    if tool_config.check_iss_has_one_client(iss):
        return tool_config.find_registration(iss, **kwargs)
    return tool_config.find_registration_by_params(iss, client_id, **kwargs)
