"""Storage in the memory of one process: for tests, demos and tools that run as a single process."""

from lti_storage.memory.nonces import MemoryNonces
from lti_storage.memory.store import MemoryStore

__all__ = ["MemoryNonces", "MemoryStore"]
