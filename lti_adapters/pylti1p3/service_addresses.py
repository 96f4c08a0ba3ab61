"""What the claim of a service says: where it is, and what it lets this tool do."""

from typing import Any

from lti_adapters.pylti1p3.exception import LtiException, launch_exception
from lti_core.errors import ServiceFailed
from lti_core.services.addresses import is_address, is_same_origin


def address_in(service_data: Any, name: str) -> str:
    """An address of a service's claim.

    Raises:
        LtiException: there is none.
    """
    found = service_data.get(name)
    if not found:
        raise LtiException(f"{name} is not set in the service's claim")
    if not is_address(found):
        raise LtiException(f"{name} of the service's claim is no http(s) address")
    return str(found)


def address_beside(service_data: Any, url: Any) -> str:
    """`url`, which came from elsewhere: the program, a request, a list of the platform.

    Whoever an access token is sent to can use it, so it must have the origin of an address of the claim.

    Raises:
        LtiException: it has not, or is no address.
    """
    if not is_address(url):
        raise LtiException("The address is no http(s) address")
    if not any(is_same_origin(url, known) for known in service_data.values() if is_address(known)):
        message = "The service's claim has no address at this origin, which would be handed the access token"
        refusal = ServiceFailed("http.url_refused", message, expected="an address at the origin of one in the claim")
        raise launch_exception("The platform's service cannot be asked", refusal)
    return str(url)


def scopes_in(service_data: Any) -> list[str]:
    """What the platform lets this tool do at a service."""
    found = service_data.get("scope")
    several = isinstance(found, list | tuple | set | frozenset)  # a launch brings a list, a program perhaps another
    return [scope for scope in found if isinstance(scope, str)] if several else []
