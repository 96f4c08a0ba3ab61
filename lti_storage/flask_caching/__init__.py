"""Storage in a cache that a Flask application has by Flask-Caching: nonces and launches, for a time."""

from lti_storage.flask_caching.store import FlaskCachingStore, cache_of

__all__ = ["FlaskCachingStore", "cache_of"]
