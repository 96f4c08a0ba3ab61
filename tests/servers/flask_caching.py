"""A store by Flask-Caching, with a time limit that its Redis client does not have by itself."""

from flask import Flask
from flask_caching import Cache
from redis.backoff import NoBackoff
from redis.retry import Retry

from lti_core.ports import Clock
from lti_storage.flask_caching import FlaskCachingStore, cache_of


def open_store(url: str, clock: Clock) -> FlaskCachingStore:
    """A store in the Redis database under `url`."""
    options = {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 0)}
    settings = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": url, "CACHE_OPTIONS": options}
    app = Flask("tool")
    Cache(app, config=settings)
    return FlaskCachingStore(cache_of(app.extensions), clock)
