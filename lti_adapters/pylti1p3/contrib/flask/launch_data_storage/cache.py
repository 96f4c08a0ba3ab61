"""FlaskCacheDataStorage: launches in a cache of Flask-Caching."""

from typing import Any

from lti_adapters.pylti1p3.launch_data_storage.cache import CacheDataStorage


class FlaskCacheDataStorage(CacheDataStorage[Any]):
    """Over a `Cache` of Flask-Caching, or whatever has its `get` and `set`."""

    def __init__(self, cache: Any, **kwargs: Any) -> None:
        super().__init__(cache, **kwargs)
        self._cache = cache
