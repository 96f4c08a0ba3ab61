"""A platform's keys as the steps of a launch hand them out, and why one was not found."""

from typing import Any

from lti_adapters.pylti1p3.exception import LtiException, launch_exception
from lti_adapters.pylti1p3.key_texts import pem_of_jwk
from lti_adapters.pylti1p3.launch_words import refusal_of
from lti_adapters.pylti1p3.registration import Registration, TKeySet
from lti_core.errors import LaunchRefused, ServiceFailed
from lti_core.ports import Http, HttpRequest
from lti_core.strict_json import read_json

SECONDS = 5.0


def fetched_key_set(url: str, http: Http) -> TKeySet:
    """The key set at `url`.

    Raises:
        LtiException: it cannot be had, or is none.
    """
    try:
        response = http.send(HttpRequest(method="GET", url=url, total=SECONDS, trusted_url=url))
    except ServiceFailed as error:
        what = f"Invalid URL: {url}" if error.code == "http.url_refused" else f"Error during fetch URL {url}"
        raise launch_exception(what, error) from error
    try:
        found = read_json(response.body.decode())
    except (ValueError, RecursionError) as error:
        raise LtiException(f"Invalid response from {url}. Must be JSON") from error
    if response.status != 200 or not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise LtiException(f"Invalid response from {url}. Must be JSON: a key set")
    return found


def pem_for(header: dict[str, Any], registration: Registration, http: Http) -> tuple[str, str]:
    """The key that a token's header names, as PEM text, and its algorithm.

    Raises:
        LtiException: the platform has no such key, or it cannot be had.
    """
    if not header.get("kid"):
        raise LtiException("JWT KID not found")
    if not header.get("alg"):
        raise LtiException("JWT ALG not found")
    key_set = registration.get_key_set() or fetched_key_set(registration.get_key_set_url() or "", http)
    for jwk in key_set["keys"]:
        if isinstance(jwk, dict) and (jwk.get("kid"), jwk.get("alg", "RS256")) == (header["kid"], header["alg"]):
            try:
                return pem_of_jwk(jwk), header["alg"]
            except (ValueError, KeyError, TypeError) as error:
                raise LtiException("Can't convert JWT key to PEM format") from error
    raise LtiException("Unable to find public key")


def key_refusal(refusal: LaunchRefused, registration: Registration, header: dict[str, Any]) -> LtiException:
    """What is raised where the core refuses a signature."""
    url = registration.get_key_set_url()
    if refusal.code == "launch.key_set_unavailable":
        return launch_exception(f"Error during fetch URL {url}", refusal)
    if refusal.code == "launch.key_set_malformed":
        return launch_exception(f"Invalid response from {url}. Must be JSON", refusal)
    if refusal.code == "launch.algorithm_not_allowed" and not header.get("alg"):
        return launch_exception("JWT ALG not found", refusal)
    return refusal_of(refusal)
