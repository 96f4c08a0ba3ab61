"""Grants: what platforms let the tool do, kept for work without a user present, as a nightly job."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from lti_core.errors import ConfigurationError, LaunchRefused, StorageFailed
from lti_core.services.grant import ServiceGrant
from lti_core.services.sent import aware
from lti_core.strict_json import read_json, write_json
from lti_core.structuring import structure

MOST_DEPTH = 40  # a claim of a launch may be 32 deep


class Grants(Protocol):
    """Kept grants, one for each `ServiceGrant.key`. Shared by all threads and processes.

    They are kept as they are given, seal included: who keeps them neither signs nor checks it.

    One whose time is over stays until it is revoked, so that whoever lists them sees it; `ServiceClient` refuses it.

    Raises:
        StorageFailed: `storage.unavailable`, `storage.grant_unreadable`. Each method may.
    """

    def keep(self, grant: ServiceGrant) -> None:
        """Keep a grant, in the place of one with the same key.

        Raises:
            ConfigurationError: `config.grants_missing`, `config.grants_file_unusable`.
        """

    def find(self, key: str) -> ServiceGrant | None:
        """The grant of that key, if it is kept."""

    def all(self) -> tuple[ServiceGrant, ...]:
        """All grants, those of one platform and deployment together."""

    def revoke(self, key: str) -> bool:
        """Forget the grant of that key.

        Returns:
            Whether there was one.
        """


class NoGrants:
    """A tool that keeps none."""

    def keep(self, grant: ServiceGrant) -> None:
        """Refused: there is nowhere to keep it."""
        raise ConfigurationError(
            "config.grants_missing",
            "There is no place for grants: set tool.grants to a file, as tool.grants = /var/lib/tool/grants.json.",
        )

    def find(self, key: str) -> None:
        """None."""
        return

    def all(self) -> tuple[ServiceGrant, ...]:
        """None."""
        return ()

    def revoke(self, key: str) -> bool:
        """There was none."""
        return False


def in_order(grants: Iterable[ServiceGrant]) -> tuple[ServiceGrant, ...]:
    """Grants as `Grants.all` gives them."""
    return tuple(sorted(grants, key=_place))


def written(grant: ServiceGrant) -> str:
    """A grant as JSON, with the claims of the services as the platform sent them."""
    document = {name: getattr(grant, name) for name in _TEXTS}
    document |= {name: _members(getattr(grant, name), names) for name, names in _CLAIMS.items()}
    document["seal"] = grant.seal or None
    document["expires_at"] = grant.expires_at and grant.expires_at.astimezone(UTC).isoformat()
    return write_json({name: value for name, value in document.items() if value is not None})


def read_grant(text: str) -> ServiceGrant:
    """The grant that `written` made a text of.

    Raises:
        StorageFailed: `storage.grant_unreadable`; the text is something else.
    """
    try:
        document = read_json(text, MOST_DEPTH)
    except (ValueError, RecursionError):
        raise unreadable("it is not JSON") from None
    return grant_of(document)


def grant_of(document: object) -> ServiceGrant:
    """As `read_grant`, of JSON that was read.

    Raises:
        StorageFailed: `storage.grant_unreadable`.
    """
    if not isinstance(document, dict):
        raise unreadable("a grant must be an object")
    try:
        return structure(ServiceGrant, document, expires_at=_time(document.get("expires_at")))
    except LaunchRefused as error:
        raise unreadable(error.message) from None


def unreadable(problem: str) -> StorageFailed:
    """The refusal of what was kept, and is not as it was kept any more."""
    message = (
        f"The kept grants cannot be read: {problem.rstrip('.')}. Restore them from a copy, or remove what is damaged:"
        " launches bring grants again."
    )
    return StorageFailed("storage.grant_unreadable", message)


def _place(grant: ServiceGrant) -> tuple[str, ...]:
    return grant.issuer, grant.client_id, grant.deployment_id, grant.context_id or "", grant.key


def _members(value: Any, names: Mapping[str, str]) -> Mapping[str, object] | None:
    """A service's claim: what was sent, and over that what the value says now."""
    return None if value is None else {**value.claims, **dict(_said(value, names))}


def _said(value: Any, names: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for attribute, member in names.items():
        now = getattr(value, attribute)
        if now or member in value.claims:
            yield member, list(now) if isinstance(now, tuple) else now


def _time(text: object) -> datetime | None:
    """Strictly: a grant whose end cannot be read must not become one without an end."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)  # type: ignore[arg-type]  # a TypeError is expected, too
    except (TypeError, ValueError):
        raise unreadable("expires_at must be a time") from None
    if not aware(time):
        raise unreadable("expires_at must be a time with its zone")
    return time


_TEXTS = (
    "issuer", "client_id", "deployment_id", "context_id", "context_title", "resource_link_id", "resource_link_title",
    "platform",
)  # fmt: skip
_CLAIMS = {
    "endpoint": {"scopes": "scope", "line_items": "lineitems", "line_item": "lineitem"},
    "names_role_service": {
        "context_memberships_url": "context_memberships_url",
        "service_versions": "service_versions",
    },
    "groups_service": {
        "context_groups_url": "context_groups_url",
        "context_group_sets_url": "context_group_sets_url",
        "scopes": "scope",
        "service_versions": "service_versions",
    },
}
