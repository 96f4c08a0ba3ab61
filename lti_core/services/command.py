"""What a command is: a request to a platform's service that knows how to ask, and how to read the answer. No I/O.

A command of your own needs nothing but these members; `ServiceClient` runs any of them.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import ClassVar, Generic, Protocol, TypeVar

from attrs import field, frozen

from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse

MOST_PAGES = 50_000

Result = TypeVar("Result", covariant=True)
Item = TypeVar("Item", covariant=True)


@frozen
class Repeat:
    """When a request may be sent once more.

    Attributes:
        after_silence: also when the platform may have taken it, but did not say so: no answer, 502, 503, 504. Else only
            when it surely did not: no connection, 429.
        delivered: codes of refusals that say, when a repeat meets them, that an earlier try had been taken.
    """

    after_silence: bool
    delivered: frozenset[str] = frozenset()


IDEMPOTENT = Repeat(after_silence=True)
ONCE = Repeat(after_silence=False)


class Command(Protocol[Result]):
    """A request to a service. Implemented by frozen attrs classes, whose fields are checked when one is made.

    Attributes:
        scopes: each of them suffices; the least comes first.
        repeat: when it may be sent once more.
    """

    scopes: ClassVar[tuple[str, ...]]
    repeat: ClassVar[Repeat]

    def to_request(self) -> HttpRequest:
        """The request, without the access token."""

    def read_response(self, response: HttpResponse) -> Result:
        """What the platform answered.

        Raises:
            ServiceFailed: the platform refused, or its answer cannot be read. Nothing else.
        """


@frozen
class Skipped:
    """An item of a page that could not be read, and was left out. `position` counts from 1 on its page."""

    position: int
    code: str
    problem: str


@frozen
class Page(Generic[Item]):
    """Some items of a list, and the command for the next ones.

    Attributes:
        differences: where the platform tells later what has changed since (NRPS 2.0 §2.4.2), if it does.
        skipped: what the page held besides, but could not be read.
    """

    items: tuple[Item, ...]
    next: "Command[Page[Item]] | None" = None
    differences: str | None = None
    skipped: tuple[Skipped, ...] = field(default=(), repr=False)


def follow(first: "Command[Page[Item]]", send: "Callable[[Command[Page[Item]]], Page[Item]]") -> "Iterator[Page[Item]]":
    """The pages of a list, each sent for when it is reached.

    Raises:
        ServiceFailed: what `send` raises; `service.paging_loop` when a page leads to one that was there before, or
            there are more than 50,000 of them.
    """
    seen = array("q")  # hashes of addresses, in order: eight bytes for a page, where a set takes a hundred
    command: Command[Page[Item]] | None = first
    while command is not None:
        place = hash(command.to_request().url)
        position = bisect_left(seen, place)
        if place in seen[position : position + 1] or len(seen) >= MOST_PAGES:
            message = "The platform's pages never end: one leads back to another that was there before."
            raise ServiceFailed("service.paging_loop", message, "RFC 8288", found=len(seen))
        seen.insert(position, place)
        page = send(command)
        yield page
        command = page.next
