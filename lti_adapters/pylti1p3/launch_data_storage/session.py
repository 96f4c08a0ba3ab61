"""SessionDataStorage: launches in the framework's session."""

from typing import Any, TypeVar

from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage

T = TypeVar("T")
MOST = 10  # of each kind: single values of a session have no lifetime, and it would grow with every launch
MOST_IN_COOKIE = 2  # where the session travels in a cookie: browsers take about 4,000 characters


class SessionDataStorage(LaunchDataStorage[T]):
    """The session is the browser's own, so that keys need no session id. Of each kind the newest values stay.

    Attributes:
        most: how many of each kind; few, where the session travels in a cookie.
    """

    _session_cookie_name = None
    most = MOST

    def can_set_keys_expiration(self) -> bool:
        """Sessions cannot."""
        return False

    def get_value(self, key: str) -> Any:
        """See `LaunchDataStorage`."""
        return self._session.get(self._prepare_key(key))

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """See `LaunchDataStorage`."""
        session, name = self._session, self._prepare_key(key)
        kept = [one for one in session.get(f"{self._prefix}order") or [] if one != name] + [name]
        kind = "-".join(name.split("-")[:2])
        for oldest in [one for one in kept if one.startswith(kind)][: -self.most]:
            session.pop(oldest, None)
            kept.remove(oldest)
        session[name] = value
        session[f"{self._prefix}order"] = kept  # some sessions are sorted when they are stored

    def check_value(self, key: str) -> bool:
        """See `LaunchDataStorage`."""
        return self._session.get(self._prepare_key(key)) is not None

    @property
    def _session(self) -> Any:
        assert self._request is not None, "set_request comes first"
        return self._request.session
