"""What the page of a launch offers beside what it shows: each with its address, or with why not."""

from collections.abc import Callable, Mapping

from attrs import frozen

from lti_adapters.reference_tool.services import refuse_others, refuse_without_line_item
from lti_core.errors import AccessRefused
from lti_core.messages import LaunchMessage
from lti_core.messages.deep_linking import DeepLinkingRequest

PATHS = ("members", "groups", "lineitems", "scores", "results", "deep-link")


@frozen
class Offer:
    """One thing to do. `refusal` says why this launch does not allow it; empty where it does."""

    name: str
    address: str
    refusal: str = ""


def offers_of(launch: LaunchMessage, addresses: Mapping[str, str]) -> tuple[Offer, ...]:
    """What can be done with a launch.

    Args:
        addresses: by path, of `PATHS`.
    """
    choose = (Offer("Choose content", addresses["deep-link"]),) if isinstance(launch, DeepLinkingRequest) else ()
    return (*choose, *(Offer(name, addresses[path], _refusal(launch, ask)) for name, path, ask in _OFFERS))


def _members(launch: LaunchMessage) -> None:
    refuse_others(launch)
    launch.may.demand("read_members")


def _grades(launch: LaunchMessage) -> None:
    refuse_others(launch)
    if not launch.may.submit_scores:
        launch.may.demand("read_results")
    refuse_without_line_item(launch)


def _line_items(launch: LaunchMessage) -> None:
    launch.may.demand("list_line_items")


def _groups(launch: LaunchMessage) -> None:
    refuse_others(launch)
    launch.may.demand("read_groups")


_OFFERS: tuple[tuple[str, str, Callable[[LaunchMessage], None]], ...] = (
    ("Members", "members", _members),
    ("Grades", "results", _grades),
    ("Line items", "lineitems", _line_items),
    ("Groups", "groups", _groups),
)


def _refusal(launch: LaunchMessage, ask: Callable[[LaunchMessage], None]) -> str:
    try:
        ask(launch)
    except AccessRefused as refusal:
        return refusal.message
    return ""
