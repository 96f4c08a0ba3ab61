"""Tool: what a tool does with a platform, over the core's functions: log in, launch, remember, publish keys."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Unpack

from attrs import field, frozen

from lti_adapters.launch_addresses import launch_settings
from lti_adapters.launch_memory import Carried, LaunchMemory
from lti_adapters.outcomes import OpenedAgain, OpenedLaunch, Refusal
from lti_adapters.services.class_list import ClassList
from lti_adapters.services.client import ServiceClient
from lti_adapters.services.grades import Grades
from lti_adapters.settings import Settings
from lti_core.authentication_response import AuthenticationResponse
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import DeepLinkingResponse, Said, deep_linking_response
from lti_core.errors import InvalidValue, LaunchRefused, LtiError
from lti_core.launch import (
    Evidence,
    LaunchSettings,
    restored,
    storage_to_ask,
    use_nonce,
    verified,
    with_return,
)
from lti_core.login import AuthenticationRequest, LoginInitiation, begin_login, choose
from lti_core.messages import MESSAGE_TYPES, LaunchMessage, MessageType
from lti_core.messages.message import prepare
from lti_core.parameters import Pairs
from lti_core.platform_storage import PlatformStorage
from lti_core.ports import Clock, KeyStore, NonceStore
from lti_core.registration import Registration
from lti_core.rules.rule import Warned
from lti_core.services.grant import ServiceGrant
from lti_storage.deployments import Deployments
from lti_storage.grants import Grants
from lti_storage.launches import Launches
from lti_storage.registrations import Registrations

log = logging.getLogger("lti")


@frozen(kw_only=True, eq=False)
class Tool:
    """The use cases, wired by the container.

    Attributes:
        on_refused: called with each refusal, after it was logged.
        on_new_deployment: asked when a deployment that is not listed launches for the first time, at a registration
            with `deployments` "any"; answers whether it may.
        id_opens_launches: whether the launch id alone opens a remembered launch. Only for a tool that shows nothing
            but what the id's holder knows anyway.
    """

    registrations: Registrations
    keys: KeyStore
    nonces: NonceStore
    launches: Launches
    deployments: Deployments
    clock: Clock
    services: ServiceClient
    settings: Settings
    grants: Grants
    message_types: Mapping[str, MessageType] = MESSAGE_TYPES
    on_refused: Callable[[Refusal], object] | None = None
    on_new_deployment: Callable[[Registration, str], bool] | None = None
    id_opens_launches: bool = False
    _memory: LaunchMemory = field(init=False, repr=False)

    @_memory.default
    def _new_memory(self) -> LaunchMemory:
        lifetime = self.settings.launches.lifetime
        return LaunchMemory(self.launches, self.registrations, self.keys, self.clock, lifetime, self.id_opens_launches)

    def __attrs_post_init__(self) -> None:
        prepare(self.message_types.values())

    def login(self, pairs: Pairs, *, launch_url: str, cookies: Iterable[str] = ()) -> AuthenticationRequest:
        """Answer a login initiation.

        Args:
            pairs: the parameters of the request, repeats kept.
            launch_url: the tool's launch address as the framework tells it.
            cookies: the names of the request's cookies.

        Raises:
            LoginRefused, StorageFailed, ConfigurationError: with the codes of `begin_login` and `choose`.
        """
        with self._recorded() as claimed:
            initiation = LoginInitiation.read(pairs)
            claimed.update(issuer=initiation.issuer, client_id=initiation.client_id or "")
            registration = choose(initiation, self.registrations.of_issuer(initiation.issuer))
            launch_settings = self._launch_settings(launch_url)
            going = begin_login(
                initiation,
                registration,
                self.keys,
                self.clock,
                redirect_uri=launch_settings.redirect_uri,
                target_urls=launch_settings.target_urls,
                cookies=cookies,
            )
        _log_warnings("received", going.warnings, registration.client_id)
        return going

    def launch(
        self,
        pairs: Pairs,
        *,
        launch_url: str,
        cookies: Mapping[str, str],
        origin: str = "",
        message_types: Mapping[str, MessageType] | None = None,
    ) -> OpenedLaunch | PlatformStorage:
        """Verify a launch, use it up, and remember it.

        Args:
            pairs: the fields of the posted form, repeats kept.
            launch_url: the tool's launch address as the framework tells it.
            cookies: the request's cookies.
            origin: the request's header `Origin`.
            message_types: those that the tool handles, where not all.

        Returns:
            The launch; or where a browser without the login's cookie may be known: a page of this tool asks there, and
            posts the same form again with what it was answered.

        Raises:
            LaunchRefused, StorageFailed, ConfigurationError: with the codes of `lti_core.launch`, and
                `launch.deployment_refused`.
        """
        with self._recorded() as claimed:
            response = AuthenticationResponse.read(pairs)
            claimed.update(issuer=response.state.issuer, client_id=response.state.client_id)
            registration = self._registration(response.state.issuer, response.state.client_id)
            settings = self._launch_settings(launch_url)
            try:
                message, evidence = verified(
                    response,
                    registration,
                    self.keys,
                    self.clock,
                    cookies=cookies,
                    settings=settings,
                    origin=origin,
                    message_types=self.message_types if message_types is None else message_types,
                )
            except LaunchRefused as refusal:
                if storage := self._storage_to_ask(refusal, response, registration):
                    return storage
                raise
            new = self._refuse_deployment(registration, message.deployment_id, evidence)
            use_nonce(evidence, self.nonces)
            if new:
                self.deployments.record(registration, message.deployment_id)
            return self._memory.remember(message, evidence, settings.redirect_uri, cookies)

    def remembers(self, launch_id: str) -> bool:
        """Whether it is this tool that accepted the launch of that id, where an application has several.

        Raises:
            StorageFailed: the store did not answer.
        """
        with self._recorded():
            return self._memory.recall(Carried.read(launch_id)) is not None

    def restore(
        self,
        launch_id: str,
        *,
        launch_url: str,
        cookies: Mapping[str, str],
        message_types: Mapping[str, MessageType] | None = None,
    ) -> OpenedAgain:
        """A launch that was accepted before, for a later request of the same browser.

        Args:
            launch_id: as `launch` gave it, or as this gave it for the request before.

        Raises:
            LaunchRefused: `launch.not_remembered`, `launch.browser_mismatch`, `launch.link_expired`,
                `launch.deployment_unknown`.
            StorageFailed: the store did not answer.
        """
        with self._recorded() as claimed:
            carried = Carried.read(launch_id)
            remembered = self._memory.recall(carried)
            if remembered is None:
                message = "This launch is not remembered (any more)."
                raise LaunchRefused("launch.not_remembered", message)
            claimed.update(issuer=remembered.issuer, client_id=remembered.client_id)
            self._memory.check_browser(carried, remembered, self._launch_settings(launch_url).redirect_uri, cookies)
            registration = self._registration(remembered.issuer, remembered.client_id)
            types = self.message_types if message_types is None else message_types
            launch = restored(remembered.claims(), registration, remembered.target_link_uri, types)
            if not registration.knows(launch.deployment_id):
                message = "This tool does not know the deployment any more."
                raise LaunchRefused("launch.deployment_unknown", message, "LTI 1.3 §5.3.3")
            return OpenedAgain(launch, self._memory.renewed(carried, registration))

    def deep_linking_response(
        self, launch: LaunchMessage, items: Iterable[ContentItem], *, launch_url: str, **said: Unpack[Said]
    ) -> DeepLinkingResponse:
        """Answer a deep linking request with what was picked. Its warnings are logged.

        Args:
            launch: as `launch` or `restore` gave it.
            said: messages and more, as of `lti_core.deep_linking.deep_linking_response`.

        Raises:
            AccessRefused, InvalidValue: with the codes of that function.
        """
        with self._recorded() as claimed:
            claimed.update(issuer=launch.issuer, client_id=launch.client_id)
            registration = self._registration(launch.issuer, launch.client_id)
            key, own_urls = self.keys.signing_key(registration), self._launch_settings(launch_url).target_urls
            response = deep_linking_response(launch, items, key, self.clock.now(), own_urls=own_urls, **said)
        _log_warnings("sent", response.warnings, launch.client_id)
        return response

    def grades(self, launch: LaunchMessage | ServiceGrant) -> Grades:
        """The gradebook of the course that was launched from, as far as it is this tool's. Nothing is asked yet."""
        return Grades(self.services, _grant(launch))

    def class_list(self, launch: LaunchMessage | ServiceGrant) -> ClassList:
        """The members and groups of the course that was launched from. Nothing is asked yet."""
        return ClassList(self.services, _grant(launch))

    def keep_grant(self, launch: LaunchMessage, lifetime: timedelta | None = None) -> ServiceGrant:
        """Keep what `launch` allows at the platform's services, for work without a user. The latest of a course stays.

        Args:
            lifetime: how long it is good for; None: as long as the platform lets it.

        Raises:
            InvalidValue: `grant.expiry_invalid`: the end is beyond all time.
            StorageFailed, ConfigurationError: as of `Grants`.
        """
        grant = ServiceGrant.of(launch, None if lifetime is None else self._end(lifetime))
        with self._recorded() as claimed:
            claimed.update(issuer=launch.issuer, client_id=launch.client_id)
            self.grants.keep(grant)
        return grant

    def _end(self, lifetime: timedelta) -> datetime:
        try:
            return self.clock.now() + lifetime
        except OverflowError:
            raise InvalidValue("grant.expiry_invalid", "A grant must end before the year 10000.") from None

    def public_keys(self) -> dict[str, list[Mapping[str, str]]]:
        """The tool's key set, to be published as JSON for platforms to fetch."""
        return {"keys": list(self.keys.public_keys())}

    def record(self, error: LtiError, issuer: str = "", client_id: str = "") -> None:
        """Log a refusal, without any personal data, and tell the hook."""
        log.warning("refused %s issuer=%r client_id=%r", error.code, issuer[:200], client_id[:200])
        if self.on_refused is not None:
            self.on_refused(Refusal(error, issuer, client_id))

    @contextmanager
    def _recorded(self) -> Iterator[dict[str, str]]:
        claimed: dict[str, str] = {}
        try:
            yield claimed
        except LtiError as error:
            self.record(error, **claimed)
            raise

    def _launch_settings(self, launch_url: str) -> LaunchSettings:
        tool, time = self.settings.tool, self.settings.time
        return launch_settings(launch_url, tool.url, tuple(tool.urls), time.leeway, time.oldest_token)

    def _storage_to_ask(
        self, refusal: LaunchRefused, response: AuthenticationResponse, registration: Registration
    ) -> PlatformStorage | None:
        """Where a browser without a cookie may be known all the same."""
        if refusal.code != "launch.browser_mismatch":
            return None
        return storage_to_ask(response, registration, self.keys, self.clock.now().timestamp())

    def _registration(self, issuer: str, client_id: str) -> Registration:
        registration = self.registrations.find(issuer, client_id)
        if registration is None:
            message = "This tool did not begin the login of this launch."
            raise LaunchRefused("launch.state_invalid", message)
        return registration

    def _refuse_deployment(self, registration: Registration, deployment_id: str, evidence: Evidence) -> bool:
        """Whether the deployment is new; refuse when the tool does not want it."""
        if deployment_id in registration.deployment_ids or self.deployments.knows(registration, deployment_id):
            return False
        if self.on_new_deployment is not None and not self.on_new_deployment(registration, deployment_id):
            message = "This tool does not accept launches of that deployment."
            refusal = LaunchRefused("launch.deployment_refused", message, "LTI 1.3 §5.3.3", found=deployment_id)
            raise with_return(refusal, evidence)
        return True


def _log_warnings(what: str, warnings: Iterable[Warned], client_id: str) -> None:
    for warning in warnings:
        log.warning("%s %s client_id=%r: %s", what, warning.code, client_id[:200], warning.message)


def _grant(launch: LaunchMessage | ServiceGrant) -> ServiceGrant:
    return launch if isinstance(launch, ServiceGrant) else ServiceGrant.of(launch)
