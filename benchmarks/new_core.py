"""This library's core, and the floor below it. Run as a side, with a workload file."""

import base64
import hashlib
import hmac
import json
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from benchmarks.lms import CLIENT_ID, DEPLOYMENT_ID, ISSUER, LAUNCH_URL, LOGIN_FORM, Platform
from benchmarks.side import cpu_of_each, serve
from benchmarks.stopped_clock import StoppedClock
from lti_core.authentication_response import AuthenticationResponse
from lti_core.keys import SigningKey, derive_secret, read_private_key
from lti_core.launch import LaunchSettings, accept
from lti_core.login import AuthenticationRequest, LoginInitiation, begin_login, choose
from lti_core.registration import Registration
from lti_core.rules.rule import TargetUrls
from lti_core.tokens import KeySet, VerificationKey, read_key_set


class WarmKeys:
    """A key store that has fetched and built everything."""

    def __init__(self, platform: KeySet, tool: SigningKey) -> None:
        self._platform, self._tool = platform, tool
        self._state = (derive_secret(tool.material, "state", ISSUER, CLIENT_ID),)

    def platform_keys(self, registration: Registration, kid: str) -> tuple[VerificationKey, ...]:
        return self._platform.find(kid)

    def signing_key(self, registration: Registration) -> SigningKey:
        return self._tool

    def public_keys(self) -> tuple[Any, ...]:
        return (self._tool.public,)

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        return self._state


class SetOfNonces:
    """The least that a nonce store does."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def use(self, nonce: str, expires_at: datetime, holder: str) -> bool:
        fresh = nonce not in self.used
        self.used.add(nonce)
        return fresh


class Core:
    """The core's login and launch, wired by hand. `count` launches are ready to be posted."""

    def __init__(self, platform_pem: str, tool_pem: str, now: int, count: int) -> None:
        self.now, self.count = now, count
        self.platform = Platform(platform_pem)
        self.registration = Registration(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            login_url=ISSUER + "/api/lti/authorize_redirect",
            key_set=self.platform.key_set,
            deployment_ids=[DEPLOYMENT_ID],
        )
        self.keys = WarmKeys(read_key_set(self.platform.key_set), read_private_key(tool_pem))
        self.clock = StoppedClock(now)
        self.targets = TargetUrls.of([LAUNCH_URL])
        self.settings = LaunchSettings(redirect_uri=LAUNCH_URL, target_urls=self.targets)
        self.login_fields = list(LOGIN_FORM.items())
        self.launches = [self._ready(self._begun()) for _ in range(count)]
        self.tokens = [dict(form)["id_token"] for form, _ in self.launches]

    def _begun(self) -> AuthenticationRequest:
        initiation = LoginInitiation.read(self.login_fields)
        registration = choose(initiation, (self.registration,))
        return begin_login(
            initiation, registration, self.keys, self.clock, redirect_uri=LAUNCH_URL, target_urls=self.targets
        )

    def _ready(self, begun: AuthenticationRequest) -> tuple[list[tuple[str, str]], dict[str, str]]:
        sent = dict(begun.parameters)
        token = self.platform.token(sent["nonce"], self.now)
        return [("id_token", token), ("state", sent["state"])], {begun.cookie_name: begun.cookie_value}

    def launch(self) -> float:
        """CPU seconds of one launch."""
        nonces = SetOfNonces()

        def launch(ready: tuple[list[tuple[str, str]], dict[str, str]]) -> None:
            form, cookies = ready
            response = AuthenticationResponse.read(form)
            accept(response, self.registration, self.keys, nonces, self.clock, cookies=cookies, settings=self.settings)

        return cpu_of_each(launch, self.launches)

    def launch_floor(self) -> float:
        """CPU seconds of the least that a launch can be: verify the same token, and read its JSON."""
        key, padded, digest = self.platform.public_key, padding.PKCS1v15(), hashes.SHA256()

        def verify(token: str) -> None:
            signed, _, signature = token.rpartition(".")
            key.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), padded, digest)
            header, _, claims = signed.partition(".")
            json.loads(base64.urlsafe_b64decode(header + "=="))
            json.loads(base64.urlsafe_b64decode(claims + "=="))

        return cpu_of_each(verify, self.tokens)

    def login(self) -> float:
        """CPU seconds of one login, up to the address that the browser is sent to."""
        return cpu_of_each(lambda _: self._begun().url, range(self.count))

    def login_floor(self) -> float:
        """CPU seconds of the least that a login without a store can be: random bytes, an HMAC, and an address."""
        key, state = secrets.token_bytes(32), dict(LOGIN_FORM)

        def login(_: int) -> None:
            state["nonce"] = secrets.token_urlsafe(32)
            text = json.dumps(state).encode()
            signature = hmac.digest(key, text, hashlib.sha256)
            urlencode({**state, "state": (base64.urlsafe_b64encode(text + signature)).decode()})

        return cpu_of_each(login, range(self.count))


def main(workload_file: str) -> None:
    """Serve the tasks over the launches of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    core = Core(workload["platform_pem"], workload["tool_pem"], workload["now"], workload["count"])
    serve(
        {
            "launch": core.launch,
            "launch floor": core.launch_floor,
            "login": core.login,
            "login floor": core.login_floor,
            "tokens": lambda: core.tokens,
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
