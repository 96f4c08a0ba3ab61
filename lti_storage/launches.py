"""Launches: verified launches, remembered so that later requests can go on with them."""

import json
import logging
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from attrs import field, frozen

from lti_core.errors import LtiError, StorageFailed
from lti_core.ports import Clock
from lti_core.tokens import is_ours, sign_ours, take_apart
from lti_storage.expiring import MAX_VALUE, ExpiringStore

SecretsOf = Callable[[str, str], tuple[bytes, ...]]

_KIND = "lti-launch"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_ID_BYTES = 32

logger = logging.getLogger(__name__)


@frozen(kw_only=True)
class RememberedLaunch:
    """What is kept of a launch: enough to make its message again.

    Attributes:
        claims: the verified claims, as the platform sent them.
        target_link_uri: where the launch leads; the login's, where the claims do not say.
        browser: the hash of the secret of the browser that launched; None when it could not be bound.
        opened_at: aware; kept in whole seconds.
    """

    issuer: str
    client_id: str
    claims: Mapping[str, object] = field(repr=False, hash=False)
    target_link_uri: str
    browser: str | None = field(repr=False)
    opened_at: datetime


@frozen
class Launches:
    """Remembered launches. They are signed: whoever can write to the store can delete one, but not make, alter,
    prolong or exchange one.

    `lifetime` counts from `opened_at`.
    """

    _store: ExpiringStore
    _clock: Clock
    _lifetime: timedelta

    def remember(self, launch: RememberedLaunch, secrets: Sequence[bytes]) -> str:
        """Keep a launch, signed with the first of the registration's `secrets`.

        Returns:
            The launch's id: 256 random bits as 43 characters of base64url.

        Raises:
            StorageFailed: the store did not answer; `storage.value_too_long`.
        """
        launch_id = token_urlsafe(_ID_BYTES)
        kept = {
            "id": launch_id,
            "issuer": launch.issuer,
            "client_id": launch.client_id,
            "claims": _packed(launch.claims),
            "target_link_uri": launch.target_link_uri,
            "browser": launch.browser,
            "opened_at": int(launch.opened_at.timestamp()),
        }
        text = sign_ours(kept, secrets[0], _KIND)
        self._store.set(_key(launch_id), text, _whole_second(launch.opened_at) + self._lifetime)
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
    jws = take_apart(text, MAX_VALUE)
    issuer, client_id = jws.claims.get("issuer"), jws.claims.get("client_id")
    if not isinstance(issuer, str) or not isinstance(client_id, str):
        return None
    if not is_ours(jws, secrets_of(issuer, client_id), _KIND) or jws.claims.get("id") != launch_id:
        return None
    kept: dict[str, Any] = jws.claims  # this tool wrote it
    return RememberedLaunch(
        issuer=issuer,
        client_id=client_id,
        claims=json.loads(b64decode(kept["claims"])),
        target_link_uri=kept["target_link_uri"],
        browser=kept["browser"],
        opened_at=datetime.fromtimestamp(kept["opened_at"], UTC),
    )


def _packed(claims: Mapping[str, object]) -> str:
    """As base64, so that neither their depth nor their alphabet brings the whole over a limit."""
    text = json.dumps(dict(claims), ensure_ascii=False, separators=(",", ":"))
    return b64encode(text.encode()).decode()


def _key(launch_id: str) -> str:
    return f"launch:{launch_id}"


def _whole_second(moment: datetime) -> datetime:
    return datetime.fromtimestamp(int(moment.timestamp()), UTC)
