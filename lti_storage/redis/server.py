"""Server: a process' connections to Redis. What goes wrong there is a StorageFailed, without content."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from redis import BlockingConnectionPool, Redis, RedisCluster
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as BrokenConnection
from redis.exceptions import OutOfMemoryError, RedisError, ResponseError
from redis.retry import Retry

from lti_core.errors import ConfigurationError, StorageFailed

WAIT = 2.0  # seconds, until a server that does not answer counts as down
CONNECTIONS = 16  # of one process; who waits for one of these waits in order
PREFIX = "lti:"  # of every key, so that an administrator knows them

Client = Redis | RedisCluster

_DATABASE = re.compile(r"/?[0-9]{0,9}")

logger = logging.getLogger(__name__)


class Server:
    """One Redis, its replicas or its cluster included. Threads share its connections; a fork makes its own.

    Args:
        place: `redis://`, `rediss://` (TLS) or `unix://`, in redis-py's form; or a client that is made already, as of a
            cluster or of Sentinel. Such a client brings its own time-outs, and must answer in bytes.

    Raises:
        ConfigurationError: `config.storage_url_invalid`, `config.storage_client_decodes`.
    """

    def __init__(self, place: str | Client) -> None:
        self._client = _client_of(place) if isinstance(place, str) else place
        if self._client.get_encoder().decode_responses:
            raise ConfigurationError(
                "config.storage_client_decodes",
                "The Redis client decodes what it reads, but what is kept are bytes: make it without decode_responses.",
            )
        self._may_be_used = False

    @contextmanager
    def client(self) -> Iterator[Any]:
        """The client, to be used in the block. It answers in bytes, which its type does not tell.

        Raises:
            StorageFailed: `storage.unavailable`, `storage.full`.
            ConfigurationError: `config.storage_evicts`, at the first use.
        """
        try:
            if not self._may_be_used:
                _refuse_eviction(_memory_of(self._client))
                self._may_be_used = True
            yield self._client
        except OutOfMemoryError as error:
            raise StorageFailed(
                "storage.full", "Redis has used up its memory (maxmemory): give it more.", found=type(error).__name__
            ) from error
        except (RedisError, OSError, UnicodeError) as error:
            raise StorageFailed(
                "storage.unavailable",
                "Redis does not answer as it should. Try again in a moment.",
                found=type(error).__name__,
            ) from error


def _client_of(url: str) -> Redis:
    """A connection that broke is made once more, and a time-out ends the matter: a launch does not wait twice."""
    try:
        if urlsplit(url).scheme != "unix" and not _DATABASE.fullmatch(urlsplit(url).path):
            raise ValueError("redis-py would take database 0")
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=WAIT,
            socket_timeout=WAIT,
            socket_connect_timeout=WAIT,
            retry=Retry(NoBackoff(), 1, (BrokenConnection,)),
            protocol=2,
        )
        pool.connection_class(**pool.connection_kwargs)  # connects to nothing, but knows its options
    except (ValueError, TypeError):
        raise ConfigurationError(
            "config.storage_url_invalid",
            "The storage URL must be redis://host:6379/0, rediss://host:6379/0 or unix:///path/to/redis.sock?db=0;"
            " write special characters of a password as %40.",
        ) from None  # the cause may show a part of the password
    return Redis(connection_pool=pool)


def _memory_of(client: Client) -> Iterable[Mapping[str, Any]]:
    """What each server that may be written to says of its memory; nothing when it must not be asked."""
    try:
        if isinstance(client, RedisCluster):
            nodes = client.get_primaries()  # type: ignore[no-untyped-call]
            return [client.info("memory", target_nodes=node) for node in nodes]
        return [client.info("memory")]
    except ResponseError:  # an access list, or a provider, forbids the command
        return [{}]


def _refuse_eviction(memories: Iterable[Mapping[str, Any]]) -> None:
    """A Redis that throws entries away when its memory is full would forget used nonces, and let replays in."""
    for memory in memories:
        policy = memory.get("maxmemory_policy")
        if policy is None:
            logger.warning(
                "Redis does not tell what it does when its memory is full: make sure that its maxmemory-policy is"
                " noeviction."
            )
        elif policy != "noeviction" and memory.get("maxmemory"):
            raise ConfigurationError(
                "config.storage_evicts",
                "This Redis forgets entries when its memory is full, so used launches could be sent again: set its"
                " maxmemory-policy to noeviction.",
                expected="noeviction",
                found=policy,
            )
