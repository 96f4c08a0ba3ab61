"""Launches that the platform began and that the tool has not answered yet. Each can be answered once."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from attrs import define, field, frozen

from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.variation import Variation

LIFETIME = timedelta(minutes=10)
MOST = 1000


@frozen(kw_only=True)
class PendingLaunch:
    """A message that waits for the tool's authentication request."""

    message: Message
    variation: Variation | None
    expires_at: datetime


@define(eq=False)
class PendingLaunches:
    """Found by the message hint: JSON text with quotes and braces, as Moodle's, so that tools learn to encode it."""

    random: Callable[[int], bytes]
    _waiting: dict[str, PendingLaunch] = field(factory=dict, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def add(self, message: Message, variation: Variation | None, now: datetime) -> str:
        """Let a launch wait.

        Returns:
            Its `lti_message_hint`.
        """
        hint = json.dumps({"launch": self.random(16).hex(), "kind": "link & more"})
        with self._lock:
            self._waiting = {name: launch for name, launch in self._waiting.items() if launch.expires_at > now}
            while len(self._waiting) >= MOST:
                del self._waiting[next(iter(self._waiting))]
            self._waiting[hint] = PendingLaunch(message=message, variation=variation, expires_at=now + LIFETIME)
        return hint

    def take(self, hint: str, login_hint: str, now: datetime) -> PendingLaunch | None:
        """The launch of that hint and that user, once; None when there is none, or no longer."""
        with self._lock:
            launch = self._waiting.get(hint)
            if launch is None or launch.expires_at <= now or launch.message.user.login != login_hint:
                return None
            return self._waiting.pop(hint)
