"""Deep linking's end: the tool's signed answer is verified, and what it brings is put into the course."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import overload

from attrs import define, field, frozen

from lti_adapters.simulator.authorization import PlatformRefused
from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.services.assertions import UsedIds
from lti_adapters.simulator.services.content_items import Item, check_items, read_items
from lti_adapters.simulator.services.response_rules import LIFE, Expected, check_token, check_trusting
from lti_adapters.simulator.services.tool_keys import ToolKeys, signed_by
from lti_adapters.simulator.services.world import World
from lti_core import claims as c
from lti_core.errors import LaunchRefused
from lti_core.tokens import Jws, take_apart

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MOST_TOKEN = 1024 * 1024
MOST_ASKED = 1000
MOST_LINKS = 1000
WAITS = timedelta(hours=12)
SPEC = "Deep Linking 2.0 §4.5"


@frozen(kw_only=True)
class Link:
    """One thing that deep linking brought.

    Attributes:
        item: the content item as the tool sent it.
        activity: what can be launched; None for things that are no link to the tool.
        line_item_id: of the line item that came with it.
    """

    id: str
    type: str
    title: str
    course_id: str
    url: str | None = None
    item: Mapping[str, object] = field(repr=False)
    activity: Activity | None = None
    line_item_id: str | None = None


@frozen(kw_only=True)
class Received:
    """A deep linking response that was accepted: what it brought, and what it said."""

    links: tuple[Link, ...] = ()
    message: str | None = None
    log: str | None = None
    error: str | None = None
    error_log: str | None = None


@define(eq=False)
class Links(Sequence[Link]):
    """What deep linking brought, oldest first; at most the last 1,000."""

    _kept: list[Link] = field(factory=list, init=False)
    _made: int = field(default=0, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def add(self, make: Callable[[int], Link]) -> Link:
        """One more; `make` is told its number."""
        with self._lock:
            self._made += 1
            link = make(self._made)
            self._kept.append(link)
            del self._kept[:-MOST_LINKS]
            return link

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, place: int) -> Link: ...
    @overload
    def __getitem__(self, place: slice) -> "list[Link]": ...
    def __getitem__(self, place: int | slice) -> "Link | list[Link]":
        return self._kept[place]

    def __iter__(self) -> Iterator[Link]:
        return iter(tuple(self._kept))


@frozen(kw_only=True)
class _Asked:
    settings: Mapping[str, object]
    course_id: str
    until: datetime


@frozen(kw_only=True, eq=False)
class DeepLinking:
    """Takes deep linking responses for requests that were made before, which are found by their return address."""

    issuer: str
    client_id: str
    launch_url: str
    keys: ToolKeys
    world: World
    links: Links = field(factory=Links)
    _asked: dict[str, _Asked] = field(factory=dict, init=False)
    _nonces: UsedIds = field(factory=UsedIds, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def expect(self, claims: Mapping[str, object]) -> None:
        """Remember a request that goes out with these claims; others than deep linking requests are passed over."""
        settings, context = claims.get(c.DEEP_LINKING_SETTINGS), claims.get(c.CONTEXT)
        return_url = settings.get("deep_link_return_url") if isinstance(settings, dict) else None
        if not isinstance(settings, dict) or not isinstance(return_url, str):
            return
        course_id = context.get("id") if isinstance(context, dict) else None
        now = self.world.clock.now()
        asked = _Asked(settings=dict(settings), course_id=str(course_id), until=now + WAITS)
        with self._lock:
            self._asked.pop(return_url, None)
            while len(self._asked) >= MOST_ASKED:
                del self._asked[next(iter(self._asked))]
            self._asked[return_url] = asked

    def receive(self, return_url: str, text: str) -> Received:
        """Accept a response that was posted to `return_url`, and put what it brings into the course.

        Raises:
            PlatformRefused: `platform.response_...`, `platform.request_unknown`.
        """
        now = self.world.clock.now()
        with self._lock:
            asked = self._asked.get(return_url)
        if asked is None or asked.until <= now:
            message = "No deep linking request named this return address, or its time is over."
            raise PlatformRefused("platform.request_unknown", message, SPEC)
        token = self._signed(text)
        claims, trusting = token.claims, self.world.profile.trusting_links
        settings = asked.settings
        expected = Expected(
            issuer=self.issuer,
            client_id=self.client_id,
            deployment_id=self.world.addresses.deployment_id,
            data=settings.get("data"),
            now=now.timestamp(),
        )
        (check_trusting if trusting else check_token)(claims, expected)
        items = read_items(claims.get(f"{DL}content_items", []))
        if not trusting:
            check_items(items, settings)
            self._use_nonce(str(claims["nonce"]), expected.now)
        links = tuple(self._added(item, asked.course_id) for item in items)
        return Received(
            links=links,
            message=_said(claims, "msg"),
            log=_said(claims, "log"),
            error=_said(claims, "errormsg"),
            error_log=_said(claims, "errorlog"),
        )

    def clear(self) -> None:
        """Take out of the course what deep linking brought."""
        for link in self.links:
            if link.line_item_id is not None:
                self.world.gradebook.delete(link.line_item_id)
        self.links.clear()
        self.world.catalogue.clear()

    def _signed(self, text: str) -> Jws:
        try:
            token = take_apart(text, MOST_TOKEN)
        except LaunchRefused as error:
            raise PlatformRefused("platform.response_malformed", error.message, SPEC) from error
        kid = token.header.get("kid")
        keys = self.keys.find(kid) if isinstance(kid, str) else ()
        if not keys:
            message = "The tool's key set has no key of the response's kid."
            raise PlatformRefused("platform.response_key_unknown", message, SPEC, found=kid)
        if not signed_by(keys, token):
            message = "The response's signature is not the tool's."
            raise PlatformRefused("platform.response_signature_wrong", message, SPEC)
        return token

    def _use_nonce(self, nonce: str, now: float) -> None:
        if not self._nonces.use(nonce, now + LIFE, now):
            message = "The response's nonce was used before."
            raise PlatformRefused("platform.response_nonce_used", message, SPEC)

    def _added(self, item: Item, course_id: str) -> Link:
        launched = item.type == "ltiResourceLink" or self.world.profile.trusting_links

        def made(number: int) -> Link:
            activity = item.activity(f"link-{number}", self.launch_url) if launched else None
            line_item_id = None
            if activity is not None:
                if item.line_item is not None:
                    members = {**item.line_item, "resourceLinkId": activity.id}
                    line_item_id = self.world.gradebook.add(course_id, members, coupled=True).id
                self.world.catalogue.add(course_id, activity)
            return Link(
                id=activity.id if activity is not None else f"item-{number}",
                type=item.type,
                title=item.title,
                course_id=course_id,
                url=item.url,
                item=item.sent,
                activity=activity,
                line_item_id=line_item_id,
            )

        return self.links.add(made)


def _said(claims: Mapping[str, object], name: str) -> str | None:
    text = claims.get(f"{DL}{name}")
    return text if isinstance(text, str) else None
