"""How the parts of a simulated platform are put together, once for each platform."""

from typing import Any

from lti_adapters.simulator.catalogue import Catalogue
from lti_adapters.simulator.launches import Launches
from lti_adapters.simulator.messages import Speaker
from lti_adapters.simulator.offered import Offer
from lti_adapters.simulator.pending import PendingLaunches
from lti_adapters.simulator.platform_settings import PlatformSettings
from lti_adapters.simulator.roster import Roster
from lti_adapters.simulator.services.addresses import Addresses
from lti_adapters.simulator.services.assertions import Assertion, UsedIds
from lti_adapters.simulator.services.deep_links import DeepLinking
from lti_adapters.simulator.services.gradebook import Gradebook
from lti_adapters.simulator.services.services import Services
from lti_adapters.simulator.services.tokens import AccessTokens, TokenEndpoint
from lti_adapters.simulator.services.tool_keys import ToolKeys
from lti_adapters.simulator.services.world import World
from lti_core.keys import read_private_key


def services_of(platform: PlatformSettings) -> Services:
    """The services, whose gradebook has the line items of all links already."""
    world = _world(platform)
    for course in platform.courses:
        for link in course.activities:
            if link.graded:
                _offer(platform, world).line_item(course, link)
    tokens = AccessTokens(platform.random)
    assertion = Assertion(
        client_id=platform.client_id,
        audience=platform.profile.audience or world.addresses.token,
        keys=_tool_keys(platform),
        algorithms=platform.profile.algorithms,
        checks=platform.profile.checks,
        used=UsedIds(),
    )
    endpoint = TokenEndpoint(
        assertion=assertion, tokens=tokens, granted=platform.scopes, lifetime=platform.access_token_lifetime
    )
    return Services(world=world, endpoint=endpoint, tokens=tokens, published=platform.keys.published)


def deep_linking_of(platform: PlatformSettings, services: Services) -> DeepLinking:
    """What takes deep linking responses."""
    return DeepLinking(
        issuer=platform.issuer,
        client_id=platform.client_id,
        launch_url=platform.launch_url,
        keys=services.endpoint.assertion.keys,
        world=services.world,
    )


def launches_of(platform: PlatformSettings, deep_linking: DeepLinking) -> Launches:
    """What begins and answers launches. Deep linking hears of those that ask for an answer."""
    return Launches(
        issuer=platform.issuer,
        client_id=platform.client_id,
        deployment_id=platform.deployment_id,
        login_url=platform.login_url,
        redirect_uris=platform.redirect_uris,
        authorization_url=platform.authorization_url,
        token_lifetime=platform.token_lifetime,
        keys=platform.keys,
        clock=platform.clock,
        pending=PendingLaunches(platform.random),
        told=deep_linking.expect,
    )


def speaker_of(platform: PlatformSettings, world: World) -> Speaker:
    """What makes messages."""
    return Speaker(
        issuer=platform.issuer,
        deployment_id=platform.deployment_id,
        launch_url=platform.launch_url,
        offer=_offer(platform, world),
        random=platform.random,
    )


def registration_of(
    platform: PlatformSettings, token_url: str, *, inline_keys: bool, private_key: str | None
) -> dict[str, Any]:
    """See `SimulatedPlatform.registration_document`."""
    registration: dict[str, Any] = {
        "default": True,
        "client_id": platform.client_id,
        "auth_login_url": platform.authorization_url,
        "auth_token_url": token_url,
        "auth_audience": platform.profile.audience,
        "key_set_url": None if inline_keys else platform.key_set_url,
        "key_set": platform.keys.published() if inline_keys else None,
        "deployment_ids": [platform.deployment_id],
    }
    if private_key is not None:
        registration["private_key"] = private_key
    return {platform.issuer: [registration]}


def _world(platform: PlatformSettings) -> World:
    first = platform.courses[0].id
    return World(
        profile=platform.profile,
        addresses=Addresses(issuer=platform.issuer, deployment_id=platform.deployment_id, paths=platform.profile.paths),
        catalogue=Catalogue(platform.courses),
        rosters={
            course.id: Roster(
                platform.people if course.people is None else course.people,
                platform.roster if course.id == first else 0,
            )
            for course in platform.courses
        },
        gradebook=Gradebook(platform.profile.line_item_id, platform.clock),
        clock=platform.clock,
    )


def _offer(platform: PlatformSettings, world: World) -> Offer:
    return Offer(
        profile=platform.profile, addresses=world.addresses, granted=platform.scopes, gradebook=world.gradebook
    )


def _tool_keys(platform: PlatformSettings) -> ToolKeys:
    """Those that were given; else the public part of the private key, which is read when it is needed."""
    if platform.tool_key_set is not None:
        return ToolKeys(platform.tool_key_set)
    return ToolKeys(lambda: {"keys": [dict(read_private_key(platform.tool_private_key).public)]})
