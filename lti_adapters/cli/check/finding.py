"""Findings: mistakes in a configuration, and the values that rules look at."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from lti_adapters.cli.check.located import Place
from lti_core.keys import SigningKey, read_private_key

Findings = Iterator["Finding"]


@frozen
class Finding:
    """One mistake.

    Attributes:
        name: of the kind of mistake; it stays the same, for whoever searches for it.
        at: the place of the member that is wrong.
        what: a sentence about what is wrong. It never holds a private key.
        remedy: what to do about it; may be empty where `what` says it.
        is_error: else a warning.
    """

    name: str
    at: Place
    what: str
    remedy: str = ""
    is_error: bool = True


@frozen
class Around:
    """What else is configured about the tool.

    Attributes:
        folder: where the document's key files are.
        common_keys: the keys of the setting `tool.keys`, by modulus as JWKs have it.
        may_have_keys: there may be more of them, in a database that is not asked.
        has_secret: the setting `state.secrets` is there, so that launches need no key of the tool.
        url: the setting `tool.url`.
    """

    folder: Path
    common_keys: frozenset[str] = frozenset()
    may_have_keys: bool = False
    has_secret: bool = False
    url: str | None = None
    _keys: dict[str, SigningKey] = field(factory=dict, repr=False)

    def loaded(self, pem: str) -> SigningKey:
        """A private key; one that many registrations have is read once, since that takes milliseconds.

        Raises:
            ConfigurationError: as `read_private_key`.
        """
        if pem not in self._keys:
            self._keys[pem] = read_private_key(pem)
        return self._keys[pem]


@frozen
class Entry:
    """One registration of a document. What is null counts as left out."""

    issuer: str
    values: Mapping[str, object] = field(repr=False)
    at: Place
    around: Around

    def text(self, name: str) -> str | None:
        """A member that is a text and not empty."""
        value = self.values.get(name)
        return value if isinstance(value, str) and value else None

    def error(self, kind: str, member: str, what: str, remedy: str = "") -> Finding:
        """A mistake in a member."""
        return Finding(kind, (*self.at, member), what, remedy)

    def warning(self, kind: str, member: str, what: str, remedy: str = "") -> Finding:
        """What may be meant as it is, but seldom is."""
        return Finding(kind, (*self.at, member), what, remedy, is_error=False)
