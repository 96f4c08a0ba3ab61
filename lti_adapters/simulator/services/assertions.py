"""Client assertions: the signed JWTs with which a tool asks for an access token.

Source: 1EdTech Security Framework 1.0 §4.1; RFC 7523 §3.
"""

from collections.abc import Mapping
from threading import Lock

from attrs import define, field, frozen

from lti_adapters.simulator.services.answers import Refused
from lti_adapters.simulator.services.numbers import is_number
from lti_adapters.simulator.services.tool_keys import ToolKeys, signed_by
from lti_core.errors import LaunchRefused
from lti_core.tokens import Jws, take_apart

LEEWAY = 60
LONGEST_LIFE = 300  # seconds from iat to exp
MOST_IDS = 10_000

Claims = Mapping[str, object]


@define(eq=False)
class UsedIds:
    """The ids of tokens that were taken, until they expire by themselves. Where there are too many the oldest go."""

    _until: dict[str, float] = field(factory=dict, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def use(self, used: str, until: float, now: float) -> bool:
        """Remember `used`; False when it was there already."""
        with self._lock:
            if self._until.get(used, 0) > now:
                return False
            if len(self._until) >= MOST_IDS:
                self._until = {name: end for name, end in self._until.items() if end > now}
                while len(self._until) >= MOST_IDS:
                    del self._until[next(iter(self._until))]
            self._until[used] = until
            return True


@frozen(kw_only=True)
class Assertion:
    """What an assertion must be. `checks` names the claims that are looked at beside `sub`, of iss, aud, exp, jti."""

    client_id: str
    audience: str
    keys: ToolKeys
    algorithms: frozenset[str]
    checks: frozenset[str]
    used: UsedIds

    def check(self, text: str, now: float) -> None:
        """Refuse whoever cannot show that they are the tool.

        Raises:
            Refused: 400 or 401 by the profile; `error` is `invalid_request` or `invalid_client`.
        """
        try:
            token = take_apart(text)
        except LaunchRefused as error:
            raise Refused(400, "client_assertion is no JWT.", "invalid_request") from error
        subject = token.claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise Refused(400, "The assertion has no sub.", "invalid_request")
        if subject != self.client_id:
            raise _stranger("client", "sub is no client id that is registered here.")
        self._check_signature(token)
        self._check_times(token.claims, now)
        if "iss" in self.checks and token.claims.get("iss") != self.client_id:
            raise _stranger("iss", "iss must be the client id.")
        if "aud" in self.checks and not _names(token.claims.get("aud"), self.audience):
            raise _stranger("aud", f"aud must be {self.audience}.")
        if "jti" in self.checks:
            self._check_id(token.claims, now)

    def _check_signature(self, token: Jws) -> None:
        kid, algorithm = token.header.get("kid"), token.header.get("alg")
        if not isinstance(kid, str):
            raise _stranger("no-kid", "The assertion's header has no kid.")
        if not isinstance(algorithm, str) or algorithm not in self.algorithms:
            raise _stranger("algorithm", f"The algorithm must be one of {', '.join(sorted(self.algorithms))}.")
        keys = self.keys.find(kid)
        if not keys:
            raise _stranger("kid", "The tool's key set has no key of that kid.")
        if not signed_by(keys, token):
            raise _stranger("signature", "The signature is not the tool's.")

    def _check_times(self, claims: Claims, now: float) -> None:
        issued, expires = claims.get("iat"), claims.get("exp")
        demanded = "exp" in self.checks
        if is_number(expires) and expires <= now - LEEWAY:
            raise _stranger("expired", "The assertion has expired.")
        if is_number(issued) and issued > now + LEEWAY:
            raise _stranger("future", "The assertion is from the future.")
        if not demanded:
            return
        if not is_number(issued) or not is_number(expires):
            raise _stranger("times", "iat and exp must be numbers.")
        if expires - issued > LONGEST_LIFE:
            raise _stranger("times", f"The assertion must not live longer than {LONGEST_LIFE} seconds.")

    def _check_id(self, claims: Claims, now: float) -> None:
        name = claims.get("jti")
        if not isinstance(name, str) or not name:
            raise _stranger("jti", "The assertion has no jti.")
        if not self.used.use(name, now + LONGEST_LIFE + 2 * LEEWAY, now):
            raise _stranger("jti", "The assertion's jti was used before.")


def _names(found: object, audience: str) -> bool:
    return audience in found if isinstance(found, list) else found == audience


def _stranger(about: str, reason: str) -> Refused:
    return Refused(401, reason, "invalid_client", about)
