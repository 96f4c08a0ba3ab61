"""CacheDataStorage: launches in a cache."""

import logging
from typing import Any, TypeVar

from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage

T = TypeVar("T")

log = logging.getLogger("lti")


class CacheDataStorage(LaunchDataStorage[T]):
    """Over `_cache`, which a subclass sets: it has `get(key)`, `set(key, value, seconds)`, and perhaps `add`."""

    _cache: Any = None

    def get_session_cookie_name(self) -> str | None:
        """Browsers give the cookie back in a platform's frame only over https; without it all share one room."""
        if self._request is not None and self._request.is_secure():
            return self._session_cookie_name
        log.warning("Over http any browser that knows a launch id reads that launch: use https.")
        return None

    def can_set_keys_expiration(self) -> bool:
        """Caches can."""
        return True

    def get_value(self, key: str) -> Any:
        """See `LaunchDataStorage`."""
        return self._cache.get(self._prepare_key(key))

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """See `LaunchDataStorage`."""
        self._cache.set(self._prepare_key(key), value, exp)

    def check_value(self, key: str) -> bool:
        """See `LaunchDataStorage`."""
        return self._cache.get(self._prepare_key(key)) is not None

    def add_value(self, key: str, value: Any, exp: int | None = None) -> bool:
        """See `LaunchDataStorage`: at once, where the cache has `add`."""
        add = getattr(self._cache, "add", None)
        if add is None:
            return super().add_value(key, value, exp)
        return bool(add(self._prepare_key(key), value, exp))
