"""DjangoCacheDataStorage: launches in one of Django's caches."""

from typing import Any

from django.core.cache import caches

from lti_adapters.pylti1p3.launch_data_storage.cache import CacheDataStorage


class DjangoCacheDataStorage(CacheDataStorage[Any]):
    """Over the cache of that name in Django's setting CACHES."""

    def __init__(self, cache_name: str = "default", **kwargs: Any) -> None:
        super().__init__(cache_name, **kwargs)
        self._cache = caches[cache_name]
