"""What a person can choose on the platform's page."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from attrs import frozen

from lti_adapters.simulator.broken import BROKEN
from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import LEARNER, Person
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.variation import Variation
from lti_core.claims import LAUNCH_PRESENTATION
from lti_core.errors import LtiError


class ChoiceUnknown(LtiError):
    """The page's form was not sent as the page shows it."""


@frozen
class Choice:
    """One entry of the list of activities: a link of the course, or another thing to do with the tool."""

    name: str
    title: str
    say: Callable[[Person], Message]
    is_link: bool = False


def choices(platform: SimulatedPlatform) -> tuple[Choice, ...]:
    """All that can be opened in the first course, what deep linking brought included."""
    links = platform.activities
    graded = (link for link in links if link.graded)
    pick = Choice("deep-linking", "Choose content (deep linking)", platform.deep_linking)
    return (*_opened(platform, links), pick, *_reviewed(platform, graded))


def _opened(platform: SimulatedPlatform, links: Iterable[Activity]) -> Iterator[Choice]:
    for link in links:
        yield Choice(link.id, link.title, partial(platform.resource_link, activity=link), is_link=True)


def _reviewed(platform: SimulatedPlatform, links: Iterable[Activity]) -> Iterator[Choice]:
    for link in links:
        say = partial(platform.submission_review, of=LEARNER, activity=link)
        yield Choice(f"review-{link.id}", f"Review {link.title} of {LEARNER.name} (submission review)", say)


def message_for(platform: SimulatedPlatform, person: Person, name: str, how: str) -> Message:
    """What `person` says by opening the entry `name` in a frame or a window.

    A broken launch is always one of a link: most of what can be wrong is wrong only there.

    Raises:
        ChoiceUnknown: `platform.activity_unknown`.
    """
    known = choices(platform)
    chosen = next((choice for choice in known if choice.name == name), None)
    if chosen is None:
        raise ChoiceUnknown("platform.activity_unknown", "There is no such activity.")
    if how == "broken" and not chosen.is_link:
        chosen = known[0]
    message = chosen.say(person)
    presentation = message.claims[LAUNCH_PRESENTATION]
    if how == "window" and isinstance(presentation, dict):
        return message.having({LAUNCH_PRESENTATION: {**presentation, "document_target": "window"}})
    return message


def person_named(platform: SimulatedPlatform, login: str) -> Person:
    """The person of that login.

    Raises:
        ChoiceUnknown: `platform.person_unknown`.
    """
    for person in platform.people:
        if person.login == login:
            return person
    raise ChoiceUnknown("platform.person_unknown", "There is no such person.")


def variation_named(name: str) -> Variation:
    """The broken launch of that name.

    Raises:
        ChoiceUnknown: `platform.broken_unknown`.
    """
    for variation in BROKEN:
        if variation.name == name:
            return variation
    raise ChoiceUnknown("platform.broken_unknown", "There is no such broken launch.")
