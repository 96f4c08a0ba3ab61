"""AuthenticationResponse: what a browser posts at the end of a login (OIDC step 3), before anything in it is proved."""

from collections.abc import Mapping

from attrs import field, frozen

from lti_core.errors import LaunchRefused
from lti_core.making import maker_of
from lti_core.parameters import Pairs, single
from lti_core.state import SealedState, read_state
from lti_core.tokens import MAX_TOKEN

STORED = "lti_storage_value"  # our own field: what the platform's storage had for this browser
PROBLEM = "lti_storage_problem"  # our own field: why it had nothing
_SPEC = "1EdTech Security Framework 1.0 §5.1.1.3"
SENT = frozenset({"id_token", "state", "error", "error_description"})  # by platforms
_NAMES = SENT | {"lti_message_type", STORED, PROBLEM}


@frozen(kw_only=True, weakref_slot=False)
class AuthenticationResponse:
    """What a browser posts at the end of a login: a token, or a refusal; nothing in it is proved."""

    state: SealedState
    id_token: str | None = field(default=None, repr=False)
    error: str | None = None
    error_description: str = field(default="", repr=False)
    stored: str | None = field(default=None, repr=False)
    storage_problem: str = ""

    @staticmethod
    def read(pairs: Pairs) -> "AuthenticationResponse":
        """The authentication response in a posted form; unknown fields are ignored.

        Raises:
            LaunchRefused: `launch.id_token_missing`, `launch.state_missing`, `launch.state_invalid`,
                `launch.parameter_repeated`, `launch.parameter_malformed`, `launch.too_large`,
                `launch.lti11_not_supported`.
        """
        sent = _fields(pairs)
        if "lti_message_type" in sent and "id_token" not in sent:
            raise LaunchRefused("launch.lti11_not_supported", "This is a launch of LTI 1.1; this tool speaks LTI 1.3.")
        if "error" not in sent and not sent.get("id_token"):
            raise LaunchRefused("launch.id_token_missing", "The platform sent no token.", _SPEC, "id_token")
        return _response(
            state=read_state(sent.get("state", "")),
            id_token=sent.get("id_token"),
            error=sent.get("error"),
            error_description=sent.get("error_description", ""),
            stored=sent.get(STORED),
            storage_problem=sent.get(PROBLEM, ""),
        )


_response = maker_of(AuthenticationResponse)


def _fields(pairs: Pairs) -> Mapping[str, str]:
    try:
        return single(pairs, _NAMES, LaunchRefused, "launch", MAX_TOKEN)
    except LaunchRefused as refusal:
        if refusal.code != "launch.parameter_too_long":
            raise
        found = refusal.found
        raise LaunchRefused("launch.too_large", refusal.message, _SPEC, refusal.expected, found) from refusal
