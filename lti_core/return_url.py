"""The way back to the course, with a word for the person and one for the platform's log."""

from lti_core.errors import LaunchRefused
from lti_core.launch import is_web_address
from lti_core.messages import LaunchMessage
from lti_core.services.addresses import with_parameters

_SPEC = "LTI 1.3 §5.4.4"


def return_url(
    launch: LaunchMessage, *, message: str | None = None, log: str | None = None, failed: bool = False
) -> str:
    """Where a person goes when they are done here: the launch's `return_url`, as it was sent, and what is to be told.

    Args:
        message: for the person: plain text, which the platform shows.
        log: for the platform's log: plain text.
        failed: the two are about an error.

    Raises:
        LaunchRefused: `launch.no_return_url` when the launch has none, or one that is no http(s) address.

    Source: LTI 1.3 §5.4.4.
    """
    presentation = launch.launch_presentation
    url = None if presentation is None else presentation.return_url
    if url is None or not is_web_address(url):
        raise LaunchRefused("launch.no_return_url", "The launch does not say where it came from.", _SPEC, "an address")
    address, hash_sign, fragment = url.partition("#")
    told = {"lti_errormsg": message, "lti_errorlog": log} if failed else {"lti_msg": message, "lti_log": log}
    return f"{with_parameters(address, **told)}{hash_sign}{fragment}"
