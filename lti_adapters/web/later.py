"""The launch of a later request, which carries its id."""

from collections.abc import Callable, Sequence

from attrs import frozen

from lti_adapters.web.answer import NOT_KEPT, Header
from lti_adapters.web.asked import Asked
from lti_adapters.web.mounted import Mounted
from lti_core.errors import AccessRefused
from lti_core.making import maker_of
from lti_core.messages import LaunchMessage
from lti_core.roles import Roles

IN_ADDRESS = "lti_launch"
IN_HEADER = "X-LTI-Launch"


@frozen(weakref_slot=False)
class Entered:
    """The launch of a request, and the tool that accepted it.

    Attributes:
        launch_id: what the addresses of the next pages carry, or their header `X-LTI-Launch`.
        cookies: headers of the answer to the launch itself.
    """

    mounted: Mounted
    message: LaunchMessage
    launch_id: str
    cookies: tuple[Header, ...] = ()

    @property
    def defaults(self) -> tuple[Header, ...]:
        """Headers of every answer to a request with a launch, unless it has its own.

        What a page shows is for this browser, and for this time. Where the browser keeps no cookie, a script finds
        here what its next request carries.
        """
        return (NOT_KEPT, (IN_HEADER, self.launch_id)) if "." in self.launch_id else (NOT_KEPT,)


make_entered = maker_of(Entered)


def enter(launch_id: str, tools: Sequence[Mounted], asked_of: Callable[[Mounted], Asked]) -> Entered:
    """The launch of that id, for the browser that opened it, by whichever of an application's tools remembers it.

    Args:
        launch_id: as the request carries it in `X-LTI-Launch` or `?lti_launch=`; any text, or empty.
        asked_of: the request as that tool sees it.

    Raises:
        AccessRefused: `launch.not_launched` when the request carries no launch.
        LaunchRefused, StorageFailed: as `Tool.restore`.
    """
    if not launch_id:
        refusal = AccessRefused("launch.not_launched", "This page belongs to a launch; open it from your course.")
        tools[0].tool.record(refusal)
        raise refusal
    *others, last = tools
    mounted = next((one for one in others if one.tool.remembers(launch_id)), last)
    return restored(mounted, asked_of(mounted), launch_id)


def restored(mounted: Mounted, asked: Asked, launch_id: str) -> Entered:
    """The launch of that id, accepted by that tool.

    Raises:
        LaunchRefused, StorageFailed: as `Tool.restore`.
    """
    again = mounted.tool.restore(
        launch_id, launch_url=asked.launch_url, cookies=asked.cookies(), message_types=mounted.message_types()
    )
    return make_entered(mounted, again.message, again.launch_id)


def check_questions(questions: Sequence[str]) -> None:
    """Refuse questions about roles that nobody answers, before anybody is asked.

    Raises:
        ConfigurationError: `config.role_unknown`.
    """
    for question in questions:
        Roles(()).answers(question)


def demand_role(entered: Entered, questions: Sequence[str]) -> None:
    """Refuse people of whom none of `questions` is true: "teacher", "student" ...

    Raises:
        AccessRefused: `tool.role_required`.
    """
    launch = entered.message
    if not any(launch.roles.answers(question) for question in questions):
        message = "Your role in this course does not allow that."
        refusal = AccessRefused("tool.role_required", message, expected=", ".join(questions))
        entered.mounted.tool.record(refusal, launch.issuer, launch.client_id)
        raise refusal
