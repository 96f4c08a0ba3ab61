"""Rules for the deployment."""

from lti_core.claims import DEPLOYMENT_ID
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule


def deployment_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch names its deployment."""
    found = claims.get(DEPLOYMENT_ID)
    return None if isinstance(found, str) and found else Mismatch("The launch names no deployment.", "a text")


def deployment_is_known(claims: Claims, expected: Expected) -> Mismatch | None:
    """The deployment is one that was agreed on."""
    found = claims.get(DEPLOYMENT_ID)
    if isinstance(found, str) and expected.registration.knows(found):
        return None
    return Mismatch("This tool does not know the deployment.", "a deployment of this registration", found)


def deployment_is_of_this_login(claims: Claims, expected: Expected) -> Mismatch | None:
    """The deployment is the one that the login named, where it named one."""
    found, named = claims.get(DEPLOYMENT_ID), expected.state.deployment_id
    if named is None or found == named:
        return None
    return Mismatch("The launch comes from another deployment than its login.", named, found)


DEPLOYMENT = (
    Rule("launch.deployment_missing", "LTI 1.3 §5.3.3", deployment_is_given),
    Rule("launch.deployment_unknown", "LTI 1.3 §5.3.3", deployment_is_known),
    Rule("launch.deployment_mismatch", "LTI 1.3 §4.1.2", deployment_is_of_this_login),
)
