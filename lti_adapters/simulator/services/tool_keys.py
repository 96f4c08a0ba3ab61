"""The tool's public keys, as the platform knows them: given, or fetched from the tool."""

from collections.abc import Callable, Mapping
from threading import Lock

from attrs import define, field

from lti_core.errors import LtiError
from lti_core.tokens import Jws, KeySet, VerificationKey, read_key_set

KeySetSource = Mapping[str, object] | Callable[[], Mapping[str, object] | bytes]


@define(eq=False)
class ToolKeys:
    """Asks for the key set at first use, and again whenever a key is not in it.

    `source` is a key set (RFC 7517 §5), or fetches one; what it raises counts as no key set.
    """

    source: KeySetSource = field(repr=False)
    _known: KeySet | None = field(default=None, init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    def find(self, kid: str) -> tuple[VerificationKey, ...]:
        """The tool's keys of that name; none when there are none."""
        with self._lock:
            if self._known is None or not self._known.find(kid):
                self._known = self._fetched()
            return self._known.find(kid)

    def _fetched(self) -> KeySet:
        try:
            return read_key_set(self.source() if callable(self.source) else self.source)
        except (LtiError, OSError, ValueError):
            return KeySet({})


def signed_by(keys: tuple[VerificationKey, ...], token: Jws) -> bool:
    """Whether one of `keys` made the signature."""
    return any(key.fits(token.header.get("alg")) and key.verifies(token) for key in keys)
