"""Storage in Redis, or a server that speaks as it does (Valkey), by redis-py."""

from lti_storage.redis.grants import RedisGrants
from lti_storage.redis.registrations import RedisRegistrations
from lti_storage.redis.store import RedisStore
from lti_storage.redis.tool_keys import RedisToolKeys

__all__ = ["RedisGrants", "RedisRegistrations", "RedisStore", "RedisToolKeys"]
