"""How a tool is made to use the services of a platform: said by whoever tests it, as every tool has its own ways."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from attrs import frozen

from lti_adapters.simulator.clients import Page
from lti_adapters.simulator.people import TEACHER, Person
from lti_core.services.line_item import LineItem
from lti_core.services.scores import Score


class ClientResponse(Protocol):
    """The response of a test client, as far as it counts here."""

    @property
    def status_code(self) -> int:
        """HTTP's."""

    @property
    def text(self) -> str:
        """The body."""


Answer = TypeVar("Answer", bound=Page | ClientResponse)


class NotDone(AssertionError):  # as LtiError's kinds are named
    """The tool said that it could not do what it was asked to. `status` is that of its answer."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(f"the tool answered {status}: {text[:300]}")
        self.status = status


def done(answer: Answer) -> Answer:
    """`answer` itself, a `Page` or the response of a test client, when the tool did what it was asked to.

    Raises:
        NotDone: it did not: the status is not 2xx.
    """
    status = answer.status if isinstance(answer, Page) else answer.status_code
    if not 200 <= status < 300:
        raise NotDone(status, answer.text)
    return answer


@frozen(kw_only=True)
class EntryPoints:
    """What a tool can be made to do. Each is called with the client that launched the tool, and the page that it got.

    Where the tool answers that it could not, it raises `NotDone`, as `done` does. What a tool never does is left out.

    Attributes:
        user: who launches; it must be somebody for whom the tool does all this.
        pick: choose content, at least one link to the tool; returns the page whose form takes it to the platform.
        members: read the class list of the course; returns the ids of all.
        members_of_link: the same for the link that was launched (`rlid`).
        line_items: read the line items of the course; returns their labels.
        create_line_item: make one; its `label`, `score_maximum` and `tag` count.
        change_line_item: give the line item with this tag another label: `(client, page, tag, label)`.
        delete_line_item: delete the line item with this tag.
        submit: send a score to the line item of the link that was launched.
        results: read the results of that line item; returns the score of each user id that has one.
    """

    user: Person = TEACHER
    pick: Callable[[Any, Page], Page | ClientResponse] | None = None
    members: Callable[[Any, Page], Iterable[str]] | None = None
    members_of_link: Callable[[Any, Page], Iterable[str]] | None = None
    line_items: Callable[[Any, Page], Iterable[str]] | None = None
    create_line_item: Callable[[Any, Page, LineItem], object] | None = None
    change_line_item: Callable[[Any, Page, str, str], object] | None = None
    delete_line_item: Callable[[Any, Page, str], object] | None = None
    submit: Callable[[Any, Page, Score], object] | None = None
    results: Callable[[Any, Page], Mapping[str, float | Decimal | None]] | None = None

    def has(self, *names: str) -> bool:
        """Whether the tool can be made to do all of these."""
        return all(getattr(self, name) is not None for name in names)
