"""Launches: verified launches, remembered so that later requests can go on with them."""

import hmac
import json
import logging
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from attrs import field, frozen

from lti_core.errors import LtiError, StorageFailed
from lti_core.ports import Clock
from lti_core.strict_json import read_json
from lti_core.tokens import mac_of
from lti_storage.at_once import never_waits
from lti_storage.expiring import ExpiringStore

SecretsOf = Callable[[str, str], tuple[bytes, ...]]

_KIND = "lti-launch"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_ID_BYTES = 32

logger = logging.getLogger(__name__)


@frozen(kw_only=True, weakref_slot=False)
class RememberedLaunch:
    """What is kept of a launch: enough to make its message again.

    Attributes:
        payload: the verified claims as the platform signed them: the second part of its token, base64url of JSON.
        target_link_uri: where the login said that the launch leads.
        browser: the hash of the secret of the browser that launched; None when it could not be bound.
        opened_at: aware; kept in whole seconds.
    """

    issuer: str
    client_id: str
    payload: str = field(repr=False)
    target_link_uri: str
    browser: str | None = field(repr=False)
    opened_at: datetime

    def claims(self) -> dict[str, object]:
        """The verified claims, read anew each time."""
        claims: dict[str, object] = json.loads(_decoded(self.payload.encode()))
        return claims


@frozen
class Launches:
    """Remembered launches. They are signed: whoever can write to the store can delete one, but not make, alter,
    prolong or exchange one.

    What is stored are three parts, as in the platform's token: what this tool knows of the launch, the payload of the
    token as it came, and the signature of this tool over both. So every token that is short enough to be accepted can
    be remembered, whatever is in it.

    `lifetime` counts from `opened_at`.
    """

    _store: ExpiringStore
    _clock: Clock
    _lifetime: timedelta

    @property
    def answers_at_once(self) -> bool:
        """See `lti_storage.at_once`."""
        return never_waits(self._store)

    def remember(self, launch: RememberedLaunch, secrets: Sequence[bytes]) -> str:
        """Keep a launch, signed with the first of the registration's `secrets`.

        Returns:
            The launch's id: 256 random bits as 43 characters of base64url.

        Raises:
            StorageFailed: the store did not answer.
        """
        launch_id, opened_at = token_urlsafe(_ID_BYTES), int(launch.opened_at.timestamp())
        about = {
            "kind": _KIND,
            "id": launch_id,
            "issuer": launch.issuer,
            "client_id": launch.client_id,
            "target_link_uri": launch.target_link_uri,
            "browser": launch.browser,
            "opened_at": opened_at,
        }
        signed = b".".join((urlsafe_b64encode(json.dumps(about).encode()), launch.payload.encode()))
        text = b".".join((signed, _signature(signed, secrets[0]))).decode()
        self._store.set(_key(launch_id), text, datetime.fromtimestamp(opened_at, UTC) + self._lifetime)
        return launch_id

    def recall(self, launch_id: str, secrets_of: SecretsOf) -> RememberedLaunch | None:
        """The launch of that id; None when there is none, its time is over, or it is not as it was remembered.

        Args:
            launch_id: as a request brought it; any text.
            secrets_of: the secrets of a registration by issuer and client id, newest first. It is asked for what an
                entry claims to be; it may answer () or raise an LtiError when there is no such registration.

        Raises:
            StorageFailed: the store did not answer.
        """
        if not _ID.fullmatch(launch_id):
            return None
        text = self._store.get(_key(launch_id))
        if text is None:
            return None
        try:
            launch = _opened(text, launch_id, secrets_of)
        except StorageFailed:
            raise
        except LtiError as error:
            logger.warning("A remembered launch cannot be read: %s", error.code)
            return None
        if launch is None:
            logger.warning("A remembered launch is not as this tool kept it; somebody else may write to the storage.")
            return None
        return launch if self._clock.now() < launch.opened_at + self._lifetime else None


def _opened(text: str, launch_id: str, secrets_of: SecretsOf) -> RememberedLaunch | None:
    """The launch that `text` stands for; None when it is not what `remember` wrote under that id."""
    signed, _, signature = text.encode(errors="replace").rpartition(b".")
    about, _, payload = signed.partition(b".")
    claimed = _read(about)
    issuer, client_id = claimed.get("issuer"), claimed.get("client_id")
    if not isinstance(issuer, str) or not isinstance(client_id, str):
        return None
    signatures = (_signature(signed, secret) for secret in secrets_of(issuer, client_id))
    if not any(hmac.compare_digest(one, signature) for one in signatures):
        return None
    if (claimed.get("kind"), claimed.get("id")) != (_KIND, launch_id):
        return None
    kept: Mapping[str, Any] = claimed  # this tool wrote it
    return RememberedLaunch(
        issuer=issuer,
        client_id=client_id,
        payload=payload.decode(),
        target_link_uri=kept["target_link_uri"],
        browser=kept["browser"],
        opened_at=datetime.fromtimestamp(kept["opened_at"], UTC),
    )


def _read(about: bytes) -> Mapping[str, object]:
    """The first part as somebody wrote it; empty when it cannot be read."""
    try:
        read = read_json(_decoded(about).decode())
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _decoded(part: bytes) -> bytes:
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _signature(signed: bytes, secret: bytes) -> bytes:
    return urlsafe_b64encode(mac_of(signed, secret))


def _key(launch_id: str) -> str:
    return f"launch:{launch_id}"
