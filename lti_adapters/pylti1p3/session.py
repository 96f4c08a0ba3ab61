"""SessionService: what is kept for a browser between login, launch and later requests."""

from typing import Any

from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.launch_data_storage.base import DisableSessionId, LaunchDataStorage
from lti_adapters.pylti1p3.launch_data_storage.session import MOST, SessionDataStorage
from lti_adapters.pylti1p3.request import Request

LIFETIME = 86400  # seconds
_KEPT = True  # all that there is to keep of a nonce
_PARAMS = "params"  # what is kept of a login must not look like the claims of a launch: the id of one is the visitor's


class SessionService:
    """Over the framework's session, until it is given another storage."""

    data_storage: LaunchDataStorage[Any]
    _session_prefix = "lti1p3"  # for the keys of subclasses that make their own

    def __init__(self, request: Request) -> None:
        self.data_storage = SessionDataStorage()
        self.data_storage.most = self._most_kept(request)
        self.data_storage.set_request(request)
        self._launch_data_lifetime = LIFETIME

    def _most_kept(self, request: Request) -> int:
        """How many values of each kind the session has room for."""
        return MOST

    def get_launch_data(self, key: str) -> dict[str, Any] | None:
        """The claims of a launch; None when it is not kept (any more)."""
        found: dict[str, Any] | None = self.data_storage.get_value(key)
        return found

    def save_launch_data(self, key: str, jwt_body: dict[str, Any]) -> None:
        """Keep the claims of a launch."""
        self.data_storage.set_value(key, jwt_body, exp=self._launch_data_lifetime)

    def save_nonce(self, nonce: str) -> None:
        """Keep a nonce. The login state carries the nonce of a login: this is for programs that keep their own."""
        self.data_storage.set_value(f"nonce-{nonce}", _KEPT, self._launch_data_lifetime)

    def check_nonce(self, nonce: str) -> bool:
        """Whether a nonce is kept."""
        return self.data_storage.check_value(f"nonce-{nonce}")

    def use_nonce(self, key: str, seconds: int) -> bool:
        """Use a launch up, for all browsers: whether it was not used before."""
        with DisableSessionId(self.data_storage):
            return self.data_storage.add_value(f"nonce-{key}", _KEPT, seconds)

    def save_state_params(self, state: str, params: dict[str, Any]) -> None:
        """Keep the parameters of a login."""
        self.data_storage.set_value(state, {_PARAMS: params}, exp=self._launch_data_lifetime)

    def get_state_params(self, state: str) -> dict[str, Any] | None:
        """The parameters of a login; None when there were none."""
        found = self.data_storage.get_value(state)
        params: dict[str, Any] | None = found.get(_PARAMS) if isinstance(found, dict) else None
        return params

    def set_state_valid(self, state: str, id_token_hash: str) -> None:
        """Keep which token came with a state."""
        self.data_storage.set_value(f"{state}-id-token-hash", id_token_hash, exp=self._launch_data_lifetime)

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:
        """Whether that token came with that state."""
        return bool(self.data_storage.get_value(f"{state}-id-token-hash") == id_token_hash)

    def set_data_storage(self, data_storage: LaunchDataStorage[Any]) -> None:
        """Keep everything elsewhere."""
        self.data_storage = data_storage

    def set_launch_data_lifetime(self, time_sec: int) -> None:
        """How long everything is kept.

        Raises:
            LtiException: the storage cannot forget anything by itself.
        """
        if not self.data_storage.can_set_keys_expiration():
            name = type(self.data_storage).__name__
            raise LtiException(f"{name} launch storage doesn't support manual change expiration of the keys")
        self._launch_data_lifetime = time_sec


def was_unused(service: Any, key: str, seconds: int) -> bool:
    """Use a launch up where `service` keeps things: whether it was not used before.

    A service of the program's own, which has none of our storages, keeps a mark as it keeps launches: each can do that.
    So does one that is given a storage and inherits nothing. The mark does not look like the claims of a launch, so
    that its key opens nothing. It is looked up and then written.
    """
    if getattr(service, "data_storage", None) is not None and hasattr(service, "use_nonce"):
        return bool(service.use_nonce(key, seconds))
    if service.get_launch_data(f"nonce-{key}"):
        return False
    service.save_launch_data(f"nonce-{key}", {"used": _KEPT})
    return True
