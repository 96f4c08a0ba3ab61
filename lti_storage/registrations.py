"""Registrations: the platforms that this tool has agreements with, and which agreements exclude one another."""

from collections.abc import Iterable
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

from attrs import field, frozen

from lti_core.errors import ConfigurationError
from lti_core.registration import Registration

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


class Registrations(Protocol):
    """Agreements with platforms, to be found and to be listed."""

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """The one registration of that issuer and client id, both compared letter for letter.

        Raises:
            StorageFailed: the store did not answer.
        """

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """All registrations of one platform."""

    def all(self) -> tuple[Registration, ...]:
        """All of them."""


def _by_names(registrations: Iterable[Registration]) -> dict[tuple[str, str], Registration]:
    return {(registration.issuer, registration.client_id): registration for registration in registrations}


def _by_issuer(registrations: Iterable[Registration]) -> dict[str, tuple[Registration, ...]]:
    groups: dict[str, list[Registration]] = {}
    for registration in registrations:
        groups.setdefault(registration.issuer, []).append(registration)
    return {issuer: tuple(group) for issuer, group in groups.items()}


@frozen(eq=False)
class FixedRegistrations:
    """Registrations that stand when the tool starts: of a file, or of a program.

    Raises:
        ConfigurationError: as `refuse_conflicts`.
    """

    answers_at_once: ClassVar[bool] = True
    _registrations: tuple[Registration, ...]
    _names: dict[tuple[str, str], Registration] = field(init=False, repr=False)
    _issuers: dict[str, tuple[Registration, ...]] = field(init=False, repr=False)

    @_names.default
    def _index_names(self) -> dict[tuple[str, str], Registration]:
        refuse_conflicts(self._registrations)
        return _by_names(self._registrations)

    @_issuers.default
    def _index_issuers(self) -> dict[str, tuple[Registration, ...]]:
        return _by_issuer(self._registrations)

    def find(self, issuer: str, client_id: str) -> Registration | None:
        """See `Registrations`."""
        return self._names.get((issuer, client_id))

    def of_issuer(self, issuer: str) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return self._issuers.get(issuer, ())

    def all(self) -> tuple[Registration, ...]:
        """See `Registrations`."""
        return self._registrations


def refuse_conflicts(registrations: Iterable[Registration]) -> None:
    """Refuse registrations of which one platform could speak for another.

    Raises:
        ConfigurationError: `config.registration_twice`, `config.key_set_foreign`, `config.audience_shared`.
    """
    names: set[tuple[str, str]] = set()
    key_sets: dict[str, Registration] = {}
    audiences: dict[tuple[str, str], Registration] = {}
    for registration in registrations:
        _refuse_twice(registration, names)
        _refuse_foreign_key_set(registration, key_sets.setdefault(registration.issuer, registration))
        if registration.token_url is not None:
            audience = registration.audience or registration.token_url
            earlier = audiences.setdefault((registration.client_id, audience), registration)
            _refuse_shared_audience(registration, earlier)


def _refuse_twice(registration: Registration, names: set[tuple[str, str]]) -> None:
    name = (registration.issuer, registration.client_id)
    if name in names:
        raise ConfigurationError(
            "config.registration_twice",
            f"{_named(registration)} is there twice: remove one of the two.",
        )
    names.add(name)


def _refuse_foreign_key_set(registration: Registration, earlier: Registration) -> None:
    """Whoever holds the keys of one registration could otherwise speak for the whole platform."""
    here, there = _place_of_keys(registration), _place_of_keys(earlier)
    if here != there or registration.key_set != earlier.key_set:
        raise ConfigurationError(
            "config.key_set_foreign",
            f"{_named(registration)} has its keys from another place than client id {earlier.client_id!r} of the same"
            " issuer: an issuer has one place for its keys, so correct key_set_url or key_set.",
            expected=there,
            found=here,
        )


def _refuse_shared_audience(registration: Registration, earlier: Registration) -> None:
    """An assertion that was made for one of the two token endpoints would be good at the other."""
    if registration.token_url != earlier.token_url:
        raise ConfigurationError(
            "config.audience_shared",
            f"{_named(registration)} has client id and audience in common with the one of issuer {earlier.issuer!r},"
            " but another token URL: give each platform an audience of its own.",
            expected=earlier.token_url,
            found=registration.token_url,
        )


def _place_of_keys(registration: Registration) -> str:
    """Keys that stand in the registration itself win over an address."""
    return _origin(registration.key_set_url) if registration.key_set is None else "key_set"


def _named(registration: Registration) -> str:
    return f"The registration of issuer {registration.issuer!r} with client id {registration.client_id!r}"


def _origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"
