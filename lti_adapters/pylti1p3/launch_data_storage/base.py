"""LaunchDataStorage: inherit it to keep launches elsewhere."""

from abc import abstractmethod
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from lti_adapters.pylti1p3.request import Request

T = TypeVar("T")


class LaunchDataStorage(Generic[T]):
    """Values by keys. Where there is a session id, each browser has keys of its own.

    Attributes:
        _session_cookie_name: of the cookie that keeps the session id; None for none.
        _prefix: what all keys begin with.
    """

    _request: Request | None = None
    _session_id: str | None = None
    _session_cookie_name: str | None = "session-id"
    _prefix = "lti1p3-"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is needed here."""

    def set_request(self, request: Request) -> None:
        """The request that is answered."""
        self._request = request

    def get_session_cookie_name(self) -> str | None:
        """The name of the cookie that keeps the session id; None for none."""
        return self._session_cookie_name

    def get_session_id(self) -> str | None:
        """The browser's session id, where one was set."""
        return self._session_id

    def set_session_id(self, session_id: str) -> None:
        """Set it."""
        self._session_id = session_id

    def remove_session_id(self) -> None:
        """Go on without."""
        self._session_id = None

    def _prepare_key(self, key: str) -> str:
        """The key as it is stored."""
        session = f"{self._session_id}-" if self._session_id else ""
        return f"{self._prefix}{session}{key.removeprefix(self._prefix)}"

    @abstractmethod
    def can_set_keys_expiration(self) -> bool:
        """Whether `set_value` minds its `exp`."""
        raise NotImplementedError

    @abstractmethod
    def get_value(self, key: str) -> T | None:
        """What is kept; None when nothing is."""
        raise NotImplementedError

    @abstractmethod
    def set_value(self, key: str, value: T, exp: int | None = None) -> None:
        """Keep a value, for `exp` seconds where that can be set."""
        raise NotImplementedError

    @abstractmethod
    def check_value(self, key: str) -> bool:
        """Whether something is kept."""
        raise NotImplementedError

    def add_value(self, key: str, value: T, exp: int | None = None) -> bool:
        """Keep a value; whether nothing was kept before.

        Override it where the store can do both at once: only then a launch works once over all processes for sure.
        """
        was_kept = self.check_value(key)
        self.set_value(key, value, exp=exp)  # in any case: programs have a `check_value` that uses up what it finds
        return not was_kept


class DisableSessionId:
    """While it is open the storage uses keys that all browsers share."""

    def __init__(self, launch_data_storage: LaunchDataStorage[Any] | None) -> None:
        self._storage = launch_data_storage
        self._session_id: str | None = None

    def __enter__(self) -> Self:
        if self._storage is not None:
            self._session_id = self._storage.get_session_id()
            self._storage.remove_session_id()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._storage is not None and self._session_id:
            self._storage.set_session_id(self._session_id)
