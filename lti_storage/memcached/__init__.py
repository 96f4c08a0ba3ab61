"""Storage in memcached, by pymemcache: nonces and launches, for a time. Registrations cannot stand there."""

from lti_storage.memcached.store import MemcachedStore

__all__ = ["MemcachedStore"]
