"""Which of Django's caches may keep what a tool must not forget."""

from typing import Any

import pytest
from django.test import override_settings

from lti_adapters.container import container_of
from lti_core.errors import ConfigurationError, StorageFailed
from lti_storage.django.cache import DjangoCacheStore
from lti_storage.memory import MemoryNonces
from tests.django.test_checks import told
from tests.fakes import FixedClock

BACKENDS = "django.core.cache.backends."
CACHES = {
    "default": {"BACKEND": BACKENDS + "locmem.LocMemCache"},
    "forgetful": {"BACKEND": BACKENDS + "dummy.DummyCache"},
    "files": {"BACKEND": BACKENDS + "filebased.FileBasedCache", "LOCATION": "/nowhere"},
    "table": {"BACKEND": BACKENDS + "db.DatabaseCache", "LOCATION": "cache"},
    "nobody": {"BACKEND": BACKENDS + "redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"},
    "missing": {"BACKEND": "not.there.Cache"},
}


def config(alias: str) -> Any:
    return {"registrations": {"document": {}}, "storage": {"url": f"django-cache://{alias}"}}


@pytest.mark.parametrize(
    ("alias", "code"),
    [
        ("forgetful", "config.storage_forgets"),
        ("files", "config.cache_unsuitable"),
        ("table", "config.cache_unsuitable"),
        ("unheard-of", "config.storage_url_invalid"),
        ("missing", "config.storage_url_invalid"),
        ("a b", "config.storage_url_invalid"),
    ],
)
def test_a_cache_that_can_forget_or_is_not_there_is_refused(alias: str, code: str) -> None:
    with override_settings(CACHES=CACHES):
        with pytest.raises(ConfigurationError) as refusal:
            container_of(config(alias)).nonces()
        assert refusal.value.code == code
        assert told(config(alias)) == [f"lti.E.{code}"]


def test_a_cache_of_one_process_counts_as_memory() -> None:
    with override_settings(CACHES=CACHES):
        assert isinstance(container_of(config("")).nonces(), MemoryNonces)
        assert told(config("default"), deploy=True) == ["lti.W005"]


def test_a_cache_whose_server_is_down_says_so() -> None:
    with override_settings(CACHES=CACHES):
        store = DjangoCacheStore("django-cache://nobody", FixedClock())
        for use in (lambda: store.get("a"), lambda: store.add("a", "1", FixedClock().now()), lambda: store.delete("a")):
            with pytest.raises(StorageFailed) as refusal:
                use()
            assert refusal.value.code == "storage.unavailable"


def test_a_database_that_is_not_there_is_refused() -> None:
    values = {"registrations": {"document": {}}, "storage": {"url": "django://unheard-of"}}
    with pytest.raises(ConfigurationError) as refusal:
        container_of(values).store()
    assert refusal.value.code == "config.storage_url_invalid"
